"""How far long work has come: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Never, Self, TextIO

if TYPE_CHECKING:
    from tqdm import tqdm

_LINE_EVERY = 10.0  # seconds


class Progress:
    """Counts towards ``total``; to be used in a ``with``. Short work away from a terminal says nothing."""

    def __init__(
        self, title: str, total: int, *, done: int = 0, unit: str = "entries", stream: TextIO | None = None
    ) -> None:
        self.title, self.total, self.done, self.unit = title, total, done, unit
        self.stream = sys.stderr if stream is None else stream
        self._said = time.monotonic()
        self._bar: tqdm[Never] | None = None

    def __enter__(self) -> Self:
        if self.stream.isatty() and self.total > self.done:
            from tqdm import tqdm  # only here: verification alone must run without it

            self._bar = tqdm(
                total=self.total,
                initial=self.done,
                desc=self.title,
                unit=f" {self.unit}",
                file=self.stream,
                leave=False,
                dynamic_ncols=True,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def advance(self, count: int) -> None:
        """``count`` more are done."""
        self.done += count
        if self._bar is not None:
            self._bar.update(count)
        elif not self.stream.isatty() and time.monotonic() - self._said >= _LINE_EVERY:
            self._said = time.monotonic()
            print(f"{self.title}: {self.done} of {self.total} {self.unit}", file=self.stream, flush=True)
