"""A measure about an account rests on decided cases that stand; the action asks, whatever a form let through."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fairnotice.cases.actions import appeal, claim, decide
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import Decision
from fairnotice.cases.permissions import Actor
from tests.cases import making
from tests.cases.test_reopened import answer

pytestmark = pytest.mark.usefixtures("fn_db")
BAN = "DECISION_ACCOUNT_TERMINATED"
PLACE = "https://forum.example.org/post/99"


def _banned(reviewer: Actor, *refs: str) -> Decision:
    return making.decided(making.notice(), reviewer, BAN, other_items=list(refs))


def _open(_reviewer: Actor) -> str:
    return making.case_of(making.notice(PLACE)).ref


def _no_action(reviewer: Actor) -> str:
    return making.decided(making.notice(PLACE), reviewer, "NO_ACTION", reach=decide.Reach()).case.ref


def _proposed(reviewer: Actor) -> str:
    return making.decided(making.notice(PLACE), reviewer, "DECISION_PROVISION_TOTAL_SUSPENSION").case.ref


def _reversed(reviewer: Actor) -> str:
    decision = making.decided(making.notice(PLACE), reviewer)
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="It was satire.")
    answer(making.account("a", "appeals_reviewer"), lodged, "reversed")
    return decision.case.ref


def _not_visible(reviewer: Actor) -> str:
    decision = making.decided(making.notice(PLACE), reviewer)
    senior = making.account("s", "senior_reviewer")
    claim.mark_involved(actor=senior, case_ref=decision.case.ref, user_id=reviewer.user_id)
    return decision.case.ref


def _unknown(_reviewer: Actor) -> str:
    return "AAAA2222BBBB"


@pytest.mark.parametrize("make", [_open, _no_action, _proposed, _reversed, _not_visible, _unknown])
def test_it_rests_on_nothing_else(make: Callable[[Actor], str]) -> None:
    reviewer = making.account("r", "reviewer")
    ref = make(reviewer)
    with pytest.raises(Invalid) as refused:
        _banned(reviewer, ref)
    assert [(f.path, f.code) for f in refused.value.faults] == [("other_items", "choice")]


def test_it_does_not_rest_on_itself() -> None:
    reviewer = making.account("r", "reviewer")
    sent = making.notice()
    with pytest.raises(Invalid):
        making.decided(sent, reviewer, BAN, other_items=[making.case_of(sent).ref])


def test_it_rests_on_decided_cases() -> None:
    reviewer = making.account("r", "reviewer")
    refs = [
        making.decided(making.notice(f"{PLACE}{n}"), making.account(f"o{n}", "reviewer")).case.ref
        for n in (1, 2)
    ]
    assert _banned(reviewer, *refs).rests_on == refs
