"""A measure with a review date is looked at again by a person, or it lapses: nothing is kept by waiting."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.drafts import Fault
from fairnotice.cases.earlier import end_decision, undo
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import Measure, MeasureStatus
from fairnotice.cases.people import refuse_second_decision, visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE
from fairnotice.cases.texts import text_faults
from fairnotice.law.measures import is_severe
from fairnotice.ledger.append import Personal, append

MAX_REASON = 1000
# Kept for a year at most; then somebody looks at it once more.
LONGEST = timedelta(days=365)


@transaction.atomic
def review_measure(*, actor: Actor, measure_ref: str, keep_until: date | None, reason: str) -> MeasureStatus:
    """Keep a measure that is in force until a new review date, or with `keep_until` None end it now, which
    the service then has to undo.

    A severe one is looked at by somebody other than the decider. Raises Invalid, NotFound, Refused,
    Forbidden, and Conflict where it is no longer in force.
    """
    require(actor, "review_measure")
    measure = (
        Measure.objects.select_related("status", "decision__case", "decision__event")
        .filter(ref=measure_ref, decision__case__in=visible_cases(actor))
        .first()
    )
    if measure is None:
        raise NotFound(_("There is no such measure."))
    decision, case, status = measure.decision, measure.decision.case, measure.status
    refuse_second_decision(actor, case)
    if is_severe([measure.kind]) and decision.decided_by_id == actor.user_id:
        raise Refused(_("You made this decision; a severe measure is looked at again by somebody else."))
    if status.state != "in_force":
        raise Conflict(_("This measure is no longer in force."))
    if measure.review is None:
        raise Refused(_("This measure ends by itself on a day that was set; there is no review."))
    faults = check_review(measure, keep_until, reason)
    if faults:
        raise Invalid(faults)
    now = timezone.now()
    append(
        kind="measure.reviewed",
        open={"kept": keep_until is not None, "until": keep_until.isoformat() if keep_until else None},
        personal=[Personal("reason", reason.strip(), case.subject_key)],
        actor_id=actor.user_id,
        case_ref=case.ref,
        follows=decision.event,
    )
    seen = status.review_again
    if keep_until is None:
        undo(status, now)
    status.review_again = keep_until or seen
    status.reviewed_by_id, status.reviewed_at = actor.user_id, now
    status.review_reason_length = sealed.replace(
        "measure", measure_ref, case.subject_key, "review_reason", reason
    )
    changes = {
        name: getattr(status, name)
        for name in (
            "state",
            "effect",
            "effect_at",
            "review_again",
            "reviewed_by_id",
            "reviewed_at",
            "review_reason_length",
        )
    }
    same = MeasureStatus.objects.filter(pk=status.pk, state="in_force", review_again=seen)
    if not same.update(**changes):
        raise Conflict(STALE)
    end_decision(decision)
    return status


def check_review(measure: Measure, keep_until: date | None, reason: str) -> list[Fault]:
    """Every fault of a review."""
    faults = text_faults("reason", reason, MAX_REASON, _("Say why it is kept, or why it ends."))
    if keep_until is None:
        return faults
    today = timezone.localdate()
    last = min((day for day in (measure.end, measure.status.end_early) if day), default=None)
    if not today < keep_until <= today + LONGEST:
        say = _("Give a day after today and within a year, on which it is looked at again.")
        faults.append(Fault("keep_until", "date", say))
    elif last is not None and keep_until > last:
        faults.append(
            Fault("keep_until", "date", _("It ends before this day; nothing is kept beyond its end."))
        )
    return faults
