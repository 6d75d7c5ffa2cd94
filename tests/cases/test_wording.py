"""The words of statements: whether a measure can be undone, and how, is told to whom it restricts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases import bodies, wording
from fairnotice.cases.actions import appeal
from fairnotice.cases.models import Decision
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")


def undoing(body: dict[str, object]) -> list[str]:
    return [line for section in wording.in_words(body) if section.slug == "undo" for line in section.lines]


def decided(reversible: bool) -> Decision:
    wanted = making.draft().measures
    wanted[0].reversible = reversible
    return making.decided(making.notice(), making.account("r", "reviewer"), measures=wanted)


@pytest.mark.parametrize(
    ("reversible", "said"),
    [
        (True, "It can be undone: The post is shown again."),
        (False, "It cannot be undone, or not fully: The post is shown again."),
    ],
)
def test_a_statement_says_whether_a_measure_can_be_undone_and_how(reversible: bool, said: str) -> None:
    assert undoing(bodies.for_affected(decided(reversible))) == [said]


def test_no_action_has_nothing_to_undo() -> None:
    decision = making.decided(making.notice(), making.account("r", "reviewer"), "NO_ACTION")
    assert undoing(bodies.for_notifier(decision)) == []


def test_the_answer_to_an_appeal_says_it_of_the_milder_measure() -> None:
    decision = decided(True)
    other = making.account("a", "appeals_reviewer")
    lodged = appeal.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons="No.")
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    change = appeal.ChangeDraft(
        decision.measures.get().ref,
        "replace",
        timezone.localdate() + timedelta(days=30),
        "DECISION_VISIBILITY_CONTENT_LABELLED",
        "The label is taken off.",
    )
    answer = appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="partly_reversed",
        reasons="So.",
        changes=[change],
    )
    assert undoing(bodies.for_outcome(answer)) == ["It can be undone: The label is taken off."]
