"""A CSV of a dump in which something is amiss, read without losing what is not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import polars as pl

from fairnotice.observatory import columns
from fairnotice.observatory.ingest import fast, salvage
from fairnotice.observatory.ingest.salvage import Lost


def read(
    data: bytes, start: int, names: tuple[str, ...], needed: Collection[str]
) -> tuple[pl.DataFrame, list[Lost]]:
    """The needed columns, in the order of the records and as `fast` gives them but with the time as a text;
    and the records that could not be read. `start`: where the first one begins."""
    return _Slow(data, start, names, needed).all()


class _Slow:
    """A CSV in which something is amiss: the fast reader reads all stretches in which nothing is, and what is
    left is looked at record by record."""

    _STRETCH: Final = 2048

    def __init__(self, data: bytes, start: int, names: tuple[str, ...], needed: Collection[str]) -> None:
        self._head, self._names, self._needed = data[:start].rstrip(b"\r\n") + b"\n", names, needed
        self._places = [place for place, name in enumerate(names) if name in needed]
        self._kept: list[list[str]] = [[] for _ in self._places]
        self._frames: list[pl.DataFrame] = []
        # The places of the records in `_frames`, and of those in `_kept`: they come out in their own order.
        self._fast_rows: list[int] = []
        self._slow_rows: list[int] = []
        self._lost: list[Lost] = []
        self._records = list(enumerate(salvage.pieces(data[start:], names), 1))

    def all(self) -> tuple[pl.DataFrame, list[Lost]]:
        sound = []
        for row, raw in self._records:
            if salvage.doubtful(raw):
                self._one(row, raw)
            else:
                sound.append((row, raw))
        if not self._together(sound):
            for at in range(0, len(sound), self._STRETCH):
                stretch = sound[at : at + self._STRETCH]
                if not self._together(stretch):
                    for row, raw in stretch:
                        self._one(row, raw)
        return self._frame(), sorted(self._lost, key=lambda lost: lost.row)

    def _together(self, records: list[tuple[int, bytes]]) -> bool:
        data = self._head + b"\n".join([raw for _, raw in records])
        frame = fast.plain(data, len(self._head), self._names, self._needed)
        if frame is None or frame.height != len(records):
            return False
        self._frames.append(frame)
        self._fast_rows += [row for row, _ in records]
        return True

    def _one(self, row: int, raw: bytes) -> None:
        found = salvage.one(raw, self._names)
        if isinstance(found, str):
            self._lost.append(Lost(row, found, raw))
            return
        self._slow_rows.append(row)
        for column, place in zip(self._kept, self._places, strict=True):
            column.append(found[place])

    def _frame(self) -> pl.DataFrame:
        """All records as texts and numbered anew, since each frame has a numbering of its own."""
        names = [self._names[place] for place in self._places]
        read = dict(zip(names, self._kept, strict=True))
        alone = pl.DataFrame(read, schema=dict.fromkeys(names, pl.String))
        plain = [frame.with_columns(_as_text(frame)) for frame in self._frames]
        order = np.argsort(np.array([*self._fast_rows, *self._slow_rows], dtype=np.int64), kind="stable")
        whole = pl.concat([*plain, alone])[order]
        return whole.cast(
            {name: fast.raw_type(name) for name in names if name in {*fast.CODED, fast.PLATFORM}}
        )


def _as_text(frame: pl.DataFrame) -> list[pl.Expr]:
    coded = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Categorical)]
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in coded]
    return [*texts, pl.col(columns.CREATED).dt.strftime(fast.TIME)]
