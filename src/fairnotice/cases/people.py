"""Who may see and decide which case: roles first, then involvement."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairnotice.cases.errors import NotFound, Refused
from fairnotice.cases.models import Case, CaseInvolved
from fairnotice.cases.permissions import APPEALS, SENIOR, Actor


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """The cases this person may see: none in which they are involved, and those about somebody at this
    service only for senior and appeals reviewers, whatever other role somebody has."""
    # One row of the join has to meet both conditions, so they cannot stand in one exclude().
    kept_out = CaseInvolved.objects.filter(user_id=actor.user_id, kind="involved")
    cases = Case.objects.exclude(pk__in=kept_out.values("case_id"))
    if not actor.roles & {SENIOR, APPEALS}:
        cases = cases.filter(staff_involved=False)
    return cases


def case_for(actor: Actor, ref: str) -> Case:
    """The case, or NotFound: for somebody who may not see it, it looks as if it did not exist."""
    case = visible_cases(actor).filter(ref=ref).first()
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def cases_to_rest_on(actor: Actor, case: Case) -> QuerySet[Case]:
    """Decided cases that a measure about an account in `case` may rest on: a decision that restricted
    something and stands (or has run its time), visible to the actor, and not this case. A proposed, refused,
    lapsed or reversed decision is nothing to rest on."""
    return (
        visible_cases(actor)
        .filter(
            decisions__no_action=False,
            decisions__status__state__in=("in_force", "partly_reversed", "expired"),
        )
        .exclude(pk=case.pk)
        .distinct()
    )


def refuse_second_decision(actor: Actor, case: Case) -> None:
    """Somebody whose decision on this case was reversed does not decide it again. Raises Refused."""
    if CaseInvolved.objects.filter(case=case, user_id=actor.user_id).exists():
        raise Refused(_("You decided this case before; somebody else has to decide it now."))
