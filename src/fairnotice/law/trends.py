"""Whether something rises against its own past, by a rule that can be said in a sentence. Pure.

A period's count rises where it is at least `LEAST`, at least half as many again as usual, and further above
usual than chance and its own ups and downs explain. "Usual" is the median of the periods before. The ups
and downs are the larger of two: what chance alone gives for counts of that size (the square root of usual,
as for a Poisson count), and how far the periods before lay from their median (the median distance, times
1.4826, which makes it comparable to a standard deviation). Three times that is the line.

Medians, because one odd month must neither hide a rise nor make one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Literal

#: Below this nothing is called a rise: it would be about a few cases.
LEAST = 10
#: At least this many times usual.
FACTOR = 1.5
#: That many times the ups and downs above usual.
LINE = 3.0
#: Makes a median distance comparable to a standard deviation of a normal distribution.
_MAD = 1.4826

Word = Literal["rising", "steady", "unknown"]


@dataclass(frozen=True, slots=True)
class Trend:
    """`now` against `usual`; `line` is from where on it would count as a rise. `word` is "unknown" where
    there are too few periods before to say anything; `usual` and `line` are None then."""

    word: Word
    now: int
    usual: float | None = None
    line: float | None = None


def trend(before: Sequence[int], now: int, *, fewest: int) -> Trend:
    """Judge the count `now` by those of the periods `before`, of which there must be at least `fewest`."""
    if len(before) < max(1, fewest):
        return Trend("unknown", now)
    usual = float(median(before))
    spread = max(sqrt(usual), _MAD * float(median(abs(count - usual) for count in before)), 1.0)
    line = max(usual + LINE * spread, usual * FACTOR, float(LEAST))
    return Trend("rising" if now >= line else "steady", now, usual, line)
