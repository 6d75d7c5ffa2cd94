"""From counts to an answer: what engines leave to do, in plain Python, so that it is the same for all. Pure.

An engine counts statements by whole columns. Here combinations of codes are taken apart, days become weeks
and months, and distributions of delays become medians: whole numbers all through, so no order matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fairnotice.observatory import columns
from fairnotice.observatory.question import EACH, PERIODS, Question
from fairnotice.observatory.result import Cell

FIGURES: Final = ("statements", "negative", "median", "p90", "mean")
"""What a delay answers."""


@dataclass(frozen=True, slots=True)
class Folded:
    """`columns` and `rows` as in `Result`. `asked`: statements that the question is about; `without`: how
    many of them have no value for its measure; `groups`: rows before `top` cut them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    asked: int
    without: int
    groups: int


def keys_of(question: Question) -> tuple[str, ...]:
    """The columns that an engine has to count by, each once."""
    names = [base(name) for name in question.by]
    if question.measure != "statements":
        names.append(question.measure)
    return tuple(dict.fromkeys(names))


def base(name: str) -> str:
    """The column that a dimension is made of."""
    return "day" if name in PERIODS else name.removesuffix(EACH)


def period(name: str, day: date) -> date:
    """The day itself, the Monday of its week, the first of its month, the first of its year."""
    if name == "week":
        return day - timedelta(days=day.weekday())
    if name == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if name == "year" else day


def pieces(text: Cell) -> tuple[Cell, ...]:
    """The codes of a combination; (None,) where there is none."""
    return tuple(text.split(columns.SEPARATOR)) if isinstance(text, str) else (text,)


def fold(question: Question, counted: Iterable[Sequence[Any]]) -> Folded:
    """The answer. `counted`: values of `keys_of(question)`, then how many statements have them; the same
    values may come several times, in any order."""
    keys = keys_of(question)
    measured = question.measure != "statements"
    at = keys.index(question.measure) if measured else -1
    groups: dict[tuple[Cell, ...], dict[Cell, int]] = {}
    asked = without = 0
    dims = list(_dimensions(question, keys))
    for row in counted:
        count = int(row[-1] or 0)
        if not count:
            continue
        asked += count
        value = row[at] if measured else None
        if measured and value is None:
            without += count
            continue
        for group in _groups(dims, row):
            into = groups.setdefault(group, {})
            into[value] = into.get(value, 0) + count
    if not question.by and not groups:
        groups[()] = {}
    found = list(_rows(question, groups))
    names = _names(question)
    at_count = names.index("statements", len(question.by))
    # The figures behind the count may be of kinds that cannot be compared; what stands before it is unique.
    found.sort(key=lambda row: _in_order(row[:at_count]))
    if question.top is not None:
        found.sort(key=lambda row: -_number(row[at_count]))
    return Folded(names, tuple(found[: question.top]), asked, without, len(found))


def figures(spread: Mapping[Cell, int]) -> tuple[Cell, ...]:
    """FIGURES of whole days -> how many. Median and p90 are the value at rank ceil(n / 2) and ceil(9 n / 10)
    of those from zero on: a number of days that occurs, never one between two."""
    every = sorted((int(days), count) for days, count in spread.items() if isinstance(days, int))
    negative = sum(count for days, count in every if days < 0)
    counting = [(days, count) for days, count in every if days >= 0]
    whole = sum(count for _days, count in counting)
    if not whole:
        return negative, negative, None, None, None
    mean = sum(days * count for days, count in counting) / whole
    return whole + negative, negative, _rank(counting, whole, 1, 2), _rank(counting, whole, 9, 10), mean


def _rank(counting: Sequence[tuple[int, int]], whole: int, part: int, of: int) -> int:
    rank, passed = -(-whole * part // of), 0
    for days, count in counting:
        passed += count
        if passed >= rank:
            return days
    raise AssertionError("a rank is never above the number of values")


_Maker = tuple[int, Callable[[Any], Cell] | None, bool]


def _dimensions(question: Question, keys: Sequence[str]) -> Iterator[_Maker]:
    """For each dimension: where its column stands, what makes it of that, whether it is taken apart."""
    for name in question.by:
        place = keys.index(base(name))
        if name in PERIODS:
            yield place, _period_of(name), False
        else:
            yield place, None, name.endswith(EACH)


def _period_of(name: str) -> Callable[[date], date]:
    known: dict[date, date] = {}

    def of(day: date) -> date:
        if day not in known:
            known[day] = period(name, day)
        return known[day]

    return of


def _groups(dims: Sequence[_Maker], row: Sequence[Any]) -> Iterator[tuple[Cell, ...]]:
    whole = [row[place] if make is None else make(row[place]) for place, make, _each in dims]
    apart = next((number for number, (_place, _make, each) in enumerate(dims) if each), None)
    if apart is None:
        yield tuple(whole)
        return
    for piece in pieces(whole[apart]):
        whole[apart] = piece
        yield tuple(whole)


def _rows(
    question: Question, groups: Mapping[tuple[Cell, ...], Mapping[Cell, int]]
) -> Iterator[tuple[Cell, ...]]:
    for group, spread in groups.items():
        if question.measure in columns.DELAYS:
            yield (*group, *figures(spread))
        elif question.measure == columns.PER_SECOND and columns.PER_SECOND not in question.by:
            yield from ((*group, value, count) for value, count in spread.items())
        else:
            yield (*group, sum(spread.values()))


def _names(question: Question) -> tuple[str, ...]:
    if question.measure in columns.DELAYS:
        return (*question.by, *FIGURES)
    if question.measure == columns.PER_SECOND and columns.PER_SECOND not in question.by:
        return (*question.by, columns.PER_SECOND, "statements")
    return (*question.by, "statements")


def _number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _in_order(row: Sequence[Cell]) -> tuple[tuple[bool, Any], ...]:
    """By the dimensions, what says nothing last."""
    return tuple((cell is None, "" if cell is None else cell) for cell in row)
