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

import numpy as np
import polars as pl

from fairnotice.observatory import columns
from fairnotice.observatory.ingest import canonical, salvage
from fairnotice.observatory.ingest.salvage import Lost
from fairnotice.observatory.kernel import frames, scanning
from fairnotice.transparencydb import dump, reading

_COPIED: Final = frozenset({*columns.DATES, *columns.CHOICES, *columns.LISTS})
_PLATFORM: Final = "platform_name"
_TIME: Final = "%Y-%m-%d %H:%M:%S"

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
    names, start = header(data)
    if not {*dump.TELLING, columns.CREATED, _PLATFORM}.issubset(names):
        raise NoDump("its first line does not name the columns of a dump")
    needed = _needed(wanted, texts) & set(names)
    lost: list[Lost] = []
    raw = None if texts and salvage.ESCAPED.search(data, start) else fast(data, start, names, needed)
    tolerant = raw is None
    if raw is None:
        raw, lost = _Slow(data, start, names, needed).all()
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


def header(data: bytes) -> tuple[tuple[str, ...], int]:
    """The names of a CSV's columns, and where its first record begins."""
    end = data.find(b"\n", 0, _HEAD) + 1 or min(len(data), _HEAD)
    return reading.header(data[:end])[0], end


_HEAD: Final = 1 << 16


def _needed(wanted: Collection[str], texts: bool) -> set[str]:
    """The dump's columns that have to be read. The time always is: by it a record is known to be whole."""
    needed = {name for name in wanted if name in _COPIED} | {columns.CREATED}
    if "platform" in wanted:
        needed.add(_PLATFORM)
    if columns.SAID in wanted:
        needed.update(columns.SAID_OF)
    if columns.ODD in wanted:
        needed.update(columns.DATES, {_PLATFORM})
    return needed | set(columns.TEXTS) if texts else needed


def fast(data: bytes, start: int, names: tuple[str, ...], needed: Collection[str]) -> pl.DataFrame | None:
    """The needed columns of a CSV whose records begin at `start`, or None where anything is not as it should
    be: then records have to be looked at one by one.

    A record that is too short or too long, or a quotation mark that is not closed, moves the time out of the
    last column; and each line break behind a quotation mark has to be the end of a record.
    """
    types = {name: _raw_type(name) for name in names}
    kept = [name for name in names if name in needed]
    if names[-1] != columns.CREATED:
        return None
    if scanning.available():
        # The kernel takes nothing for a record but what is one.
        scanned = frames.frame(data, start, names, kept, types)
        if scanned is not None:
            return scanned
    frame = _parsed(data, types, kept)
    if frame is None:
        return None
    created = frame[columns.CREATED]
    if not bool((created.str.len_bytes() == 19).all()):
        return None
    times = created.str.to_datetime(_TIME, time_unit="us", strict=False)
    if times.null_count():
        return None
    ends = _record_ends(data, start) + (data[-1:] == b'"')
    if ends != frame.height:
        ends += data.count(b'"\r\n', start)
    if ends != frame.height and not _breaks_inside(data, start, names, frame.height):
        return None
    return frame.with_columns(times)


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


def _raw_type(name: str) -> Any:
    if name in _COPIED or name == _PLATFORM:
        return pl.Categorical(pl.Categories.random())
    return pl.String()


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
        frame = fast(data, len(self._head), self._names, self._needed)
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
        return whole.cast({name: _raw_type(name) for name in names if name in {*_COPIED, _PLATFORM}})


def _as_text(frame: pl.DataFrame) -> list[pl.Expr]:
    coded = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Categorical)]
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in coded]
    return [*texts, pl.col(columns.CREATED).dt.strftime(_TIME)]


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
            return self._by_value(_PLATFORM, name, lambda cell: cell or None)
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
        times = cells.str.to_datetime(_TIME, time_unit="us", strict=False)
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
