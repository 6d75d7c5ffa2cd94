"""Medians as the templates want them: hours, as a plain number."""

from __future__ import annotations

from array import array
from decimal import ROUND_HALF_UP, Decimal

import numpy

_HUNDREDTH = Decimal("0.01")


def median_hours(seconds: array[int]) -> str:
    """The exact median of durations in seconds as hours with at most two decimals ("0.5", "24"); "" for none.

    Of an even number it is the mean of the middle two.
    """
    size = len(seconds)
    if not size:
        return ""
    values = numpy.frombuffer(seconds, dtype=numpy.uint32).copy()
    low, high = (size - 1) // 2, size // 2
    values.partition((low, high))
    middle = Decimal(int(values[low]) + int(values[high])) / 2
    hours = (middle / 3600).quantize(_HUNDREDTH, ROUND_HALF_UP)
    return f"{hours:f}".rstrip("0").rstrip(".") if hours else "0"
