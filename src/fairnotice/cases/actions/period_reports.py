"""Scheduled reports: each week one to the operator, each month one to everybody. One for each period, however
often the clock calls; after a long rest only the latest, never a flood."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from fairnotice.cases import periods
from fairnotice.cases.models import PeriodReport
from fairnotice.cases.queries import periods as counted
from fairnotice.ledger import outbox
from fairnotice.ledger.append import append
from fairnotice.ledger.models import Event

WEEKLY = "operator-report"


@transaction.atomic
def make_weekly(*, now: datetime) -> int:
    """The report about the last whole week: into the outbox for each address of the settings. Returns how
    many letters. A service that began since has none."""
    week = periods.last_week(now)
    _start, end = periods.week_span(week)
    if not Event.objects.filter(at__lt=end).exists():
        return 0
    if PeriodReport.objects.filter(kind="weekly", period=week).exists():
        return 0
    event = append(kind="report.weekly", open={"week": week})
    PeriodReport.objects.create(kind="weekly", period=week, made_at=now, event=event)
    for number, _address in enumerate(settings.FN_OPERATOR_REPORT_MAIL):
        # Whom it goes to stands in the settings, and nothing in it is about anybody.
        outbox.enqueue(kind=WEEKLY, ref=week, payload={"week": week, "to": number}, key_id=event.key_id)
    return len(settings.FN_OPERATOR_REPORT_MAIL)


@transaction.atomic
def make_monthly(*, now: datetime) -> PeriodReport | None:
    """Publish the report of the last month: on a page, in the feed, and for the subscribers. None where that
    is done, and as long as the statistics have released nothing."""
    month = periods.last_month(now)
    if PeriodReport.objects.filter(kind="monthly", period=month).exists():
        return None
    figures = counted.released(now.date())
    if not figures:
        return None
    event = append(kind="report.monthly", open={"month": month})
    return PeriodReport.objects.create(
        kind="monthly", period=month, made_at=now, figures=figures, event=event
    )
