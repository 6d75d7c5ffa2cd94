"""The columns of a dump, and how polars answers what rules ask of them.

A column of few distinct values (codes, lists, dates) is answered by asking the plain function once for each
value. Texts are measured by polars, and only those in which a pattern sees anything are read by the plain
function. So the engines cannot disagree about what a value means.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fairnotice.transparencydb import dump, values
from fairnotice.transparencydb.predicates import Ask, Number
from fairnotice.transparencydb.schema import SCHEMAS

# Answers remembered for each column; then it begins anew.
_MOST_REMEMBERED: Final = 1 << 17
_PUID = r"\A[a-zA-Z0-9_-]+\z"
SEED: Final = int.from_bytes(os.urandom(7), "big")
"""Makes the numbers by which texts are told apart such that nobody outside can foresee them."""

Ints = NDArray[np.int64]


def is_text(field: str) -> bool:
    found = SCHEMAS["v2"].fields[field]
    return found.free or field == "puid"


def _name(leaf: Ask | Number) -> str:
    return f"{leaf.field}: {leaf.name}"


def blank(column: pl.Expr) -> pl.Expr:
    return column.str.strip_chars(values.BLANKS) == ""


def codes_of(column: str) -> pl.Expr:
    """A number for each distinct cell."""
    return pl.col(column).cast(pl.Categorical(pl.Categories.random())).to_physical()


def _size(codes: pl.Series) -> int:
    highest = codes.max()
    return highest + 1 if isinstance(highest, int) else 1


def by_value(cells: pl.Series, answer: Callable[[str], int]) -> Ints:
    """The answer for each cell, asked once for each distinct one."""
    codes = cells.to_frame().select(codes_of(cells.name)).to_series()
    firsts = codes.arg_unique()
    answers = np.zeros(_size(codes), dtype=np.int64)
    answers[codes.gather(firsts).to_numpy()] = [answer(cell) for cell in cells.gather(firsts).to_list()]
    found: Ints = answers[codes.to_numpy()]
    return found


class Values:
    """A column of few distinct values. Answers are bits of one number; each measured number has its own."""

    def __init__(self, field: str, column: str) -> None:
        self.field, self.column = field, column
        self._asks: list[Ask] = []
        self._numbers: list[Number] = []
        self._remembered: dict[str, tuple[int, ...]] = {}

    def take(self, leaf: Ask | Number) -> None:
        """From now on this is answered too."""
        if isinstance(leaf, Ask):
            if leaf not in self._asks:
                self._asks.append(leaf)
        elif leaf not in self._numbers:
            self._numbers.append(leaf)

    def expression(self, leaf: Ask | Number) -> pl.Expr:
        """The answer, read from the columns that `answers` makes."""
        if isinstance(leaf, Number):
            return pl.col(f"{self.field} {self._numbers.index(leaf)}")
        return (pl.col(self.field) & (1 << self._asks.index(leaf))) != 0

    def answers(self, cells: pl.Series, codes: pl.Series) -> Iterator[pl.Series]:
        """The columns of bits and numbers. `codes`: a number for each distinct cell."""
        index = codes.to_numpy()
        # The first row of each distinct cell: of those that are written to one place the last stays.
        firsts = np.zeros(_size(codes), dtype=np.uint32)
        firsts[index[::-1]] = np.arange(len(index) - 1, -1, -1, dtype=np.uint32)
        known = [self._answer(cell) for cell in cells.gather(firsts).to_list()]
        table = np.array(known, dtype=np.int64).T.reshape(1 + len(self._numbers), -1)
        yield pl.Series(self.field, table[0][index])
        for place, row in enumerate(table[1:]):
            yield pl.Series(f"{self.field} {place}", row[index])

    def _answer(self, cell: str) -> tuple[int, ...]:
        found = self._remembered.get(cell)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            value = dump.reader_of(self.field)(cell)
            found = (_bits(self._asks, value), *(number.measure(value) for number in self._numbers))
            self._remembered[cell] = found
        return found


class Texts:
    """A column of texts, most of them different."""

    def __init__(self, field: str, column: str) -> None:
        self.field, self.column = field, column
        self._native: dict[Ask, pl.Expr] = {}
        # Asked in Python, those with the same hint and `unless` together.
        self._asks: dict[tuple[str, str], list[Ask]] = {}

    def take(self, leaf: Ask | Number) -> None:
        """From now on this is answered too."""
        if isinstance(leaf, Number):
            raise TypeError("no number is measured of a text")
        native = _native(leaf, pl.col(self.column))
        if native is not None:
            self._native[leaf] = native
        elif leaf not in self._asks.setdefault((leaf.hint, leaf.unless), []):
            self._asks[leaf.hint, leaf.unless].append(leaf)

    def expression(self, leaf: Ask | Number) -> pl.Expr:
        """The answer, read from the columns that `native` and `answers` make."""
        for place, asks in enumerate(self._asks.values()):
            if leaf in asks:
                return (pl.col(f"{self.field} {place}") & (1 << asks.index(leaf))) != 0
        return pl.col(_name(leaf))

    def native(self, most: int) -> Iterator[pl.Expr]:
        """What polars answers itself, for a block whose longest cell has `most` bytes."""
        for ask, found in self._native.items():
            yield _known(ask, most, found).alias(_name(ask))

    def answers(self, cells: pl.Series, most: int) -> Iterator[pl.Series]:
        """The columns of bits, one for each hint. A hint is looked for once in each distinct text, told
        apart by a number of 64 bits."""
        numbers, distinct = pl.Series(dtype=pl.UInt64), pl.DataFrame()
        if most:
            numbers = cells.hash(seed=SEED)
            firsts = numbers.arg_unique()
            distinct = pl.DataFrame(
                [cells.gather(firsts).alias("text"), numbers.gather(firsts).alias("number")]
            )
        for place, ((hint, unless), asks) in enumerate(self._asks.items()):
            found = np.zeros(cells.len(), dtype=np.int64)
            if most:
                text = pl.col("text").str
                hinted = distinct.filter(
                    text.contains(hint) & ~(text.contains(unless) if unless else pl.lit(False))
                )
                if hinted.height:
                    places = numbers.is_in(hinted["number"].implode()).arg_true()
                    found[places.to_numpy()] = self._ask(asks, cells.gather(places).to_list())
            yield pl.Series(f"{self.field} {place}", found)

    def _ask(self, asks: list[Ask], cells: list[str]) -> list[int]:
        read_cell = dump.reader_of(self.field)
        seen = {cell: _bits(asks, read_cell(cell)) for cell in set(cells)}
        return [seen[cell] for cell in cells]


def _bits(asks: list[Ask], value: object) -> int:
    return sum(ask.question(value) << place for place, ask in enumerate(asks))


def _known(ask: Ask, most: int, found: pl.Expr) -> pl.Expr:
    """The answer where the longest cell of a block tells it already, otherwise what finds it."""
    if not most:
        return pl.repeat(ask.name == "missing", pl.len())
    if ask.name.startswith("longer than ") and most <= int(ask.name.split()[-1]):
        return pl.repeat(False, pl.len())
    return found


def _native(ask: Ask, column: pl.Expr) -> pl.Expr | None:
    """The same question in the words of polars, where it has them."""
    match ask.name.split():
        case ["missing"]:
            return blank(column)
        case ["wrong", "type"]:
            return column.is_null()  # a cell is a text always
        case ["longer", "than", number]:
            return column.str.len_chars() > int(number)
        case ["the", "word", "null"]:
            return column == "null"
        case ["bad", "shape"] if ask.field == "puid":
            return ~blank(column) & ~column.str.contains(_PUID)
    return None
