"""What the desk sees of the statistics: exact, by month, narrowed by several things at once.

Only what this person may know of is counted: cases that do not exist for them are left out. There is no
figure of a person: none of a notifier, an affected party, or somebody who works here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from fairnotice.cases.models import AppealOutcome, AppealStatus, Decision, MeasureStatus
from fairnotice.cases.people import hidden_cases
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import statistics
from fairnotice.cases.queries.statistics import Counts

#: Column of a decision -> the parameter that narrows by it.
COLUMNS = {"category": "category", "source": "source_type", "language": "content_language"}


@dataclass(frozen=True, slots=True)
class Span:
    """From a day until before another."""

    begin: date
    end: date

    @property
    def months(self) -> list[str]:
        """All of its months, oldest first."""
        found, day = [], self.begin
        while day < self.end:
            found.append(f"{day:%Y-%m}")
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return found


def narrowed(counts: Counts, chosen: Mapping[str, str]) -> Counts:
    """Only what has all the chosen values."""
    wanted = {dim: code for dim, code in chosen.items() if dim in counts.dims}
    if not wanted:
        return counts
    return counts.where(lambda parts: all(parts[dim] == code for dim, code in wanted.items()))


@dataclass(frozen=True, slots=True)
class Took:
    """How long decisions took, in hours and rising order: all, and by month, kind of problem, source and
    language."""

    all: list[float]
    by: dict[str, dict[str, list[float]]]


def took(actor: Actor, span: Span, chosen: Mapping[str, str]) -> Took:
    """Hours from the first notice in the case to the decision."""
    everything: list[float] = []
    by: dict[str, dict[str, list[float]]] = {
        dim: defaultdict(list) for dim in ("month", "category", "source", "language")
    }
    for month, category, source, language, hours in statistics.hours(span.begin, span.end, actor):
        parts = {"month": month, "category": category, "source": source, "language": language}
        if any(parts[dim] != code for dim, code in chosen.items() if dim in parts):
            continue
        everything.append(hours)
        for dim, code in parts.items():
            by[dim][code].append(hours)
    return Took(everything, by)


@dataclass(frozen=True, slots=True)
class After:
    """What became of the decisions of a time: how many were appealed against, by how many appeals, how those
    ended (state -> how many), and measures by how far their undoing is."""

    decisions: int
    appealed: int
    appeals: int
    outcomes: dict[str, int]
    waiting: int
    withdrawn: int
    restored: int
    restoring: int


def after(actor: Actor, span: Span, chosen: Mapping[str, str]) -> After:
    """Decisions made in the time, followed until now."""
    known = {COLUMNS[dim]: code for dim, code in chosen.items() if dim in COLUMNS}
    if known.get("content_language") == statistics.UNKNOWN:
        known["content_language"] = ""
    rows = (
        Decision.objects.filter(
            statistics.made(),
            decided_at__gte=statistics.moment(span.begin),
            decided_at__lt=statistics.moment(span.end),
            **known,
        )
        .exclude(case__in=hidden_cases(actor))
        .order_by()
    )
    ids = rows.values("pk")
    states = dict(
        AppealStatus.objects.filter(appeal__decision__in=ids)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    outcomes = dict(
        AppealOutcome.objects.filter(appeal__decision__in=ids)
        .order_by()
        .values_list("outcome")
        .annotate(n=Count("pk"))
    )
    effects = dict(
        MeasureStatus.objects.filter(measure__decision__in=ids)
        .order_by()
        .values_list("effect")
        .annotate(n=Count("pk"))
    )
    return After(
        decisions=rows.count(),
        appealed=rows.filter(appeals__isnull=False).distinct().count(),
        appeals=sum(states.values()),
        outcomes=outcomes,
        waiting=states.get("received", 0) + states.get("claimed", 0),
        withdrawn=states.get("omitted", 0),
        restored=effects.get("restored", 0),
        restoring=effects.get("restoring", 0) + effects.get("restore_failed", 0),
    )
