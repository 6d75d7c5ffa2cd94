"""How much memory an ingest may take, and what follows: how many processes, how much each may hold. Pure."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Final

MB: Final = 1 << 20
DEFAULT: Final = 2048 * MB

#: Measured (docs/benchmarks-observatory.md): the program itself and each process with polars loaded.
_OWN: Final = 360 * MB
_EACH: Final = 120 * MB
#: A CSV takes its own size, and at most once more for the columns that are read of it.
_OF_A_CSV: Final = 2.3
#: Rows that are held take their size once more when they are sorted, and again as they are written.
_OF_ROOM: Final = 3.0
#: So little is read sooner in this process than others are started.
SMALL: Final = 24 * MB
_LEAST_ROOM: Final = 32 * MB
_MOST_ROOM: Final = 256 * MB

_SIZE = re.compile(r"(\d{1,6})\s*(MB|GB)", re.IGNORECASE)


class TooLittle(Exception):
    """Not even one process has room; the message says how much is needed."""


@dataclass(frozen=True, slots=True)
class Share:
    """`workers`: how many processes, 0 for none but this one. `room`: bytes of rows that each may hold before
    it writes them."""

    workers: int
    room: int


def share(most: int, workers: int, largest: int) -> Share:
    """`most`: bytes for all together. `workers`: as many as are wanted. `largest`: bytes of the largest CSV.
    Raises TooLittle."""
    each = _EACH + _OF_A_CSV * largest + _OF_ROOM * _LEAST_ROOM
    fit = int((most - _OWN) // each)
    if fit < 1:
        needed = -(-int(_OWN + each) // (100 * MB)) * 100
        raise TooLittle(
            f"{most // MB:,} MB are too little for the largest part, which has {largest // MB:,} MB: "
            f"--memory {needed}MB is enough"
        )
    count = min(workers, fit)
    left = (most - _OWN) / max(1, count) - _EACH - _OF_A_CSV * largest
    return Share(count, int(min(_MOST_ROOM, left / _OF_ROOM)))


def cores() -> int:
    """As many processes as this one may use cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def size_of(text: str) -> int:
    """Bytes of "2GB" or "500 MB". Raises ValueError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or not int(match[1]):
        raise ValueError("write it as 500MB or 2GB")
    return int(match[1]) * MB * (1024 if match[2].upper() == "GB" else 1)
