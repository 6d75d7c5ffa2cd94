"""By which row the giver of a delegation held the resource, found for all rows at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fairnotice.answerable.snapshot.columns import ASK, GIVER, TOP
from fairnotice.answerable.snapshot.layers import Numbers


@dataclass(frozen=True, slots=True)
class Facts:
    """Of each row: what kind of number its span has, and whether it is one of numbers (`plain`); the span's
    start and end, each in two words; whether it came from a registry (`first`); its days; whether it is still
    said. A giver of 0 and a parent of -1 are none."""

    family: Numbers
    plain: Numbers
    sides: Sequence[Numbers]
    series: Numbers
    parent: Numbers
    giver: Numbers
    holder: Numbers
    first: Numbers
    since: Numbers
    until: Numbers
    said: Numbers


def above(rows: Facts) -> Numbers:
    """For each row, the row above it, TOP or GIVER, where every question of now has that answer by the rules
    in `climb`, whatever the address and the day; else ASK."""
    found = np.full(len(rows.series), ASK, np.int64)
    plain = rows.plain & rows.said & (rows.giver != rows.holder)
    found[plain & rows.first & (rows.giver == 0)] = TOP
    # A registry that holds nothing itself: it is named, and nothing is above it.
    found[plain & rows.first & (rows.giver > 0) & ~np.isin(rows.giver, rows.holder)] = GIVER
    children, over = _pairs(rows, plain)
    start, start_low, end, end_low = rows.sides
    fits = (
        (over != children)
        & (rows.family[over] == rows.family[children])
        & (rows.holder[over] == rows.giver[children])
        & _not_above((start, start_low), over, children)
        & _not_above((end, end_low), children, over)
        & (rows.since[over] <= rows.since[children])
        & (rows.until[over] >= rows.until[children])
    )
    found[children[fits]] = over[fits]
    _part_repeated(found, rows.holder, rows.giver)
    return found


def _pairs(rows: Facts, plain: Numbers) -> tuple[Numbers, Numbers]:
    """Rows that name a parent, and the one row that is said of that parent."""
    children = np.flatnonzero(plain & (rows.parent >= 0) & (rows.giver > 0))
    said = np.flatnonzero(plain)
    said = said[np.argsort(rows.series[said], kind="stable")]
    series, wanted = rows.series[said], rows.parent[children]
    at = np.searchsorted(series, wanted)
    once = np.searchsorted(series, wanted, "right") - at == 1
    return children[once], said[at[once]]


def _not_above(words: tuple[Numbers, Numbers], one: Numbers, other: Numbers) -> Numbers:
    """Whether two-word numbers of rows are at most those of other rows."""
    upper, lower = words
    same = (upper[one] == upper[other]) & (lower[one] <= lower[other])
    not_above: Numbers = (upper[one] < upper[other]) | same
    return not_above


def _part_repeated(found: Numbers, holder: Numbers, giver: Numbers) -> None:
    """Each organisation stands in a chain once: where one would stand twice, the rules have to be asked."""
    long = np.flatnonzero(found >= 0)
    long = long[(found[found[long]] >= 0) | (found[found[long]] == GIVER)]
    for row in long.tolist():
        named, current = {int(holder[row])}, int(found[row])
        while current >= 0:
            if int(holder[current]) in named:
                found[row] = ASK
                break
            named.add(int(holder[current]))
            last, current = current, int(found[current])
        else:
            if current == GIVER and int(giver[last]) in named:
                found[row] = ASK
