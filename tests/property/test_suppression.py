"""Nothing that is published gives a small figure away: not alone, not added up, not by its neighbours, not by a
reader who knows the program.

What is published is taken for what it is: equations over whole numbers that are not negative. For each small cell
that is not shown, other numbers are found that solve all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.cases.queries import statistics_public
from fairnotice.cases.queries.statistics import Counts
from fairnotice.cases.queries.statistics_public import Period, Released
from fairnotice.law import suppression
from fairnotice.law.suppression import FEW, OTHERS, Table, one_way, spans, two_way

MONTHS = ("2026-01", "2026-02", "2026-03")
QUARTER = Period(2026, 1, 3)
SIDES = {"category": "abcde", "source": "pqr", "language": "uvwxyz"}
DIMS = ("month", "category", "source", "language", "step")
Person = tuple[str, ...]
# A published figure: part -> the values it covers, and the number.
Figure = tuple[dict[str, frozenset[str]], int]


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    """Some hundreds of things in few cells, so that small ones lie beside large ones."""
    found: list[Person] = []
    for _ in range(draw(st.integers(1, 14))):
        one = (
            draw(st.sampled_from(MONTHS)),
            *(draw(st.sampled_from(values)) for values in SIDES.values()),
            str(draw(st.integers(0, 11))),
        )
        found += [one] * draw(st.sampled_from([1, 2, 5, 9, 10, 11, 30]))
    return found


def released(found: Sequence[Person]) -> Released:
    return statistics_public.released(Counts(DIMS, Counter(found)), QUARTER, tuple(SIDES))


def figures(of: Released, everybody: Sequence[Person]) -> Iterator[Figure]:
    """All numbers that are published about a period."""
    if of.total is None:
        return
    yield {}, of.total
    for dim, table in of.tables.items():
        yield from _of_table(table, dim, "month", [frozenset([month]) for month in MONTHS], everybody)
    if of.took is not None:
        groups = [frozenset(str(step) for step in range(*group)) for group in of.took.groups]
        yield from _of_table(of.took.table, "category", "step", groups, everybody)


def _of_table(
    table: Table, dim: str, across: str, columns: list[frozenset[str]], everybody: Sequence[Person]
) -> Iterator[Figure]:
    at = DIMS.index(dim)
    others = frozenset(SIDES[dim]) - table.listed.keys()
    covers = {row.key: others if row.key == OTHERS else frozenset(row.key) for row in table.rows}
    for total, column in zip(table.column_totals, columns, strict=False):
        yield {across: column}, total
    for row in table.rows:
        yield {dim: covers[row.key]}, row.total
        for cell, column in zip(row.cells or (), columns, strict=False):
            yield {dim: covers[row.key], across: column}, cell
    if table.rest:
        hidden = frozenset().union(*(covers[row.key] for row in table.rows if row.cells is None))
        for cell, column in zip(table.rest, columns, strict=True):
            yield {dim: hidden, across: column}, cell
    if OTHERS not in covers:
        yield {dim: others}, 0
    assert {person[at] for person in everybody} <= set(SIDES[dim])


def holds(figure: Figure, everybody: Sequence[Person]) -> bool:
    covers, number = figure
    places = [(DIMS.index(dim), values) for dim, values in covers.items()]
    return sum(all(one[at] in values for at, values in places) for one in everybody) == number


def small_cells(everybody: Sequence[Person]) -> Iterator[tuple[str, str, str, str, int]]:
    """(dimension, value, other dimension, value, count) of each small cell of each table, and of each small row."""
    for dim, across in (("category", "month"), ("source", "month"), ("language", "month"), ("category", "step")):
        one, other = DIMS.index(dim), DIMS.index(across)
        for (row, column), count in Counter((p[one], p[other]) for p in everybody).items():
            if suppression.small(count):
                yield dim, row, across, column, count


@given(people())
@settings(max_examples=60, deadline=None)
def test_what_is_published_is_true_and_never_small(everybody: list[Person]) -> None:
    made = released(everybody)
    shown = list(figures(made, everybody))
    assert all(holds(figure, everybody) for figure in shown)
    assert all(number == 0 or number >= FEW for _covers, number in shown)
    assert (made.total is None) == (len(everybody) < FEW)


@given(people())
@settings(max_examples=25, deadline=None)
def test_no_sum_and_no_difference_of_published_figures_is_a_small_cell(everybody: list[Person]) -> None:
    """Gauss, in fractions: the cell would have to be a combination of the published equations of all tables."""
    shown = list(figures(released(everybody), everybody))
    cells = sorted(set(everybody))
    if not shown:
        return

    def as_row(covers: dict[str, frozenset[str]]) -> list[Fraction]:
        places = [(DIMS.index(dim), values) for dim, values in covers.items()]
        return [Fraction(int(all(cell[at] in values for at, values in places))) for cell in cells]

    basis = _basis([as_row(covers) for covers, _number in shown])
    for dim, row, across, column, count in small_cells(everybody):
        # What stands alone in a shown zero-free place: known cells of a known zero were left out of `cells`.
        target = as_row({dim: frozenset([row]), across: frozenset([column])})
        assert any(_reduced(target, basis)), (dim, row, across, column, count)


def _basis(rows: list[list[Fraction]]) -> list[tuple[int, list[Fraction]]]:
    found: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        left = _reduced(row, found)
        lead = next((at for at, number in enumerate(left) if number), None)
        if lead is not None:
            found.append((lead, [number / left[lead] for number in left]))
    return found


def _reduced(row: list[Fraction], basis: list[tuple[int, list[Fraction]]]) -> list[Fraction]:
    left = list(row)
    for lead, other in basis:
        if left[lead]:
            factor = left[lead]
            left = [a - factor * b for a, b in zip(left, other, strict=True)]
    return left


@given(people())
@settings(max_examples=60, deadline=None)
def test_other_people_would_give_the_same_pages(everybody: list[Person]) -> None:
    """For each small cell of a table shown by column: swap two people's places along the tree's edge. Every published
    figure stays, and the cell is another number."""
    made = released(everybody)
    shown = list(figures(made, everybody))
    for dim, row, across, column, _count in small_cells(everybody):
        table = made.tables.get(dim) if across == "month" else made.took.table if made.took else None
        if table is None or not table.column_totals or row not in table.listed:
            continue
        swapped = _swapped(everybody, table, dim, row, across, column, made)
        assert swapped is not None, (dim, row, across, column)
        assert all(holds(figure, swapped) for figure in shown)


def _swapped(
    everybody: list[Person], table: Table, dim: str, row: str, across: str, column: str, made: Released
) -> list[Person] | None:
    """Somebody of the cell and somebody of another hidden row and another column change columns. On the one side of
    the edge hang the thing and how long it took, on the other the month and all else."""
    at, to = DIMS.index(dim), DIMS.index(across)
    hidden = {key for one in table.rows if one.cells is None for key in _members(one.key, table, dim)}
    group = _group(made, column) if across == "step" else {column}
    for first, a in enumerate(everybody):
        if a[at] != row or a[to] not in group:
            continue
        for second, b in enumerate(everybody):
            if b[at] in hidden - {row} and b[to] not in group:
                moved = {across} if across == "step" else {"month", *SIDES} - {dim}
                if dim == "category" and across == "month":
                    moved = {"month", "source", "language"}
                if across == "month" and dim != "category":
                    moved = set(DIMS) - {dim}
                other = list(everybody)
                other[first] = _with(a, b, moved)
                other[second] = _with(b, a, moved)
                return other
    return None


def _with(one: Person, other: Person, moved: set[str]) -> Person:
    return tuple(other[at] if dim in moved else one[at] for at, dim in enumerate(DIMS))


def _members(key: str, table: Table, dim: str) -> set[str]:
    return set(SIDES[dim]) - table.listed.keys() if key == OTHERS else {key}


def _group(made: Released, step: str) -> set[str]:
    assert made.took is not None
    [found] = [g for g in made.took.groups if g[0] <= int(step) < g[1]]
    return {str(one) for one in range(*found)}


TABLES = st.lists(
    st.lists(st.sampled_from([0, 0, 1, 3, 9, 10, 12, 40]), min_size=3, max_size=3), min_size=1, max_size=6
)


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_each_hidden_cell_can_be_any_of_eleven_numbers(cells: list[list[int]]) -> None:
    """The stated level of protection, shown by filling the hidden part anew for each number."""
    rows = {chr(97 + at): row for at, row in enumerate(cells)}
    table = two_way(rows)
    if table is None or not table.column_totals:
        return
    hidden = [one for one in table.rows if one.cells is None]
    true = {one.key: rows[one.key] for one in hidden if one.key != OTHERS}
    for at, one in enumerate(hidden):
        for column, rest in enumerate(table.rest):
            if one.key not in true or not suppression.small(true[one.key][column]):
                continue
            totals = [row.total for row in hidden]
            possible = [
                value for value in range(rest + 1) if _filled(totals, list(table.rest), at, column, value)
            ]
            assert true[one.key][column] in possible
            assert len(possible) > FEW and possible == list(range(possible[0], possible[-1] + 1))


def _filled(rows: list[int], columns: list[int], at: int, column: int, value: int) -> bool:
    """Whether a table with these totals and this cell exists: it is made, and added up."""
    left, down = list(rows), list(columns)
    made = [[0] * len(columns) for _ in rows]

    def put(i: int, j: int, number: int) -> None:
        made[i][j] += number
        left[i] -= number
        down[j] -= number

    if value > left[at] or value > down[column]:
        return False
    put(at, column, value)
    order = [(at, j) for j in range(len(columns)) if j != column]
    order += [(i, column) for i in range(len(rows)) if i != at]
    order += [(i, j) for i in range(len(rows)) for j in range(len(columns)) if i != at and j != column]
    for i, j in order:
        put(i, j, min(left[i], down[j]))
    return not any(left) and not any(down) and made[at][column] == value


def _grouped(published: list[tuple[object, tuple[int, ...]]]) -> dict[object, list[tuple[int, ...]]]:
    found: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for answer, cells in published:
        found[answer].append(cells)
    return found


def _vary(found: dict[object, list[tuple[int, ...]]], few: int) -> list[object]:
    """Answers from which somebody who knows the program can tell a small number."""
    return [
        answer
        for answer, alike in found.items()
        if any(
            suppression.small(alike[0][at], few) and len({cells[at] for cells in alike}) == 1
            for at in range(len(alike[0]))
        )
    ]


@pytest.mark.parametrize("few", [3, 4])
def test_whoever_knows_the_program_cannot_tell_a_small_row(few: int) -> None:
    """All there are: for every answer of the program, each small number differs among the inputs that lead to it."""
    inputs = list(product(range(2 * few + 1), repeat=4))
    found = _grouped(
        [(repr(one_way(dict(zip("abcd", cells, strict=True)), few)), cells) for cells in inputs]
    )
    assert _vary(found, few) == []


def test_whoever_knows_the_program_cannot_tell_a_small_cell() -> None:
    few = 3
    inputs = list(product(range(few + 2), repeat=6))
    found = _grouped(
        [
            (repr(two_way({"a": cells[:2], "b": cells[2:4], "c": cells[4:]}, few)), cells)
            for cells in inputs
        ]
    )
    assert _vary(found, few) == []


def test_whoever_knows_the_program_cannot_tell_a_small_step() -> None:
    few = 3
    published: list[tuple[object, tuple[int, ...]]] = []
    for cells in product(range(few + 3), repeat=5):
        groups = spans(cells, few)
        published.append((repr([(g, sum(cells[slice(*g)])) for g in groups] if groups else None), cells))
    assert _vary(_grouped(published), few) == []


@given(st.lists(st.integers(0, 15), max_size=12))
def test_joined_steps_lie_in_order_and_hold_enough(counts: list[int]) -> None:
    groups = spans(counts)
    if groups is None:
        assert suppression.small(sum(counts))
        return
    assert [at for group in groups for at in range(*group)] == list(range(len(counts)))
    assert all(not suppression.small(sum(counts[slice(*group)])) for group in groups)


def test_what_cannot_be_counted_is_refused() -> None:
    for bad in ({"a": -1}, {OTHERS: 12}):
        with pytest.raises(ValueError, match="count"):
            one_way(bad)
    for rows in ({"a": [1], "b": [1, 2]}, {"a": [-1, 20]}):
        with pytest.raises(ValueError, match="row"):
            two_way(rows)
