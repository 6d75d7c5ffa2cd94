"""What the public sees of the statistics: released once for each period that is over, and never changed.

Notices, decisions and measures are released by quarters, appeals, which are few, by half-years. A period is
released `SETTLES` days after it ended; by then a second person has confirmed or refused what waited for
one, so that nothing counted in it changes any more. Each period is a tree of tables (`law.suppression`):
what a thing is about by month, one table for each thing, and for decisions the kind of problem by how long
it took. Other than that there is nothing by two things at once.

It is computed once for each period and kept in memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from django.db import connection
from django.utils import timezone

from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import statistics, statistics_orders
from fairnotice.cases.queries.statistics import Counts
from fairnotice.law import suppression
from fairnotice.law.durations import STEPS

#: Days until a period that is over is released: more than a second person has time (`law.deadlines`).
SETTLES = 14
QUARTER, HALF = 3, 6


@dataclass(frozen=True, slots=True)
class Period:
    """Some months of one year that are released together: "2026-Q1" or "2026-H1"."""

    year: int
    number: int
    length: int

    @property
    def key(self) -> str:
        return f"{self.year}-{'Q' if self.length == QUARTER else 'H'}{self.number}"

    @property
    def months(self) -> tuple[str, ...]:
        first = (self.number - 1) * self.length + 1
        return tuple(f"{self.year}-{month:02}" for month in range(first, first + self.length))

    @property
    def begin(self) -> date:
        return date(self.year, (self.number - 1) * self.length + 1, 1)

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.next().begin

    def next(self) -> Period:
        last = self.number * self.length == 12
        return Period(self.year + last, 1 if last else self.number + 1, self.length)


@dataclass(frozen=True, slots=True)
class Spans:
    """Kinds of problem by how long it took: `groups` says which steps of `law.durations` a column holds."""

    groups: tuple[tuple[int, int], ...]
    table: suppression.Table


@dataclass(frozen=True, slots=True)
class Released:
    """One period of one subject. `total` is None where it is too small to be shown; then there is nothing
    else. `tables`: dimension -> its table, by month where the months may be shown."""

    period: Period
    total: int | None
    tables: dict[str, suppression.Table]
    took: Spans | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted how, for how many months at a time, and by what."""

    count: Callable[[date, date, Actor | None], Counts]
    length: int
    dims: tuple[str, ...]


SUBJECTS: dict[str, Subject] = {
    "notices": Subject(statistics.notices, QUARTER, ("category", "source", "language", "door")),
    "decisions": Subject(
        statistics.decisions, QUARTER, ("category", "source", "language", "result", "ground")
    ),
    "measures": Subject(statistics.measures, QUARTER, ("kind", "category")),
    "appeals": Subject(statistics.appeals, HALF, ("side", "category")),
    "answers": Subject(statistics.answers, HALF, ("outcome", "side", "category")),
    "restored": Subject(statistics.restored, HALF, ()),
    "orders": Subject(statistics_orders.orders, HALF, ("order", "state", "authority")),
}


@dataclass(frozen=True, slots=True)
class Release:
    """All that is public on a day: subject -> its periods, oldest first."""

    subjects: dict[str, tuple[Released, ...]]

    def of(self, subject: str, year: int | None = None) -> tuple[Released, ...]:
        """The periods of a subject, of one year or all."""
        found = self.subjects.get(subject, ())
        return found if year is None else tuple(one for one in found if one.period.year == year)

    @property
    def years(self) -> list[int]:
        """The years with something released, newest first."""
        found = {one.period.year for periods in self.subjects.values() for one in periods}
        return sorted(found, reverse=True)


def periods(first: date, today: date, length: int) -> Iterator[Period]:
    """Those that are over long enough, from the one in which the day `first` lies."""
    period = Period(first.year, (first.month - 1) // length + 1, length)
    while period.end + timedelta(days=SETTLES) <= today:
        yield period
        period = period.next()


def release(today: date | None = None) -> Release:
    """What is public on that day, from memory where it was asked for before."""
    day = today or timezone.now().astimezone(UTC).date()
    # A quarter's last day decides: the key changes exactly when something new may be shown.
    settled = day - timedelta(days=SETTLES)
    key = (str(connection.settings_dict["NAME"]), settled.year, (settled.month - 1) // QUARTER)
    with _lock:
        if key not in _kept:
            # The public asks by the thousand where figures of one quarter differ from the last one's.
            _kept.clear()
            _kept[key] = _release(day)
        return _kept[key]


def forget() -> None:
    """Compute anew when asked next."""
    with _lock:
        _kept.clear()


_kept: dict[tuple[str, int, int], Release] = {}
_lock = threading.Lock()


def _release(today: date) -> Release:
    first = statistics.first_day()
    if first is None:
        return Release({})
    found: dict[str, tuple[Released, ...]] = {}
    for name, subject in SUBJECTS.items():
        if name == "orders" and statistics_orders.source is None:
            continue  # what nobody records is not zero
        over = list(periods(first, today, subject.length))
        if over:
            counts = subject.count(over[0].begin, over[-1].end, None)
            found[name] = tuple(released(counts, period, subject.dims) for period in over)
    return Release(found)


def released(counts: Counts, period: Period, dims: tuple[str, ...]) -> Released:
    """One period as it may be shown."""
    here = counts.during(period.months)
    total = suppression.shown(here.total)
    if not total:
        return Released(period, total, {})
    # What is released by half-years is released without months: appeals are too few for them.
    months = period.months if period.length == QUARTER else ()
    tables = {dim: _by_month(here, dim, months) for dim in dims}
    took = _took(here) if "step" in here.dims else None
    return Released(period, total, tables, took)


def _by_month(counts: Counts, dim: str, months: tuple[str, ...]) -> suppression.Table:
    cells, totals = counts.by(dim, "month"), counts.of(dim)
    codes = dict.fromkeys((*statistics.CODES[dim], *totals))
    if months:
        rows = {code: [cells.get((code, month), 0) for month in months] for code in codes}
    else:
        rows = {code: [totals.get(code, 0)] for code in codes}
    table = suppression.two_way(rows)
    assert table is not None  # noqa: S101 - the total has been looked at
    return table


def _took(counts: Counts) -> Spans:
    cells = counts.by("category", "step")
    totals = counts.of("step")
    groups = suppression.spans([totals.get(str(step), 0) for step in range(STEPS)])
    assert groups is not None  # noqa: S101 - the total has been looked at
    rows = {
        code: [sum(cells.get((code, str(step)), 0) for step in range(begin, end)) for begin, end in groups]
        for code in dict.fromkeys((*statistics.CODES["category"], *counts.of("category")))
    }
    table = suppression.two_way(rows)
    assert table is not None  # noqa: S101 - the same
    return Spans(tuple(groups), table)
