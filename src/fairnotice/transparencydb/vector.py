"""The table of rules over blocks of rows at once, with polars (the extra `data`).

Each question of a rule about a column becomes a column of answers (`columns`), and the rule an expression
over those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import reduce
from operator import and_, or_
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fairnotice.transparencydb import check, dump
from fairnotice.transparencydb.bulk import Example, Outcome, Plain, Wanted
from fairnotice.transparencydb.columns import SEED, Ints, Texts, Values, blank, by_value, codes_of, is_text
from fairnotice.transparencydb.predicates import (
    Ask,
    Both,
    Differs,
    Either,
    Later,
    Meets,
    Not,
    Number,
    Outside,
    Predicate,
)
from fairnotice.transparencydb.reading import Bad, records
from fairnotice.transparencydb.rule import Rule
from fairnotice.transparencydb.schema import Version

# Python's reader refuses longer cells.
_LONGEST_CELL: Final = 131_072

_VERSIONS: Final[dict[str, tuple[Version, ...]]] = {"v1": ("v1",), "v2": ("v2",), "auto": ("v2", "v1")}


class Vector:
    """The engine for millions of rows. `columns`: the header of the file."""

    name = "polars"

    def __init__(self, columns: tuple[str, ...], wanted: Wanted = "auto", most_examples: int = 5) -> None:
        self._columns, self._wanted, self._most = columns, wanted, most_examples
        self._column = {field: name for name in columns if (field := dump.field_of(name))}
        self._rules = {version: check.asked(version, dump.absent(columns)) for version in _VERSIONS[wanted]}
        self._old = [ask for ask in check.USES_V1 if ask.field in self._column]
        self._fields = [
            Texts(field, name) if is_text(field) else Values(field, name)
            for field, name in self._column.items()
        ]
        leaves = [leaf for rules in self._rules.values() for rule in rules for leaf in _leaves(rule.broken)]
        for leaf in [*leaves, *self._old]:
            next(one for one in self._fields if one.field == leaf.field).take(leaf)
        answers = {one.field: one for one in self._fields}
        self._expressions = {
            version: [_expression(rule.broken, answers).alias(rule.key) for rule in rules]
            for version, rules in self._rules.items()
        }
        no = pl.repeat(False, pl.len())
        self._uses_v1 = reduce(or_, [_expression(ask, answers) for ask in self._old], no).alias("old")
        self._plain = Plain(columns, wanted, most_examples)

    def outcomes(self, pieces: Iterator[bytes]) -> Iterator[Outcome]:
        """See `bulk.Engine`. The next block is read while one is checked."""
        row = 1
        with ThreadPoolExecutor(1) as pool:

            def read_next() -> Future[tuple[bytes, pl.DataFrame | None] | None]:
                return pool.submit(self._read_next, pieces)

            ahead = read_next()
            while (found := ahead.result()) is not None:
                ahead = read_next()
                outcome = self._checked(*found, row)
                row += outcome.rows
                yield outcome

    def _read_next(self, pieces: Iterator[bytes]) -> tuple[bytes, pl.DataFrame | None] | None:
        data = next(pieces, None)
        return None if data is None else (data, read(data, self._columns))

    def block(self, data: bytes, first_row: int) -> Outcome:
        """Check one block, whose first record has this place."""
        return self._checked(data, read(data, self._columns), first_row)

    def _checked(self, data: bytes, frame: pl.DataFrame | None, first_row: int) -> Outcome:
        if frame is not None:
            rows = np.arange(first_row, first_row + frame.height, dtype=np.uint64)
            return self.frame(frame, rows)
        good: list[list[str]] = []
        places: list[int] = []
        bad: list[Bad] = []
        for row, record in enumerate(records(data, len(self._columns), first_row), first_row):
            if isinstance(record, Bad):
                bad.append(record)
            else:
                good.append(record)
                places.append(row)
        cells = list(zip(*good, strict=True)) or [()] * len(self._columns)
        schema = dict.fromkeys(self._columns, pl.String)
        frame = pl.DataFrame(dict(zip(self._columns, map(list, cells), strict=True)), schema=schema)
        outcome = self.frame(frame, np.array(places, dtype=np.uint64))
        outcome.bad = bad
        outcome.rows += len(bad)
        return outcome

    def frame(self, frame: pl.DataFrame, rows: NDArray[np.uint64]) -> Outcome:
        """Check rows that were read: a column of texts for each of the header, and the place of each row."""
        outcome = Outcome(rows=frame.height)
        for version, broken, places in self.broken(frame):
            outcome.versions[version] += broken.height
            outcome.faulty += broken.select(pl.any_horizontal(pl.all()).sum()).item()
            totals = broken.sum().row(0)
            for rule, total in zip(self._rules[version], totals, strict=True):
                if total:
                    outcome.counts[rule.key] += total
                    self._keep(
                        outcome, rule, frame, places[broken[rule.key].arg_true().head(self._most)], rows
                    )
        self._remember(outcome, frame, rows)
        return outcome

    def broken(self, frame: pl.DataFrame) -> Iterator[tuple[Version, pl.DataFrame, Ints]]:
        """For each version: whether each row of it (their places in `frame` last) breaks each rule."""
        if frame.height == 0:
            return
        answers = self._answers(frame)
        versions = self._version_of(frame, answers)
        for version, expressions in self._expressions.items():
            places = np.flatnonzero(versions == int(version[1:]))
            if len(places):
                part = answers if len(places) == frame.height else answers[places]
                yield version, part.select(expressions), places

    def _answers(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A column for everything that the rules ask."""
        few = [one for one in self._fields if isinstance(one, Values)]
        texts = [one for one in self._fields if isinstance(one, Texts)]
        codes = frame.select(codes_of(one.column) for one in few)
        lengths = frame.select(pl.col(one.column).str.len_bytes().max() for one in texts)
        # Of a file without a single column of texts nothing is measured.
        most = lengths.row(0, named=True) if texts else {}
        native = frame.select(found for one in texts for found in one.native(most[one.column]))
        columns = [series for one in few for series in one.answers(frame[one.column], codes[one.column])]
        columns += [series for one in texts for series in one.answers(frame[one.column], most[one.column])]
        return pl.DataFrame([*columns, *native])

    def _version_of(self, frame: pl.DataFrame, answers: pl.DataFrame) -> Ints:
        if self._wanted != "auto":
            return np.full(frame.height, int(self._wanted[1:]), dtype=np.int64)
        versions = np.where(answers.select(self._uses_v1)["old"].to_numpy(), 1, 2)
        if "created_at" in self._columns:
            created = by_value(frame["created_at"].str.slice(0, 10), _created)
            versions = np.where(created > 0, created, versions)
        return versions

    def _keep(
        self,
        outcome: Outcome,
        rule: Rule,
        frame: pl.DataFrame,
        places: Ints,
        rows: NDArray[np.uint64],
    ) -> None:
        examples = outcome.examples.setdefault(rule.key, [])
        cells = frame[self._column[rule.field]]
        for place in places[: self._most - len(examples)].tolist():
            value = dump.reader_of(rule.field)(cells[place])
            examples.append(Example(int(rows[place]), check.found(rule, value)))

    def _remember(self, outcome: Outcome, frame: pl.DataFrame, rows: NDArray[np.uint64]) -> None:
        if "puid" not in self._column:
            return
        puid = pl.col(self._column["puid"])
        named = [pl.col("platform_name")] if "platform_name" in self._columns else []
        number = pl.concat_str([*named, puid], separator="\0").hash(seed=SEED)
        found = frame.select(number.alias("number"), blank(puid).alias("blank"))
        given = ~found["blank"].to_numpy()
        outcome.used.frombytes(found["number"].to_numpy()[given].astype("u8").tobytes())
        outcome.used_rows.frombytes(rows[given].astype("u8").tobytes())


def read(data: bytes, columns: tuple[str, ...]) -> pl.DataFrame | None:
    """The block as texts, or None where it is anything but plain, so that Python's own reader has to say what
    it means: a record that is too short or long, a byte that is no UTF-8, a stray quotation mark."""
    if not data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return None
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            schema=dict.fromkeys(columns, pl.String),
            empty_string_is_null=False,
            missing_columns="raise",
            extra_columns="raise",
        )
    except pl.exceptions.PolarsError:
        return None
    ends = data.count(b"\n") + (not data.endswith(b"\n"))
    if frame.height != ends:
        inside = frame.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).sum())).item()
        if frame.height + inside != ends:
            return None
    longest = frame.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item()
    if (longest or 0) > _LONGEST_CELL or any(cells.null_count() for cells in frame):
        return None
    return frame if _all_whole(data, frame) else None


def _all_whole(data: bytes, frame: pl.DataFrame) -> bool:
    """Whether no row is too short: polars fills one up. The last cell of a whole row is seldom empty; where
    one is, the commas are counted."""
    last = frame.to_series(-1)
    if not (last == "").any():
        return True
    inside = frame.select(pl.sum_horizontal(pl.all().str.count_matches(",", literal=True).sum())).item()
    return bool(data.count(b",") == frame.height * (frame.width - 1) + inside)


def _leaves(predicate: Predicate) -> Iterator[Ask | Number]:
    match predicate:
        case Ask():
            yield predicate
        case Both(one, other) | Either(one, other):
            yield from _leaves(one)
            yield from _leaves(other)
        case Not(one):
            yield from _leaves(one)
        case Later(first, second) | Meets(first, second) | Differs(first, second):
            yield from (first, second)
        case Outside(first, others):
            yield from (first, *others)


def _expression(predicate: Predicate, by_field: Mapping[str, Values | Texts]) -> pl.Expr:
    """The rule over the columns of answers."""

    def of(leaf: Ask | Number) -> pl.Expr:
        return by_field[leaf.field].expression(leaf)

    match predicate:
        case Ask():
            return of(predicate)
        case Both(one, other):
            return _expression(one, by_field) & _expression(other, by_field)
        case Either(one, other):
            return _expression(one, by_field) | _expression(other, by_field)
        case Not(one):
            return ~_expression(one, by_field)
        case Later(first, second):
            return (of(first) != 0) & (of(second) != 0) & (of(first) > of(second))
        case Differs(first, second):
            return (of(first) != 0) & (of(second) != 0) & (of(first) != of(second))
        case Meets(first, second):
            return (of(first) & of(second)) != 0
        case Outside(first, others):
            return reduce(and_, [~of(other) for other in others], of(first)) != 0
    raise TypeError(f"no expression for {type(predicate).__name__}")


def _created(cell: str) -> int:
    version = check.created_version(cell)
    return int(version[1:]) if version else 0
