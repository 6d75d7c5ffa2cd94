"""Who may see and decide which case: roles first, then involvement."""

from __future__ import annotations

from django.db.models import QuerySet

from fairnotice.cases.errors import NotFound, Refused
from fairnotice.cases.models import Case, CaseInvolved
from fairnotice.cases.permissions import ADMIN, APPEALS, SENIOR, Actor


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """The cases this person may see: none in which they are involved, and those about somebody at this
    service only for senior and appeals reviewers."""
    # One row of the join has to meet both conditions, so they cannot stand in one exclude().
    kept_out = CaseInvolved.objects.filter(user_id=actor.user_id, kind="involved")
    cases = Case.objects.exclude(pk__in=kept_out.values("case_id"))
    if not actor.roles & {SENIOR, APPEALS, ADMIN}:
        cases = cases.filter(staff_involved=False)
    return cases


def case_for(actor: Actor, ref: str) -> Case:
    """The case, or NotFound: for somebody who may not see it, it looks as if it did not exist."""
    case = visible_cases(actor).filter(ref=ref).first()
    if case is None:
        raise NotFound("There is no such case.")
    return case


def refuse_second_decision(actor: Actor, case: Case) -> None:
    """Somebody whose decision on this case was reversed does not decide it again. Raises Refused."""
    if CaseInvolved.objects.filter(case=case, user_id=actor.user_id).exists():
        raise Refused("You decided this case before; somebody else has to decide it now.")
