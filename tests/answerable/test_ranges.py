"""Sets of numbers as ranges, against sets of numbers."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fairnotice.answerable import ranges

RANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=8)


def numbers(found) -> set[int]:
    return {n for first, last in found for n in range(first, last + 1)}


@given(RANGES, RANGES)
def test_they_hold_what_sets_hold(one, other) -> None:
    left, right = ranges.union(one), ranges.union(other)
    assert numbers(left) == numbers(one)
    assert ranges.size(left) == len(numbers(one))
    assert all(first[1] + 1 < second[0] for first, second in pairwise(left))
    assert numbers(ranges.common(left, right)) == numbers(one) & numbers(other)
