"""How long something took, in steps: for distributions, and for percentiles read from them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

#: Upper ends of the steps in hours; the last step is open. Below its end counts as within.
ENDS: tuple[int, ...] = (1, 3, 6, 12, 24, 48, 72, 120, 168, 336, 720)
STEPS = len(ENDS) + 1


def step_of(hours: float) -> int:
    """The number of the step that this many hours fall into, from 0."""
    return bisect_right(ENDS, hours)


def edges(begin: int, end: int) -> tuple[int, int | None]:
    """From and until how many hours the steps `begin` to `end` (exclusive) go; no end for the last."""
    return (ENDS[begin - 1] if begin else 0), (ENDS[end - 1] if end <= len(ENDS) else None)


def percentile_step(counts: Sequence[int], share: float) -> int | None:
    """The step in which the given share (0 to 1) of all is reached, counted from the quickest; None for
    none."""
    total = sum(counts)
    if not total:
        return None
    reached = 0
    for at, count in enumerate(counts):
        reached += count
        if reached >= share * total:
            return at
    raise AssertionError("the shares add up to one")


def percentile(hours: Sequence[float], share: float) -> float | None:
    """The value below or at which the given share of the values lies (nearest rank); `hours` in rising
    order."""
    if not hours:
        return None
    rank = -(-len(hours) * share // 1)
    return hours[max(0, int(rank) - 1)]
