"""The second person for severe measures."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions.decide import put_in_force
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import Decision, MeasureStatus
from fairnotice.cases.people import refuse_second_decision, visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE, reopen_case, step
from fairnotice.cases.texts import open_text_faults
from fairnotice.ledger.append import append


def _proposed(actor: Actor, decision_ref: str) -> Decision:
    require(actor, "confirm")
    decision = Decision.objects.filter(ref=decision_ref, case__in=visible_cases(actor)).first()
    if decision is None:
        raise NotFound(_("There is no such decision."))
    if decision.decided_by_id == actor.user_id:
        raise Refused(_("You made this decision; a second person has to look at it."))
    refuse_second_decision(actor, decision.case)
    status = decision.status
    # The clock may be late; the time is over all the same.
    if status.state != "proposed" or (status.lapses_at and status.lapses_at <= timezone.now()):
        raise Conflict(STALE)
    return decision


@transaction.atomic
def confirm(*, actor: Actor, decision_ref: str) -> Decision:
    """The second person agrees: the decision stands and both sides are told."""
    decision = _proposed(actor, decision_ref)
    now = timezone.now()
    status = decision.status
    status.second_id, status.second_at = actor.user_id, now
    status.save(update_fields=["second", "second_at"])
    append(
        kind="decision.confirmed",
        open={},
        actor_id=actor.user_id,
        case_ref=decision.case.ref,
        follows=decision.event,
    )
    put_in_force(decision, now)
    return decision


@transaction.atomic
def refuse(*, actor: Actor, decision_ref: str, reason: str) -> Decision:
    """The second person does not agree, and says why: nothing takes effect, the case goes back to the
    queue."""
    decision = _proposed(actor, decision_ref)
    faults = open_text_faults("reason", reason, 1000, _("Say why you do not agree."))
    if faults:
        raise Invalid(faults)
    status = decision.status
    status.second_id, status.second_at = actor.user_id, timezone.now()
    status.second_reason_length = sealed.replace(
        "decision", decision.ref, decision.case.subject_key, "second_reason", reason
    )
    status.state = step("decision", status.state, "refuse")
    status.save()
    drop_proposed(decision)
    append(
        kind="decision.refused",
        open={},
        actor_id=actor.user_id,
        case_ref=decision.case.ref,
        follows=decision.event,
    )
    return decision


@transaction.atomic
def lapse(*, decision_ref: str) -> None:
    """No second person came within the time: the decision lapses and the case goes back to the queue. The
    clock calls this."""
    decision = Decision.objects.get(ref=decision_ref)
    status = decision.status
    status.state = step("decision", status.state, "lapse")
    status.save(update_fields=["state"])
    drop_proposed(decision)
    append(kind="decision.lapsed", open={}, case_ref=decision.case.ref, follows=decision.event)


def drop_proposed(decision: Decision) -> None:
    """What was only proposed never takes effect; the register never hears of it. Part of `refuse` and
    `lapse`."""
    for status in MeasureStatus.objects.filter(measure__decision=decision, state="proposed"):
        status.state = step("measure", status.state, "lapse")
        status.save(update_fields=["state"])
    publication = decision.publication
    publication.state = "withheld"
    publication.withheld_reason_length = sealed.replace(
        "publication",
        publication.ref,
        decision.case.subject_key,
        "withheld_reason",
        _("The decision never took effect."),
    )
    publication.save(update_fields=["state", "withheld_reason_length"])
    reopen_case(decision.case)
