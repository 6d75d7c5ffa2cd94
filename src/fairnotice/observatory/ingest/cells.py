"""One CSV of a dump as a frame of rows: `columns.ROWS`, or only those that are asked for.

Every column is read as what it is, nothing is guessed. Columns with few different values are numbered while
they are read, and what a value becomes is worked out once for each of them. What the fast reader cannot
prove to have understood is read record by record (`salvage`), so that a fault costs the row it stands in
and no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from fairnotice.observatory import columns
from fairnotice.observatory.ingest import canonical, fast, salvage, slow
from fairnotice.observatory.ingest.salvage import Lost
from fairnotice.transparencydb import dump

#: Of each column one numbering for as long as the process lives, so that parts can be put together.
_NUMBERED: Final = {
    name: pl.Categories(f"observatory {name}")
    for name in ("version", "platform", *columns.CHOICES, *columns.LISTS)
}

SCHEMA: Final[dict[str, Any]] = {
    name: {"date": pl.Date(), "time": pl.Datetime("us"), "int": pl.Int32(), "text": pl.String()}[
        columns.type_of(name)
    ]
    for name in columns.ROWS
}
"""The types of the columns of a row, as a file of the store has them."""

WORKING: Final[dict[str, Any]] = SCHEMA | {name: pl.Categorical(known) for name, known in _NUMBERED.items()}
"""The same while a dump is read: texts with few values are numbered."""


class NoDump(Exception):
    """The bytes are no CSV of a dump; the message says why."""


@dataclass(slots=True)
class Cells:
    """What one CSV holds. `rows`: the columns asked for, typed as in `WORKING`. `texts`: `columns.TEXTS`,
    where they were asked for. `lost`: records that could not be read. `unknown`: column -> code -> rows.
    `absent`: columns of a full dump that this CSV does not have; `more`: columns that no dump had so far.
    `tolerant`: it had to be read record by record."""

    rows: pl.DataFrame
    texts: pl.DataFrame | None = None
    lost: list[Lost] = field(default_factory=list)
    unknown: dict[str, Counter[str]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    tolerant: bool = False


def read(
    data: bytes,
    day: date,
    version: str,
    wanted: Collection[str] = columns.ROWS,
    *,
    texts: bool = False,
) -> Cells:
    """The rows of a CSV (with its header). `version`: of the taxonomy, "v1" or "v2". `wanted`: columns of
    `columns.ROWS`; fewer are faster. Raises NoDump where the first line does not name a dump's columns."""
    names, start = fast.header(data)
    if not {*dump.TELLING, columns.CREATED, fast.PLATFORM}.issubset(names):
        raise NoDump("its first line does not name the columns of a dump")
    needed = _needed(wanted, texts) & set(names)
    lost: list[Lost] = []
    raw = None if texts and salvage.ESCAPED.search(data, start) else fast.fast(data, start, names, needed)
    tolerant = raw is None
    if raw is None:
        raw, lost = slow.read(data, start, names, needed)
    found = Cells(
        pl.DataFrame(),
        lost=lost,
        absent=tuple(name for name in dump.COLUMNS if name not in names),
        more=tuple(name for name in names if name not in dump.COLUMNS),
        tolerant=tolerant,
    )
    found.rows = _Rows(raw, day, version, found.unknown).frame(wanted)
    if texts:
        found.texts = raw.select(
            pl.col(name) if name in raw.columns else pl.repeat(None, pl.len(), dtype=pl.String()).alias(name)
            for name in columns.TEXTS
        )
    return found


def _needed(wanted: Collection[str], texts: bool) -> set[str]:
    """The dump's columns that have to be read. The time always is: by it a record is known to be whole."""
    needed = {name for name in wanted if name in fast.CODED} | {columns.CREATED}
    if "platform" in wanted:
        needed.add(fast.PLATFORM)
    if columns.SAID in wanted:
        needed.update(columns.SAID_OF)
    if columns.ODD in wanted:
        needed.update(columns.DATES, {fast.PLATFORM})
    return needed | set(columns.TEXTS) if texts else needed


class _Rows:
    """The columns of rows, made from those of the dump: first what each different cell becomes, then all
    columns at once."""

    def __init__(self, raw: pl.DataFrame, day: date, version: str, unknown: dict[str, Counter[str]]) -> None:
        self._raw, self._day, self._version, self._unknown = raw, day, version, unknown
        self._odd: list[pl.Expr] = []
        coded = [name for name, kind in raw.schema.items() if isinstance(kind, pl.Categorical)]
        highest = raw.select(pl.col(name).to_physical().max() for name in coded)
        self._highest = highest.row(0, named=True) if coded else {}

    def frame(self, wanted: Collection[str]) -> pl.DataFrame:
        """In the order of `columns.ROWS`."""
        made = {name: self._column(name) for name in columns.ROWS if name in wanted and name != columns.ODD}
        if columns.ODD in wanted:
            for name in (columns.CREATED, *columns.DATES):
                if name not in made:
                    self._column(name)
            made[columns.ODD] = self._oddities()
        if not made:
            return pl.DataFrame(height=self._raw.height)
        return self._raw.select(found.alias(name) for name, found in made.items())

    def _column(self, name: str) -> pl.Expr:
        if name == "day":
            return pl.repeat(self._day, pl.len(), dtype=pl.Date())
        if name == "version":
            return pl.repeat(self._version, pl.len(), dtype=pl.String()).cast(WORKING[name])
        if name == "platform":
            return self._by_value(fast.PLATFORM, name, lambda cell: cell or None)
        if name == columns.CREATED:
            return self._time()
        if name == columns.SAID:
            return self._said()
        if name not in self._raw.columns:
            return _none(name)
        if name in columns.DATES:
            return self._date(name)
        return self._codes(name, canonical.several if name in columns.LISTS else canonical.choice)

    def _by_value(self, column: str, name: str, value: Callable[[str], Any]) -> pl.Expr:
        highest = self._highest[column]
        if highest is None:
            return _none(name)
        numbers = pl.Series(column, range(highest + 1), dtype=pl.UInt32)
        cells = numbers.cat.to(self._raw.schema[column]).cast(pl.String).to_list()
        plain = pl.Series(name, [value(cell) for cell in cells], dtype=_plain_type(name))
        # An empty cell has no number; it is nothing everywhere.
        return pl.lit(plain.cast(WORKING[name])).gather(pl.col(column).to_physical())

    def _codes(self, name: str, read_cell: Callable[[str, str, str], canonical.Codes]) -> pl.Expr:
        def value(cell: str) -> str | None:
            found = read_cell(cell, name, self._version)
            if found.unknown:
                strange[cell] = found.unknown
            return found.value

        strange: dict[str, tuple[str, ...]] = {}
        made = self._by_value(name, name, value)
        if strange:
            cells = self._raw[name].cast(pl.String)
            counted = self._unknown.setdefault(name, Counter())
            for cell, times in cells.filter(cells.is_in(list(strange))).value_counts().iter_rows():
                for code in strange[cell]:
                    counted[code] += times
        return made

    def _date(self, name: str) -> pl.Expr:
        def value(cell: str) -> date | None:
            found, left = canonical.day_of(cell)
            if left is not None:
                strange[cell] = f"{name}={left}"
            return found

        strange: dict[str, str] = {}
        made = self._by_value(name, name, value)
        if strange:
            self._odd.append(_told(pl.col(name).cast(pl.String), strange))
        return made

    def _time(self) -> pl.Expr:
        cells = self._raw[columns.CREATED]
        if cells.dtype != pl.String:
            return pl.col(columns.CREATED)
        times = fast.times(cells)
        unread = cells.filter(times.is_null() & (cells != "")).unique().to_list()
        if unread:
            strange = {cell: f"{columns.CREATED}={canonical.odd(cell)}" for cell in unread}
            self._odd.append(_told(pl.col(columns.CREATED), strange))
        return pl.lit(times)

    def _said(self) -> pl.Expr:
        if columns.SAID in self._raw.columns:
            return pl.col(columns.SAID)
        bits = [
            (pl.col(name) != "").cast(pl.Int32) * (1 << place)
            for place, name in enumerate(columns.SAID_OF)
            if name in self._raw.columns
        ]
        return pl.sum_horizontal(bits).cast(pl.Int32) if bits else pl.repeat(0, pl.len(), dtype=pl.Int32())

    def _oddities(self) -> pl.Expr:
        if not self._odd:
            return _none(columns.ODD)
        joined = pl.concat_str(self._odd, separator=columns.SEPARATOR, ignore_nulls=True)
        return pl.when(pl.any_horizontal(odd.is_not_null() for odd in self._odd)).then(joined)


def _told(cells: pl.Expr, strange: dict[str, str]) -> pl.Expr:
    return cells.replace_strict(strange, default=None, return_dtype=pl.String)


def _none(name: str) -> pl.Expr:
    return pl.repeat(None, pl.len(), dtype=_plain_type(name)).cast(WORKING[name])


def _plain_type(name: str) -> Any:
    """The type of a column's values before they are numbered."""
    return pl.String() if name in _NUMBERED else WORKING[name]


def empty(wanted: Sequence[str] = columns.ROWS) -> pl.DataFrame:
    """No rows, with the columns asked for."""
    return pl.DataFrame(schema={name: WORKING[name] for name in columns.ROWS if name in wanted})
