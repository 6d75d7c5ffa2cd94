"""Fetching the next files while the ones before are checked: a log far away is read at its server's pace."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from fairnotice.translog.sources import TileSource
from fairnotice.translog.tilepaths import Tile

_WORKERS = 4
_WINDOW = 8  # files that may lie ready; a bundle has 16 MiB at most


class ReadAhead:
    """A source that begins to read the files of ``plan``, in their order, before they are asked for.

    To be used in a ``with``. A file off the plan is read when it is asked for.
    """

    def __init__(self, source: TileSource, plan: Iterator[Tile]) -> None:
        self.source = source
        self.name = source.name
        self._plan = plan
        self._ready: OrderedDict[Tile, Future[bytes]] = OrderedDict()
        self._jobs: SimpleQueue[tuple[Tile, Future[bytes]] | None] = SimpleQueue()

    def __enter__(self) -> Self:
        for _ in range(_WORKERS):
            # Daemons: a server that hangs must not keep the program from ending.
            threading.Thread(target=self._work, daemon=True).start()
        self._fill()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for future in self._ready.values():
            future.cancel()
        for _ in range(_WORKERS):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            tile, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(self.source.tile(tile))
            except BaseException as fault:  # it is raised again where the file is asked for
                future.set_exception(fault)

    def _fill(self) -> None:
        while len(self._ready) < _WINDOW and (tile := next(self._plan, None)) is not None:
            future: Future[bytes] = Future()
            self._ready[tile] = future
            self._jobs.put((tile, future))

    def checkpoint(self) -> bytes | None:
        """See :class:`~fairnotice.translog.sources.TileSource`."""
        return self.source.checkpoint()

    def tile(self, tile: Tile) -> bytes:
        """See :class:`~fairnotice.translog.sources.TileSource`."""
        future = self._ready.pop(tile, None)
        if future is None:
            return self.source.tile(tile)
        self._fill()
        return future.result()
