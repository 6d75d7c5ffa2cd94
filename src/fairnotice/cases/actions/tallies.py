"""When a month is over, its counts are committed in the public log, once and for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from fairnotice.cases.counting.counts import count
from fairnotice.cases.counting.period import Period, month_of
from fairnotice.cases.models import Tally
from fairnotice.cases.queries import retention
from fairnotice.cases.reporting import tables
from fairnotice.cases.reporting.services import service_name
from fairnotice.ledger.append import append
from fairnotice.ledger.models import Event

#: The type of the log's entry, in the clear.
TYPE = "tally"
#: What began in the month may end up to so long after it: a transaction that waited, a clock that was set.
GRACE = timedelta(hours=24)


def close_months(*, now: datetime | None = None) -> int:
    """Commit each month that is over and has no tally yet, the earliest first; returns how many. The runner
    calls this; it is safe to call at any time and again, and goes on where it was cut off.

    Nothing is closed while the clock may have jumped (`actions.retention`): a month is never opened again.
    """
    at = now or timezone.now()
    if retention.last_run().refused_at:
        return 0
    return sum(close_month(month=month) for month in open_months(at))


def open_months(now: datetime) -> list[Period]:
    """Months that are over, since the first event there was, and have no tally."""
    first = Event.objects.order_by("id").values_list("at", flat=True).first()
    if first is None:
        return []
    begun = month_of(min(first, now).astimezone(UTC).date())
    until = month_of((now - GRACE).astimezone(UTC).date())
    closed = set(Tally.objects.values_list("month", flat=True))
    months = []
    month = begun
    while month.first < until.first:
        if month.first not in closed:
            months.append(month)
        month = month_of(month.last + timedelta(days=1))
    return months


def close_month(*, month: Period) -> bool:
    """Count a month and commit to the counts; False where somebody else just did. The counts of a closed
    month no longer change, so they are made before the transaction, which holds up nobody."""
    service = service_name()
    table = tables.table_of(service, month, count(month).table())
    text = tables.canonical(table)
    digest = tables.sha256_of(text)
    cells = tables.cells_in(table)
    with transaction.atomic():
        if Tally.objects.filter(month=month.first).exists():
            return False
        event = append(
            kind="tally.closed",
            open={"service": service, "month": month.month, "cells": cells, "sha256": digest},
            clear_type=TYPE,
        )
        Tally.objects.create(
            service=service,
            month=month.first,
            table=text,
            sha256=digest,
            cells=cells,
            counted_at=timezone.now(),
            event=event,
        )
    return True
