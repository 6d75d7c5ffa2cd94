"""Sets of whole numbers as sorted ranges: how much address space there is, counted once. Pure.

A range is (first, last), both included; a set of them is sorted and none touches the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Range = tuple[int, int]


def union(ranges: Iterable[Range]) -> list[Range]:
    """All numbers that are in any of the ranges, in as few ranges as there can be."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def size(ranges: Iterable[Range]) -> int:
    """How many numbers a set holds."""
    return sum(last - first + 1 for first, last in ranges)


def common(one: Sequence[Range], other: Sequence[Range]) -> list[Range]:
    """What is in both sets."""
    found: list[Range] = []
    i = j = 0
    while i < len(one) and j < len(other):
        first, last = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if first <= last:
            found.append((first, last))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found
