"""Small cells: which figures of a table may be shown, so that none below ten can be worked out.

A small figure can point at somebody: one notice in a rare language, in one month, is one person. So no
published figure is 1 to `FEW` - 1, and none can be computed from those that are. A zero is shown: nobody
stands behind it.

The scheme is chosen so that the proof is short; docs/statistics.md gives it in full.

*One way* (`one_way`). Only what counts `FEW` or more is listed. All else, zeros as well, is one figure,
"all others". Where that would be small itself, or say that nearly each of them is nine, the smallest listed
one joins it. So "all others" is 0 or at least `FEW`, and each of its members can be any number from 0 to
that.

*Two ways* (`two_way`), such as kinds of problem by month. All totals of rows and columns are 0 or at least
`FEW` and shown. A row is shown by column whole or not at all: only where each of its cells is 0 or at least
`FEW`. The rows that are not are added up column by column; where such a sum would be small, or only one row
were hidden, the smallest row that was shown is hidden with them. Then a small hidden cell `x` in row `i`
and column `t` of the hidden rows, whose sum is `M`, can be any whole number from `max(0, R_i + C_t - M)` to
`min(R_i, C_t)` (Fréchet's bounds, which whole numbers reach). That is at least `FEW` + 1 numbers, because
`R_i`, `C_t`, `M - R_i` and `M - C_t` are each at least `FEW`.

*Several tables.* Tables that hang together like a tree, each sharing one set of totals with the next, tell
no more together than each does alone: whoever has one table can deal the people of the next into it in any
way that keeps the shared totals. `cases.queries.statistics_public` builds nothing but such trees.

*Time.* What is released about a period never changes and never overlaps with another period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: The smallest figure that is shown, zero apart.
FEW = 10
#: The key of "all others"; no code of any list is empty.
OTHERS = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A listed row: its total, and its cells where it is shown by column, else None."""

    key: str
    total: int
    cells: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What may be published of a two-way table.

    `rows` are in falling order with `OTHERS` last, where there are others. `column_totals` is empty where the
    columns are not shown at all; `rest` is the sum of the rows that are not shown by column, column by
    column, empty where there are none.
    """

    total: int
    column_totals: tuple[int, ...]
    rows: tuple[Row, ...]
    rest: tuple[int, ...] = ()

    @property
    def listed(self) -> dict[str, int]:
        """Row -> total, without the others."""
        return {row.key: row.total for row in self.rows if row.key != OTHERS}


def small(figure: int, few: int = FEW) -> bool:
    """Whether a figure must not be shown: 1 to `few` - 1."""
    return 0 < figure < few


def shown(figure: int, few: int = FEW) -> int | None:
    """The figure, or None where it must not be shown."""
    return None if small(figure, few) else figure


def one_way(counts: Mapping[str, int], few: int = FEW) -> dict[str, int] | None:
    """Key -> figure as it may be shown, largest first, `OTHERS` last where there are any. `counts` has
    every key that readers know of, also those of which there is none.

    None where the total itself is small. Keys that are not in the answer are among the others, or are zero
    where the answer has no `OTHERS`. Raises ValueError for a negative count, and for the key that means the
    others.
    """
    if OTHERS in counts or any(count < 0 for count in counts.values()):
        raise ValueError("a count has a key of its own and cannot be negative")
    total = sum(counts.values())
    if small(total, few):
        return None
    listed = sorted((-count, key) for key, count in counts.items() if count >= few)
    others = total + sum(count for count, _key in listed)
    members = len(counts) - len(listed)
    # Where nearly all of the others are as large as small ones can be, their sum would say so.
    if small(others, few) or others > max(0, members - 1) * (few - 1):
        smallest = listed[-1][0] if listed else 0
        # All of the smallest: which of two equal ones joins must not depend on their names.
        while listed and listed[-1][0] == smallest:
            others -= listed.pop()[0]
    found = {key: -count for count, key in listed}
    if others:
        found[OTHERS] = others
    return found


def fit(column_totals: Iterable[int], few: int = FEW) -> bool:
    """Whether columns with these totals may be shown: each is 0 or at least `few`."""
    return not any(small(total, few) for total in column_totals)


def two_way(cells: Mapping[str, Sequence[int]], few: int = FEW) -> Table | None:
    """What may be shown of row -> cells, one cell for each column; None where the total itself is small.

    Raises ValueError for rows of different lengths and for negative cells.
    """
    widths = {len(row) for row in cells.values()}
    if len(widths) > 1 or any(cell < 0 for row in cells.values() for cell in row):
        raise ValueError("every row has one cell for each column, and none is negative")
    listed = one_way({key: sum(row) for key, row in cells.items()}, few)
    if listed is None:
        return None
    total = sum(listed.values())
    columns = tuple(sum(row[at] for row in cells.values()) for at in range(max(widths, default=0)))
    if not fit(columns, few):
        return Table(total, (), tuple(Row(key, figure) for key, figure in listed.items()))
    whole = {key: tuple(cells[key]) for key in listed if key != OTHERS}
    if OTHERS in listed:
        whole[OTHERS] = _sum((row for key, row in cells.items() if key not in listed), len(columns))
    hidden = _hidden(whole, listed, columns, few)
    rows = tuple(Row(key, figure, None if key in hidden else whole[key]) for key, figure in listed.items())
    rest = _sum((whole[key] for key in hidden), len(columns)) if hidden else ()
    return Table(total, columns, rows, rest)


def _hidden(
    whole: Mapping[str, tuple[int, ...]], listed: Mapping[str, int], columns: tuple[int, ...], few: int
) -> set[str]:
    """The rows that are not shown by column."""
    hidden = {key for key, row in whole.items() if not fit(row, few)}
    if not hidden:
        return hidden
    left = sorted((figure, key) for key, figure in listed.items() if key not in hidden)
    while left and (len(hidden) == 1 or not fit(_sum((whole[key] for key in hidden), len(columns)), few)):
        smallest = left[0][0]
        # All of the smallest: which of two equal ones is hidden must not depend on their names.
        while left and left[0][0] == smallest:
            hidden.add(left.pop(0)[1])
    return hidden


def _sum(rows: Iterable[Sequence[int]], width: int) -> tuple[int, ...]:
    found = [0] * width
    for row in rows:
        for at, cell in enumerate(row):
            found[at] += cell
    return tuple(found)


def spans(counts: Sequence[int], few: int = FEW) -> list[tuple[int, int]] | None:
    """Neighbours joined until each group is 0 or at least `few`: (first, one after the last) of each group.

    For steps in an order, such as "up to one hour", "up to three". None where the total itself is small.
    """
    if small(sum(counts), few):
        return None
    found: list[tuple[int, int]] = []
    begin, held = 0, 0
    for at, count in enumerate(counts):
        held += count
        if not small(held, few):
            found.append((begin, at + 1))
            begin, held = at + 1, 0
    if begin < len(counts):
        # What is left over at the end is small: it goes to the last group that holds anything.
        while found and sum(counts[slice(*found[-1])]) == 0:
            begin = found.pop()[0]
        begin = found.pop()[0] if found else begin
        found.append((begin, len(counts)))
    return found
