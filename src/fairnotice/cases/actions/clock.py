"""What time does by itself, each as an action with its own event. The runner calls `tick`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fairnotice.cases.actions import confirm
from fairnotice.cases.actions.submit import KEEP_ANSWER
from fairnotice.cases.models import Case, Decision, DecisionStatus, Idempotency, Measure, Statement
from fairnotice.cases.steps import move_case, step
from fairnotice.law.deadlines import appeal_until
from fairnotice.ledger.append import append


def tick(now: datetime | None = None) -> dict[str, int]:
    """Do everything that is due; returns how much of each. Safe to call at any time and again."""
    at = now or timezone.now()
    return {
        "lapsed": lapse_unconfirmed(now=at),
        "expired": expire_measures(now=at),
        "closed": close_finished(now=at),
        "forgotten": forget_answers(now=at),
    }


def lapse_unconfirmed(*, now: datetime) -> int:
    """Severe decisions that no second person confirmed in time."""
    due = DecisionStatus.objects.filter(state="proposed", lapses_at__lte=now).values_list(
        "decision__ref", flat=True
    )
    for ref in list(due):
        confirm.lapse(decision_ref=ref)
    return len(due)


def expire_measures(*, now: datetime) -> int:
    """Measures whose end has passed, and account and other measures whose review date passed without a
    review."""
    today = timezone.localdate(now)
    over = Measure.objects.filter(status__state="in_force").filter(
        Q(end__lt=today) | Q(status__end_early__lt=today) | Q(end__isnull=True, review__lt=today)
    )
    measures = list(over.select_related("status", "decision__case", "decision__event"))
    for measure in measures:
        _end(measure, now)
    return len(measures)


@transaction.atomic
def _end(measure: Measure, now: datetime) -> None:
    ended = measure.end is not None or measure.status.end_early is not None
    status = measure.status
    status.state = step("measure", status.state, "expire" if ended else "lapse")
    if status.effect in ("confirmed", "pending", "failed"):
        status.effect, status.effect_at = "restoring", now
    status.save()
    append(
        kind="measure.ended",
        open={"how": status.state},
        case_ref=measure.decision.case.ref,
        follows=measure.decision.event,
    )


def close_finished(*, now: datetime) -> int:
    """Decided cases whose time for appeal is over on every side, with nothing left to restore."""
    closed = 0
    for case in Case.objects.filter(state__in=("decided", "reviewed")):
        if _finished(case, now):
            _close(case)
            closed += 1
    return closed


def _finished(case: Case, now: datetime) -> bool:
    decision = Decision.objects.filter(case=case).order_by("-id").first()
    if decision is None or decision.status.state == "proposed":
        return False
    if decision.measures.filter(
        status__effect__in=("pending", "failed", "restoring", "restore_failed")
    ).exists():
        return False
    today = timezone.localdate(now)
    for statement in Statement.objects.filter(decision=decision, outcome__isnull=True).select_related(
        "status"
    ):
        # Nobody was reached: the time for appeal has not begun. It counts from the making, twice over, so
        # that the case does not stay open for ever.
        told = statement.status.delivered_at or statement.made_at
        months = decision.appeal_months * (1 if statement.status.delivered_at else 2)
        if appeal_until(timezone.localdate(told), months) >= today:
            return False
    return True


@transaction.atomic
def _close(case: Case) -> None:
    move_case(case, state=step("case", case.state, "close"))
    append(kind="case.closed", open={}, case_ref=case.ref)


def forget_answers(*, now: datetime) -> int:
    """Sealed answers to retries, after their 24 hours."""
    gone, _ = Idempotency.objects.filter(created_at__lt=now - KEEP_ANSWER - timedelta(minutes=5)).delete()
    return gone
