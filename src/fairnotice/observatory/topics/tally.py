"""From the rows of a result to the rows of a table: sums, shares, groups. Small and pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from statistics import median
from typing import Final

from fairnotice.law.words import gettext_noop
from fairnotice.observatory import columns
from fairnotice.observatory.question import Condition
from fairnotice.observatory.result import Cell, Result
from fairnotice.observatory.topics import labels
from fairnotice.observatory.topics.model import Head, Picture, Row, Table, Value, Words

STATEMENTS: Final = Head("statements", Words(gettext_noop("Statements")))
PLATFORM: Final = Words(gettext_noop("Platform"))
CATEGORY: Final = Words(gettext_noop("Category"))
SHARE_OF_ALL: Final = Head("share", Words(gettext_noop("Share of all")), "share")

#: More bars than that make a picture that nobody reads; bars that are cut into parts take more room.
MOST_BARS, MOST_DIVIDED, MOST_COLUMNS = 14, 7, 36


def picked(result: Result, *names: str) -> Iterator[tuple[Cell, ...]]:
    """The cells of these columns, row by row. Raises ValueError for a column that is not there."""
    places = [result.columns.index(name) for name in names]
    return (tuple(row[at] for at in places) for row in result.rows)


def counts(result: Result, name: str) -> Counter[Cell]:
    """Statements by one column, summed over the others."""
    found: Counter[Cell] = Counter()
    for cell, number in picked(result, name, columns.COUNT):
        found[cell] += whole(number)
    return found


def crossed(result: Result, row: str, column: str) -> dict[Cell, Counter[Cell]]:
    """Statements by two columns, summed over the others; the largest rows first, equal ones by name."""
    found: dict[Cell, Counter[Cell]] = {}
    for one, other, number in picked(result, row, column, columns.COUNT):
        found.setdefault(one, Counter())[other] += whole(number)
    return dict(sorted(found.items(), key=lambda item: (-item[1].total(), str(item[0]))))


def whole(cell: Cell) -> int:
    """A cell that is a count."""
    return int(cell) if isinstance(cell, int | float) else 0


def number(cell: Cell) -> float | None:
    """A cell that is a figure, or nothing."""
    return cell if isinstance(cell, int | float) else None


def share(part: float, of: float) -> float | None:
    """None where there is nothing to have a share of."""
    return part / of if of else None


def middle(values: Iterable[float | None]) -> float | None:
    """The median of those that there are."""
    found = [value for value in values if value is not None]
    return float(median(found)) if found else None


def summed(groups: Mapping[Cell, Counter[Cell]]) -> Counter[Cell]:
    """All rows together."""
    found: Counter[Cell] = Counter()
    for counted in groups.values():
        found.update(counted)
    return found


def table_of(
    groups: Mapping[Cell, Counter[Cell]],
    row: str,
    first: Words,
    heads: Sequence[Head],
    values: Callable[[Counter[Cell]], Sequence[Value]],
    *,
    picture: Picture | None = None,
    of_all: bool = True,
    together: bool = False,
    notes: Sequence[Words] = (),
) -> Table:
    """A row for each group: `values` of its counts. `together`: above several, a row for all of them.
    `of_all`: behind `statements` stands which share of all statements that is."""
    everything = summed(groups)
    total = everything.total()

    def cells(counted: Counter[Cell]) -> tuple[Value, ...]:
        size = counted.total()
        return (size, *((share(size, total),) if of_all else ()), *values(counted))

    rows = [Row(labels.code(one), labels.label(row, text(one)), cells(got)) for one, got in groups.items()]
    if together and len(rows) > 1:
        rows.insert(0, Row(labels.ALL_CODE, labels.ALL, cells(everything)))
    shown = (STATEMENTS, *((SHARE_OF_ALL,) if of_all else ()), *heads)
    return Table(first, shown, tuple(rows), picture, tuple(notes))


def text(cell: Cell) -> str | None:
    """A dimension as a text."""
    return None if cell is None else str(cell)


def binned(counted: Mapping[Cell, int], edges: Sequence[int]) -> list[int]:
    """Counts by whole numbers, put into groups: below the first edge, then from each edge to the next, the
    last one open. What is no number is left out."""
    found = [0] * (len(edges) + 1)
    for cell, size in counted.items():
        if isinstance(cell, int):
            found[sum(cell >= edge for edge in edges)] += size
    return found


def full_and_light(results: Iterable[Result]) -> tuple[set[date], set[date]]:
    """The days whose dumps have all columns, and those of which one has not."""
    inputs = [one for result in results for one in result.inputs]
    light = {one.day for one in inputs if one.kind == "light"}
    return {one.day for one in inputs} - light, light


def full_days(results: Iterable[Result]) -> tuple[Condition, ...]:
    """What leaves the full days, where there are such and light ones; otherwise nothing."""
    full, light = full_and_light(results)
    return (Condition("day", "not", tuple(sorted(map(str, light)))),) if full and light else ()
