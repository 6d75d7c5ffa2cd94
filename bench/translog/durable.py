"""Durable appends beside raw syncs: all take turns, a few milliseconds each, so that a slow moment of the
disk meets every one of them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Protocol

from bench.translog.core import CoreLog
from bench.translog.disk import Raw

BATCHES = (1, 100, 1000)
AIMS = {1: 0.1, 100: 2.5, 1000: 8.0}
ENTRY_BYTES = 100
LEAF_BYTES = 4400  # about what a leaf of the site has: 64 tags and commitments


class Subject(Protocol):
    """Something that is measured in pieces of some milliseconds."""

    def once(self) -> tuple[int, float]:
        """Do one piece; how many of what is counted, and the seconds that it took."""


def rates(subjects: dict[str, Subject], seconds: float) -> dict[str, float]:
    """Each subject's rate (per second) when they take turns for so long, at least once; in random order,
    since what one leaves to the disk slows the next."""
    order = list(subjects.items())
    counts = dict.fromkeys(subjects, 0)
    spent = dict.fromkeys(subjects, 0.0)
    end = time.perf_counter() + seconds
    while True:
        random.shuffle(order)
        for name, subject in order:
            count, took = subject.once()
            counts[name] += count
            spent[name] += took
        if time.perf_counter() >= end:
            break
    return {name: counts[name] / spent[name] for name in subjects}


def subjects(folder: Path, others: Iterable[tuple[str, Subject]] = ()) -> dict[str, Subject]:
    """Raw syncs, our core with small and with real entries, and what else is to be measured."""
    found: dict[str, Subject] = {
        "sync of 4 KiB appended": Raw(folder, append=True),
        "sync of 4 KiB in place": Raw(folder, append=False),
    }
    for size in (ENTRY_BYTES, LEAF_BYTES):
        for batch in BATCHES:
            found[f"core, {size} bytes, batch {batch}"] = CoreLog(
                folder / f"core-{size}-{batch}", batch, size
            )
    return found | dict(others)


def table(rounds: list[dict[str, float]]) -> Iterator[str]:
    """One line per subject: median rate, and median of its ratios to both raw syncs of the same round."""
    yield f"{'':34} {'per second':>12} {'to appended':>12} {'to in place':>12} {'aim':>6}"
    appended, in_place = list(rounds[0])[:2]
    for name in rounds[0]:
        rate = median(each[name] for each in rounds)
        ratios = [median(each[name] / each[raw] for each in rounds) for raw in (appended, in_place)]
        batch = name.rpartition(" batch ")[2]
        aim = f"{AIMS[int(batch)]:6.1f}" if batch.isdigit() else ""
        yield f"{name:34} {rate:12,.0f} {ratios[0]:12.3f} {ratios[1]:12.3f} {aim}"
