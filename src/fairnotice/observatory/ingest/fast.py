"""One CSV of a dump read at once: by the kernel where it was built, otherwise by polars. What cannot be
proven to have been understood is not given.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import polars as pl

from fairnotice.observatory import columns
from fairnotice.observatory.kernel import frames, scanning
from fairnotice.transparencydb import reading

CODED: Final = frozenset({*columns.DATES, *columns.CHOICES, *columns.LISTS})
PLATFORM: Final = "platform_name"
TIME: Final = "%Y-%m-%d %H:%M:%S"


def header(data: bytes) -> tuple[tuple[str, ...], int]:
    """The names of a CSV's columns, and where its first record begins."""
    end = data.find(b"\n", 0, _HEAD) + 1 or min(len(data), _HEAD)
    return reading.header(data[:end])[0], end


_HEAD: Final = 1 << 16


def fast(data: bytes, start: int, names: tuple[str, ...], needed: Collection[str]) -> pl.DataFrame | None:
    """The needed columns of a CSV whose records begin at `start`, or None where anything is not as it should
    be: then records have to be looked at one by one.

    A record that is too short or too long, or a quotation mark that is not closed, moves the time out of the
    last column; and each line break behind a quotation mark has to be the end of a record.
    """
    if names[-1] == columns.CREATED and scanning.available():
        # The kernel takes nothing for a record but what is one, and no bytes that are no UTF-8.
        kept = [name for name in names if name in needed]
        scanned = frames.frame(data, start, names, kept, {name: raw_type(name) for name in names})
        if scanned is not None:
            return scanned
    return plain(data, start, names, needed)


def plain(data: bytes, start: int, names: tuple[str, ...], needed: Collection[str]) -> pl.DataFrame | None:
    """The same by polars alone."""
    if names[-1] != columns.CREATED:
        return None
    kept = [name for name in names if name in needed]
    frame = _parsed(data, {name: raw_type(name) for name in names}, kept)
    if frame is None:
        return None
    created = frame[columns.CREATED]
    if not bool((created.str.len_bytes() == 19).all()):
        return None
    found = times(created)
    if found.null_count():
        return None
    ends = _record_ends(data, start) + (data[-1:] == b'"')
    if ends != frame.height:
        ends += data.count(b'"\r\n', start)
    if ends != frame.height and not _breaks_inside(data, start, names, frame.height):
        return None
    return frame.with_columns(found)


def times(cells: pl.Series) -> pl.Series:
    """Cells as times; null where one is none, or of a year that Python has no dates of."""
    found = cells.str.to_datetime(TIME, time_unit="us", strict=False)
    beyond = ~found.dt.year().is_between(1, 9999)
    return found.set(beyond.fill_null(False), None) if beyond.any() else found


def _parsed(data: bytes, types: dict[str, Any], kept: list[str] | None) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            data,
            has_header=True,
            schema=types,
            columns=kept,
            empty_string_is_null=False,
            extra_columns="raise",
            missing_columns="raise",
        )
    except pl.exceptions.PolarsError:
        return None


def _record_ends(data: bytes, start: int) -> int:
    """Line breaks behind a quotation mark. Counted by pairs of bytes: searching them one by one takes as long
    as all the rest."""
    count, same = 0, np.empty(_AT_ONCE // 2, dtype=bool)
    for at in range(start, len(data) - 1, _AT_ONCE):
        for first in (at, at + 1):
            many = min(_AT_ONCE, len(data) - first) // 2
            if many:
                pairs = np.frombuffer(data, "<u2", count=many, offset=first)
                count += int(np.count_nonzero(np.equal(pairs, _MARK_AND_BREAK, out=same[:many])))
    return count


_MARK_AND_BREAK: Final = 0x0A22
_AT_ONCE: Final = 1 << 18


def _breaks_inside(data: bytes, start: int, names: tuple[str, ...], height: int) -> bool:
    """Whether the line breaks that end no record stand in cells, all of them, and no record does."""
    frame = _parsed(data, dict.fromkeys(names, pl.String()), None)
    if frame is None or frame.height != height:
        return False
    inside = frame.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).sum())).item()
    lines = data.count(b"\n", start) + (not data.endswith(b"\n"))
    if frame.height + inside != lines:
        return False
    # A record that was swallowed by another's cell shows by its time, which ends it.
    swallowed = r',\\?"?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\\?"?\r?\n'
    return not frame.select(pl.any_horizontal(pl.all().str.contains(swallowed).any())).item()


def raw_type(name: str) -> Any:
    """How a column of the dump is read: numbered anew each time, or as a text."""
    if name in CODED or name == PLATFORM:
        return pl.Categorical(pl.Categories.random())
    return pl.String()
