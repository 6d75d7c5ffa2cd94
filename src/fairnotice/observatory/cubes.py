"""The daily cubes: how many statements have the same values in the columns that people group by.

Counted part by part while a dump is read and put together at the end of a day. Needs polars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import polars as pl

from fairnotice.observatory import columns
from fairnotice.observatory.columns import COUNT, CUBES, PER_SECOND

_PACE: Final = "pace"
_TYPES: Final[dict[str, Any]] = {
    "date": pl.Date(),
    "time": pl.Datetime("us"),
    "int": pl.Int32(),
    "count": pl.Int64(),
    "text": pl.String(),
}

Cubes = dict[str, pl.DataFrame]
"""By the names of `columns.CUBES`."""


def schema(name: str) -> dict[str, Any]:
    """The columns of a cube's file and their types."""
    return {column: _TYPES[columns.type_of(column)] for column in (*CUBES[name], COUNT)}


def with_delays(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `columns.DELAYS` beside them, in whole days."""
    decision, publication = columns.DELAYS
    published = pl.col(columns.CREATED).dt.date()
    return rows.with_columns(
        (pl.col("application_date") - pl.col("content_date")).dt.total_days().cast(pl.Int32).alias(decision),
        (published - pl.col("application_date")).dt.total_days().cast(pl.Int32).alias(publication),
    )


def counted(rows: pl.DataFrame) -> Cubes:
    """The counts of some rows (`columns.ROWS`, texts numbered or not). What is counted by seconds keeps them
    until all rows of a day are there: `merged`, then `finished`."""
    timed = with_delays(rows)
    return {
        name: _plain(timed.group_by(_keys(name)).agg(pl.len().cast(pl.Int64).alias(COUNT))) for name in CUBES
    }


def merged(parts: Sequence[Cubes]) -> Cubes:
    """The counts of several parts together."""
    return {name: _together(name, (one[name] for one in parts)) for name in CUBES}


def finished(parts: Sequence[Cubes]) -> Cubes:
    """The cubes of a whole day from the counts of all its parts, typed as `schema` says, in a fixed order."""
    return {name: finished_one(name, (one[name] for one in parts)) for name in CUBES}


def finished_one(name: str, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """One of them. `parts`: its counts, of which only two are held at a time."""
    found = _together(name, parts)
    if name == _PACE:
        # Without a time that can be read, nobody knows in which second a statement came.
        pace = found.drop_nulls(columns.CREATED).rename({COUNT: PER_SECOND})
        found = pace.group_by(list(CUBES[name])).agg(pl.col(PER_SECOND).sum().alias(COUNT))
    return found.select(pl.col(column).cast(kind) for column, kind in schema(name).items()).sort(CUBES[name])


def _together(name: str, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    keys = _keys(name)
    found = pl.DataFrame(schema={column: _TYPES[columns.type_of(column)] for column in (*keys, COUNT)})
    for part in parts:
        if found.height:
            part = pl.concat([found, part]).group_by(keys).agg(pl.col(COUNT).sum())
        found = part
    return found


def cubes(rows: pl.DataFrame) -> Cubes:
    """The finished cubes of all rows of a day."""
    return finished([counted(rows)])


def _keys(name: str) -> list[str]:
    """What a part is counted by."""
    return [columns.CREATED if column == PER_SECOND else column for column in CUBES[name]]


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Numbered texts as texts, so that parts of different processes go together."""
    return frame.cast({name: _TYPES[columns.type_of(name)] for name in frame.columns})
