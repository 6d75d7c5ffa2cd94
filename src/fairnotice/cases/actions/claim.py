"""Taking a case on, giving it back, and keeping people out of it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from fairnotice.cases.errors import Refused
from fairnotice.cases.models import Case, CaseInvolved
from fairnotice.cases.people import case_for, refuse_second_decision
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import move_case, step
from fairnotice.ledger.append import append


@transaction.atomic
def claim(*, actor: Actor, case_ref: str, version: int) -> Case:
    """The actor takes the case. Raises Conflict where somebody else was faster, Refused, NotFound,
    Forbidden."""
    require(actor, "claim")
    case = case_for(actor, case_ref)
    refuse_second_decision(actor, case)
    state = step("case", case.state, "claim") if case.version == version else case.state
    move_case(case, version=version, state=state, claimed_by_id=actor.user_id, claimed_at=timezone.now())
    append(kind="case.claimed", open={}, actor_id=actor.user_id, case_ref=case.ref)
    return case


@transaction.atomic
def release(*, actor: Actor, case_ref: str, version: int) -> Case:
    """The actor gives the case back to the queue. Only whoever holds it can."""
    require(actor, "release")
    case = case_for(actor, case_ref)
    if case.claimed_by_id != actor.user_id:
        raise Refused("You do not hold this case.")
    move_case(
        case, version=version, state=step("case", case.state, "release"), claimed_by_id=None, claimed_at=None
    )
    append(kind="case.released", open={}, actor_id=actor.user_id, case_ref=case.ref)
    return case


@transaction.atomic
def mark_involved(*, actor: Actor, case_ref: str, user_id: int) -> Case:
    """Keep an account out of a case: from now on it neither sees nor decides it. A held case goes back to the
    queue where its holder is the one involved."""
    require(actor, "mark_involved")
    case = case_for(actor, case_ref)
    CaseInvolved.objects.update_or_create(case=case, user_id=user_id, defaults={"kind": "involved"})
    if case.claimed_by_id == user_id and case.state in ("claimed", "awaiting"):
        move_case(case, state=step("case", case.state, "release"), claimed_by_id=None, claimed_at=None)
    append(kind="case.involved", open={}, actor_id=actor.user_id, case_ref=case.ref)
    return case
