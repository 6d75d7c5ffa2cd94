"""Taking a case on, giving it back, and keeping people out of it."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.errors import NotFound, Refused
from fairnotice.cases.models import AppealStatus, Case, CaseInvolved
from fairnotice.cases.people import case_for, refuse_second_decision
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import move_appeal, move_case, step
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
        raise Refused(_("You do not hold this case."))
    move_case(
        case, version=version, state=step("case", case.state, "release"), claimed_by_id=None, claimed_at=None
    )
    append(kind="case.released", open={}, actor_id=actor.user_id, case_ref=case.ref)
    return case


@transaction.atomic
def mark_involved(*, actor: Actor, case_ref: str, user_id: int) -> Case:
    """Keep an account out of a case: from now on it neither sees nor decides it. A case or an appeal that
    they hold goes back to be taken by others. Raises NotFound, also for an account that does not exist."""
    require(actor, "mark_involved")
    case = case_for(actor, case_ref)
    if not get_user_model().objects.filter(pk=user_id).exists():
        raise NotFound(_("There is no such account."))
    CaseInvolved.objects.update_or_create(case=case, user_id=user_id, defaults={"kind": "involved"})
    if case.claimed_by_id == user_id and case.state in ("claimed", "awaiting"):
        move_case(case, state=step("case", case.state, "release"), claimed_by_id=None, claimed_at=None)
    held = AppealStatus.objects.filter(appeal__decision__case=case, claimed_by_id=user_id, state="claimed")
    for status in held:
        move_appeal(status, state=step("appeal", status.state, "release"), claimed_by_id=None)
    append(kind="case.involved", open={}, actor_id=actor.user_id, case_ref=case.ref)
    return case
