"""What time does by itself, each as an action with its own event. The runner calls `tick`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from fairnotice.cases import carrying_out
from fairnotice.cases.actions import confirm, emergency, forward_clock, openings, two_people
from fairnotice.cases.actions.inform import delivery_failed, take_effect
from fairnotice.cases.actions.submit import KEEP_ANSWER
from fairnotice.cases.earlier import end_decision
from fairnotice.cases.errors import Conflict, Refused
from fairnotice.cases.models import Case, Decision, DecisionStatus, Idempotency, Measure, Statement
from fairnotice.cases.steps import step
from fairnotice.law.deadlines import appeal_until
from fairnotice.ledger.append import append
from fairnotice.ledger.models import OutboxRow

# No six months are shorter than this: a case decided later cannot be finished, and is not looked at.
_SHORTEST_APPEAL = timedelta(days=180)


def tick(now: datetime | None = None) -> dict[str, int]:
    """Do everything that is due; returns how much of each. Safe to call at any time and again."""
    at = now or timezone.now()
    return {
        "lapsed": lapse_unconfirmed(now=at),
        "started": start_measures(now=at),
        "expired": expire_measures(now=at),
        "closed": close_finished(now=at),
        "undelivered": fail_undelivered(),
        **forward_clock.tick(now=at),
        "escalated": emergency.escalate(now=at),
        "proposals": two_people.expire_proposals(now=at),
        "openings": openings.forget_openings(now=at),
        "forgotten": forget_answers(now=at),
    }


def lapse_unconfirmed(*, now: datetime) -> int:
    """Severe decisions that no second person confirmed in time."""
    due = DecisionStatus.objects.filter(state="proposed", lapses_at__lte=now).values_list(
        "decision__ref", flat=True
    )
    lapsed = 0
    for ref in list(due):
        try:
            confirm.lapse(decision_ref=ref)
        except (Conflict, Refused):
            continue  # somebody was faster
        lapsed += 1
    return lapsed


def start_measures(*, now: datetime) -> int:
    """Measures that were to take effect on a later day, now that it has come: only those whose statement has
    gone out, or of which it is recorded why none could."""
    told = Statement.objects.filter(
        audience="affected",
        status__state__in=("dispatched", "unreachable"),
        decision__status__state__in=("in_force", "partly_reversed"),
        decision__measures__status__state="proposed",
        decision__measures__start__lte=timezone.localdate(now),
    )
    return sum(_start(statement, now) for statement in told.distinct().order_by("id"))


@transaction.atomic
def _start(statement: Statement, now: datetime) -> int:
    waiting = Measure.objects.filter(decision=statement.decision_id, status__state="proposed")
    before = waiting.count()
    take_effect(statement, now)
    started = before - waiting.count()
    if started:
        decision = statement.decision
        append(
            kind="measure.started",
            open={"count": started},
            case_ref=decision.case.ref,
            follows=decision.event,
        )
    return started


def expire_measures(*, now: datetime) -> int:
    """Measures whose end has passed, and those whose review date passed without a review. One that never took
    effect because nobody was told in time is over as well."""
    return sum(_end(pk, now) for pk in list(_over(now).values_list("pk", flat=True)))


def _over(now: datetime) -> QuerySet[Measure]:
    today = timezone.localdate(now)
    told = Q(status__state="proposed") & ~Q(decision__status__state="proposed")
    return Measure.objects.filter(Q(status__state="in_force") | told).filter(
        Q(end__lt=today)
        | Q(status__end_early__lt=today)
        | Q(status__review_again__lt=today)
        | Q(status__review_again__isnull=True, review__lt=today)
    )


@transaction.atomic
def _end(pk: int, now: datetime) -> int:
    # Asked again inside the transaction: an appeal may have undone it since.
    measure = _over(now).select_related("status", "decision__case", "decision__event").filter(pk=pk).first()
    if measure is None:
        return 0
    status, today = measure.status, timezone.localdate(now)
    ended = any(day is not None and day < today for day in (measure.end, status.end_early))
    status.state = step("measure", status.state, "expire" if ended and status.in_force_at else "lapse")
    if status.effect in ("confirmed", "pending", "failed"):
        status.effect, status.effect_at = step("effect", status.effect, "restore"), now
        carrying_out.announce(status, now)
    status.save()
    append(
        kind="measure.ended",
        open={"how": status.state},
        case_ref=measure.decision.case.ref,
        follows=measure.decision.event,
    )
    end_decision(measure.decision)
    return 1


def close_finished(*, now: datetime) -> int:
    """Decided cases whose time for appeal is over on every side, with nothing left to restore."""
    closed = 0
    old = Case.objects.filter(state__in=("decided", "reviewed")).exclude(
        decisions__decided_at__gt=now - _SHORTEST_APPEAL
    )
    for case in old:
        if _finished(case, now):
            closed += _close(case, now)
    return closed


def _finished(case: Case, now: datetime) -> bool:
    decision = Decision.objects.filter(case=case).select_related("status").order_by("-id").first()
    if decision is None or decision.status.state == "proposed":
        return False
    undone = ("pending", "failed", "restoring", "restore_failed")
    if Measure.objects.filter(decision__case=case, status__effect__in=undone).exists():
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
def _close(case: Case, now: datetime) -> int:
    state = step("case", case.state, "close")
    if not Case.objects.filter(pk=case.pk, version=case.version).update(
        version=F("version") + 1, state=state, closed_at=now
    ):
        return 0  # an appeal came in meanwhile
    append(kind="case.closed", open={}, case_ref=case.ref)
    return 1


def fail_undelivered() -> int:
    """Statements whose letter was given up without anybody saying so: its last sender died in the middle.
    They go where a failed letter goes, so that somebody finds another way."""
    given_up = OutboxRow.objects.filter(kind="statement", dead=True, done_at__isnull=True)
    lost = Statement.objects.filter(
        status__state="queued", status__channel="email", ref__in=given_up.values("ref")
    )
    refs = list(lost.order_by("id").values_list("ref", flat=True))
    for ref in refs:
        delivery_failed(statement_ref=ref)
    return len(refs)


def forget_answers(*, now: datetime) -> int:
    """Sealed answers to retries, after their 24 hours."""
    gone, _ = Idempotency.objects.filter(created_at__lt=now - KEEP_ANSWER - timedelta(minutes=5)).delete()
    return gone
