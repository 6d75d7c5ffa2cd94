"""What rises against its own past, and how long something took."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.law.durations import ENDS, STEPS, edges, percentile, percentile_step, step_of
from fairnotice.law.trends import FACTOR, LEAST, trend

STEADY = [20, 22, 18, 21, 19, 20, 23, 20, 17, 20, 22, 20]


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [
        (STEADY, 60, "rising"),
        (STEADY, 29, "steady"),  # not half as many again
        (STEADY, 31, "steady"),  # within what chance gives: 20 + 3 x the root of 20
        (STEADY, 34, "rising"),
        ([0] * 12, 9, "steady"),  # too few to say so
        ([0] * 12, 10, "rising"),
        ([5, 60, 5, 60, 5, 60, 5, 60, 5, 60, 5, 60], 100, "steady"),  # it goes up and down anyway
        ([20] * 11 + [400], 60, "rising"),  # one odd month hides nothing
        (STEADY[:5], 60, "unknown"),
        ([], 60, "unknown"),
    ],
)
def test_the_rule(before: list[int], now: int, word: str) -> None:
    found = trend(before, now, fewest=6)
    assert found.word == word and (found.usual is None) == (word == "unknown")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=24), st.integers(0, 10**6))
def test_a_rise_is_always_more_than_usual_and_more_of_it_stays_one(before: list[int], now: int) -> None:
    found = trend(before, now, fewest=6)
    assert found.usual is not None and found.line is not None
    assert (found.word == "rising") == (now >= found.line)
    if found.word == "rising":
        assert now >= LEAST and now >= FACTOR * found.usual
        assert trend(before, now + 1, fewest=6).word == "rising"


@given(st.floats(0, 10**5))
def test_every_time_has_its_step(hours: float) -> None:
    step = step_of(hours)
    low, high = edges(step, step + 1)
    assert 0 <= step < STEPS and low <= hours and (high is None or hours < high)


def test_percentiles_by_nearest_rank_and_by_step() -> None:
    hours = [float(n) for n in range(1, 11)]
    assert [percentile(hours, share) for share in (0.5, 0.9, 1.0)] == [5.0, 9.0, 10.0]
    assert percentile([], 0.5) is None and percentile([7.0], 0.9) == 7.0
    assert [percentile_step([5, 0, 4, 1], share) for share in (0.5, 0.9, 0.95)] == [0, 2, 3]
    assert percentile_step([0, 0], 0.5) is None
    assert edges(0, STEPS) == (0, None) and edges(1, 2) == (ENDS[0], ENDS[1])
