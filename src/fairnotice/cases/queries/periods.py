"""Counts for the scheduled reports: for the operator as they are, for the public what the statistics show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
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
from fairnotice.cases.queries import statistics_public
from fairnotice.ledger.models import OutboxRow

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


def released(day: date) -> list[dict[str, str | int | None]]:
    """What a monthly report says: of each subject of the public statistics the latest period that was
    released by then, and its total, None where that is too small. Nothing but what stands on the pages of the
    statistics is in it, so it tells no more than they do."""
    found = statistics_public.release(day)
    latest = [(name, found.of(name)[-1:]) for name in statistics_public.SUBJECTS]
    return [
        {"subject": name, "period": one.period.key, "total": one.total}
        for name, ends in latest
        for one in ends
    ]


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
