"""Who may see and decide which case: roles first, then involvement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fairnotice.cases.errors import NotFound, Refused
from fairnotice.cases.models import Case, CaseInvolved, InvolvedContact, Notice, Received
from fairnotice.cases.permissions import APPEALS, SENIOR, Actor

_answers: ContextVar[dict[Actor, bool] | None] = ContextVar("answers", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Who is a person of trust is looked up once during this block: for reading many lists at one moment."""
    before = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(before)


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """The cases this person may see: none in which they are involved, and those about somebody at this
    service only where they are a person of trust. While no account is named as one, senior and appeals
    reviewers are, whatever other role they have."""
    cases = Case.objects.exclude(pk__in=_kept_out(actor))
    return cases if is_trusted(actor) else cases.filter(staff_involved=False)


def with_role(role: str) -> set[int]:
    """The accounts that hold this role and can sign in."""
    people = get_user_model()._default_manager.filter(is_active=True, grants__role=role)
    return set(people.values_list("pk", flat=True))


def trusted_accounts() -> QuerySet[InvolvedContact]:
    """The accounts that an administrator named as people of trust, and that can sign in."""
    return InvolvedContact.objects.filter(ended_at__isnull=True, user__is_active=True)


def is_trusted(actor: Actor) -> bool:
    """Whether this person sees what concerns the staff, as long as it does not concern them."""
    answers = _answers.get()
    if answers is not None and actor in answers:
        return answers[actor]
    named = set(trusted_accounts().values_list("user_id", flat=True))
    found = actor.user_id in named if named else bool(actor.roles & {SENIOR, APPEALS})
    if answers is not None:
        answers[actor] = found
    return found


def hidden_cases(actor: Actor) -> QuerySet[Case]:
    """The cases that do not exist for this person: all but `visible_cases`, said so that a database finds
    the few of them without listing the many."""
    hidden = Q(pk__in=_kept_out(actor))
    return Case.objects.filter(hidden if is_trusted(actor) else hidden | Q(staff_involved=True))


def _kept_out(actor: Actor) -> QuerySet[CaseInvolved, Any]:
    # One row of the join has to meet both conditions, so they cannot stand in one exclude().
    return CaseInvolved.objects.filter(user_id=actor.user_id, kind="involved").values("case_id")


def hidden_notices(actor: Actor) -> QuerySet[Notice]:
    """The notices with a case that does not exist for this person: what they say leads to it."""
    return Notice.objects.filter(items__case__in=hidden_cases(actor))


def visible_messages(actor: Actor) -> QuerySet[Received]:
    """What came in at the doors that store first, without what has become, or says to be, what this person
    must not know of."""
    rows = Received.objects.exclude(notice__in=hidden_notices(actor).values("pk"))
    # A table is one message about many things.
    rows = rows.exclude(table__lines__notice__in=hidden_notices(actor).values("pk"))
    return rows if is_trusted(actor) else rows.filter(staff_involved=False)


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
