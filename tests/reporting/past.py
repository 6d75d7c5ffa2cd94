"""Moving what the actions made into the past, as if it had happened then."""

from __future__ import annotations

from datetime import datetime, timedelta

from fairnotice.cases.actions import inform
from fairnotice.cases.actions.submit import Submitted
from fairnotice.cases.models import Decision, MeasureStatus, Notice, Statement


def received(sent: Submitted, moment: datetime) -> None:
    """The notice came in then."""
    Notice.objects.filter(pk=sent.notice.pk).update(received_at=moment)


def took_effect(decision: Decision, moment: datetime) -> None:
    """Its measures took effect then."""
    MeasureStatus.objects.filter(measure__decision=decision).update(in_force_at=moment)


def take_effect(decision: Decision) -> None:
    """The affected party was told."""
    inform.dispatched(statement_ref=Statement.objects.get(decision=decision, audience="affected").ref)


def hours(number: float) -> timedelta:
    """That many."""
    return timedelta(hours=number)
