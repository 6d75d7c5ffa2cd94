"""Nothing that is published gives a small figure away: not alone, not added up, not by its neighbours, not by a
reader who knows the program.

What is published is taken for what it is: equations over whole numbers that are not negative. For each small cell
that is not shown, other numbers are found that solve all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
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
# A failing example here is small as it is, and making it smaller takes minutes.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
# A published figure: part -> the values it covers, and the number.
Figure = tuple[dict[str, frozenset[str]], int]


@st.composite
def people(draw: st.DrawFn) -> Counter[Person]:
    """How many things of which kind: hundreds in few cells, so that small ones lie beside large ones."""
    found: Counter[Person] = Counter()
    for _ in range(draw(st.integers(1, 14))):
        sides = (draw(st.sampled_from(values)) for values in SIDES.values())
        one = (draw(st.sampled_from(MONTHS)), *sides, str(draw(st.integers(0, 11))))
        found[one] += draw(st.sampled_from([1, 2, 5, 9, 10, 11, 30]))
    return found


def released(found: Counter[Person]) -> Released:
    return statistics_public.released(Counts(DIMS, found), QUARTER, tuple(SIDES))


def tables(of: Released) -> Iterator[tuple[Table, str, str, list[frozenset[str]]]]:
    """(table, what its rows are, what its columns are, the values of each column) of each published table."""
    for dim, table in of.tables.items():
        yield table, dim, "month", [frozenset([month]) for month in MONTHS]
    if of.took is not None:
        groups = [frozenset(str(step) for step in range(*group)) for group in of.took.groups]
        yield of.took.table, "category", "step", groups


def figures(of: Released) -> list[Figure]:
    """All numbers that are published about a period."""
    found: list[Figure] = [] if of.total is None else [({}, of.total)]
    for table in tables(of):
        found += _of_table(*table)
    return found


def members(key: str, table: Table, dim: str) -> frozenset[str]:
    """What a row stands for."""
    return frozenset(SIDES[dim]) - table.listed.keys() if key == OTHERS else frozenset([key])


def _of_table(table: Table, dim: str, across: str, columns: list[frozenset[str]]) -> Iterator[Figure]:
    shown = columns if table.column_totals else []
    yield from (({across: column}, total) for column, total in zip(shown, table.column_totals, strict=True))
    for row in table.rows:
        yield {dim: members(row.key, table, dim)}, row.total
        if row.cells is not None:
            cells = zip(shown, row.cells, strict=True)
            yield from (({dim: members(row.key, table, dim), across: column}, cell) for column, cell in cells)
    if table.rest:
        hidden = hidden_members(table, dim)
        yield from (
            ({dim: hidden, across: column}, cell) for column, cell in zip(shown, table.rest, strict=True)
        )
    if all(row.key != OTHERS for row in table.rows):
        yield {dim: members(OTHERS, table, dim)}, 0


def hidden_members(table: Table, dim: str) -> frozenset[str]:
    return frozenset[str]().union(*(members(row.key, table, dim) for row in table.rows if row.cells is None))


def count(covers: dict[str, frozenset[str]], everybody: Counter[Person]) -> int:
    places = [(DIMS.index(dim), values) for dim, values in covers.items()]
    return sum(n for one, n in everybody.items() if all(one[at] in values for at, values in places))


@given(people())
@settings(max_examples=40, deadline=None, phases=QUICK)
def test_what_is_published_is_true_and_never_small(everybody: Counter[Person]) -> None:
    made = released(everybody)
    shown = figures(made)
    assert all(count(covers, everybody) == number for covers, number in shown)
    assert all(number == 0 or number >= FEW for _covers, number in shown)
    assert (made.total is None) == (everybody.total() < FEW)


@given(people())
@settings(max_examples=25, deadline=None, phases=QUICK)
def test_no_sum_and_no_difference_of_published_figures_is_a_small_cell(everybody: Counter[Person]) -> None:
    """Gauss, in fractions: such a cell would be a combination of the published equations of its table."""
    for table, dim, across, columns in tables(released(everybody)):
        cells = [(row, value) for row in SIDES[dim] for column in columns for value in sorted(column)]

        def as_row(covers: dict[str, frozenset[str]]) -> list[Fraction]:
            rows, values = covers.get(dim), covers.get(across)  # noqa: B023 - used within this round
            return [
                Fraction(int((rows is None or r in rows) and (values is None or v in values)))
                for r, v in cells  # noqa: B023
            ]

        basis = _basis([as_row(covers) for covers, _number in _of_table(table, dim, across, columns)])
        for row in SIDES[dim]:
            for column in columns:
                covers = {dim: frozenset([row]), across: column}
                if suppression.small(count(covers, everybody)):
                    assert any(_reduced(as_row(covers), basis)), covers
            if suppression.small(count({dim: frozenset([row])}, everybody)):
                assert any(_reduced(as_row({dim: frozenset([row])}), basis)), row


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
            left = [a - factor * b if b else a for a, b in zip(left, other, strict=True)]
    return left


@given(people())
@settings(max_examples=40, deadline=None, phases=QUICK)
def test_other_people_would_give_the_same_pages(everybody: Counter[Person]) -> None:
    """All tables of a period at once. For each small cell that is hidden: somebody in it and somebody in another hidden
    row change places along the tree's edge. Every published figure stays, and the cell is another number."""
    made = released(everybody)
    shown = figures(made)
    for table, dim, across, columns in tables(made):
        if not table.column_totals:
            continue
        for row in table.listed:
            for column in columns:
                covers = {dim: frozenset([row]), across: column}
                before = count(covers, everybody)
                if suppression.small(before):
                    swapped = _swapped(everybody, covers, hidden_members(table, dim) - {row}, dim, across)
                    assert all(count(other, swapped) == number for other, number in shown)
                    assert count(covers, swapped) != before and swapped.total() == everybody.total()


def _swapped(
    everybody: Counter[Person],
    covers: dict[str, frozenset[str]],
    hidden: frozenset[str],
    dim: str,
    across: str,
) -> Counter[Person]:
    """Everything on one side of the edge between `dim` and `across` changes places. How long it took hangs on the kind
    of problem, all else on the month."""
    at, to = DIMS.index(dim), DIMS.index(across)
    row, column = covers[dim], covers[across]
    # One out of the cell, or where the other hidden rows lie in this column alone, one into it.
    one, other = next(
        (p, q)
        for out in (True, False)
        for p in everybody
        for q in everybody
        if p[at] in row and q[at] in hidden and (p[to] in column) is out and (q[to] in column) is not out
    )
    moved = {dim}
    if dim == "category":
        moved = {"category", "step"} if across == "month" else {"step"}
    found = Counter(everybody)
    found.subtract([one, other])
    found.update([_with(one, other, moved), _with(other, one, moved)])
    return found


def _with(one: Person, other: Person, moved: set[str]) -> Person:
    return tuple(other[at] if dim in moved else one[at] for at, dim in enumerate(DIMS))


TABLES = st.lists(
    st.lists(st.sampled_from([0, 0, 1, 3, 9, 10, 12, 40]), min_size=3, max_size=3), min_size=1, max_size=6
)


@given(TABLES)
@settings(max_examples=80, deadline=None, phases=QUICK)
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


def _up_to(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to spread at most so many things over so many cells: whatever has the same total is among them."""
    if not parts:
        yield ()
        return
    for first in range(total + 1):
        for rest in _up_to(total - first, parts - 1):
            yield first, *rest


@pytest.mark.parametrize("few", [3, 4])
def test_whoever_knows_the_program_cannot_tell_a_small_row(few: int) -> None:
    """All there are: for every answer of the program, each small number differs among the inputs that lead to it."""
    found = _grouped(
        [(repr(one_way(dict(zip("abcd", cells, strict=True)), few)), cells) for cells in _up_to(4 * few, 4)]
    )
    assert _vary(found, few) == []


def test_whoever_knows_the_program_cannot_tell_a_small_cell() -> None:
    few = 4
    found = _grouped(
        [
            (repr(two_way({"a": cells[:2], "b": cells[2:4], "c": cells[4:]}, few)), cells)
            for cells in _up_to(3 * few, 6)
        ]
    )
    assert len(found) > 700 and _vary(found, few) == []


def test_whoever_knows_the_program_cannot_tell_a_small_step() -> None:
    few = 3
    published: list[tuple[object, tuple[int, ...]]] = []
    for cells in _up_to(3 * few, 5):
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
