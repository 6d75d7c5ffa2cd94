"""Counts for the scheduled reports: for the operator as they are, for the public without small numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone

from fairnotice.cases.models import (
    Appeal,
    AppealOutcome,
    AppealStatus,
    Case,
    Decision,
    Emergency,
    Filing,
    FilingGate,
    MeasureStatus,
    Notice,
    PeriodReport,
)
from fairnotice.cases.models.case import OPEN_STATES
from fairnotice.ledger.models import OutboxRow

#: A cell of fewer could point at somebody. None is no secret.
FEW = 10
Counts = dict[str, int]


def happened(start: datetime, end: datetime) -> Counts:
    """What came in and was done from one moment to before another."""

    def within(name: str) -> Q:
        return Q(**{f"{name}__gte": start, f"{name}__lt": end})

    decided = Decision.objects.filter(within("decided_at"))
    measures = MeasureStatus.objects.filter(measure__replaces__isnull=True)
    answers = AppealOutcome.objects.filter(within("decided_at"))
    return {
        "notices": Notice.objects.filter(within("received_at")).count(),
        "decisions": decided.count(),
        "restricted": decided.filter(no_action=False).count(),
        "no_action": decided.filter(no_action=True).count(),
        "measures": measures.filter(within("in_force_at")).count(),
        "appeals": Appeal.objects.filter(within("received_at")).count(),
        "answered": answers.count(),
        "upheld": answers.filter(outcome="upheld").count(),
        "changed": answers.exclude(outcome="upheld").count(),
        "emergencies": Emergency.objects.filter(within("opened_at")).count(),
    }


def waiting(now: datetime) -> Counts:
    """What waits at this moment; `oldest` in whole days."""
    still = Case.objects.filter(state__in=OPEN_STATES)
    oldest = still.aggregate(at=Min("opened_at"))["at"]
    appeals = AppealStatus.objects.filter(state__in=("received", "claimed"))
    return {
        "open": still.count(),
        "overdue": still.filter(due_at__lt=now).count(),
        "oldest": (now - oldest).days if oldest else 0,
        "appeals_open": appeals.count(),
        "appeals_overdue": appeals.filter(due_at__lt=now).count(),
        "emergencies_open": Emergency.objects.exclude(state="assessed").count(),
        "not_sent": OutboxRow.objects.filter(dead=True, done_at__isnull=True).count(),
        "statements_waiting": Filing.objects.filter(state__in=("held", "rejected")).count(),
        "statements_stopped": FilingGate.objects.exclude(stopped_for="").count(),
    }


# A total, and the cells that add up to it: what one hides, the others must not give away.
_ADDS_UP = (("decisions", ("restricted", "no_action")), ("answered", ("upheld", "changed")))
_ALONE = ("notices", "measures", "appeals")


def suppressed(counts: Counts) -> dict[str, int | None]:
    """The counts that may be published: None in the place of one to nine, and of whatever would give such a
    number away. Emergencies are not among them at all."""
    shown: dict[str, int | None] = {name: _large(counts[name]) for name in _ALONE}
    for total, parts in _ADDS_UP:
        cells = {name: _large(counts[name]) for name in parts}
        shown[total] = _large(counts[total])
        if None in cells.values():
            # With the total and the other part, the hidden one could be reckoned.
            cells = dict.fromkeys(parts)
        if shown[total] is None:
            # A part that is no secret, because it is nought, would say what the total is made of.
            cells = dict.fromkeys(parts)
        shown |= cells
    return shown


def _large(number: int) -> int | None:
    return number if number == 0 or number >= FEW else None


def months() -> list[PeriodReport]:
    """The months that were published, the latest first."""
    return list(PeriodReport.objects.filter(kind="monthly").order_by("-period"))


def month(period: str) -> PeriodReport | None:
    """One published month."""
    return PeriodReport.objects.filter(kind="monthly", period=period).first()


def weekly(now: datetime | None = None) -> dict[str, Any]:
    """The last whole week and what waits now, for the operator."""
    from fairnotice.cases.periods import last_week, week_span

    at = now or timezone.now()
    week = last_week(at)
    start, end = week_span(week)
    return {
        "week": week,
        "start": start,
        "last": end - timedelta(days=1),
        "counts": happened(start, end),
        "waiting": waiting(at),
    }
