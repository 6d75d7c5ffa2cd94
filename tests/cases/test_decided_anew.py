"""A case decided anew after a notifier's appeal: the new decision takes the place of the earlier one (ADR 0009)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases import bodies, wording
from fairnotice.cases.actions import appeal, claim, clock, confirm, decide, inform
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import Case, Decision, MeasureStatus, Statement
from fairnotice.cases.queries import recourse
from fairnotice.ledger.models import Event, OutboxRow
from tests.cases import making
from tests.cases.test_reopened import answer

pytestmark = pytest.mark.usefixtures("fn_db")
LABEL = "DECISION_VISIBILITY_CONTENT_LABELLED"
REMOVAL = "DECISION_VISIBILITY_CONTENT_REMOVED"
BAN = "DECISION_PROVISION_TOTAL_TERMINATION"
NOBODY = decide.Reach("unreachable", reason="The service holds no address of the author.")


def sent_back(*kinds: str, reach: decide.Reach = NOBODY) -> Decision:
    """A decision with a measure in force (if its statement went out), reversed on the notifier's appeal."""
    sent = making.notice()
    decision = making.decided(sent, making.account("r", "reviewer"), *(kinds or (LABEL,)), reach=reach)
    mine = appeal.lodge(access=making.notifier_access(sent), decision_ref=decision.ref, reasons="Too mild.")
    answer(making.account("a", "appeals_reviewer"), mine, "reversed")
    return decision


def anew(decision: Decision, *kinds: str, reach: decide.Reach = NOBODY) -> Decision:
    case = Case.objects.get(pk=decision.case_id)
    reviewer = making.account("second", "reviewer")
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    return decide.decide(
        actor=reviewer,
        case_ref=case.ref,
        version=case.version,
        draft=making.draft(*kinds),
        reach=reach,
        summary=making.SUMMARY,
    )


def states(decision: Decision) -> list[tuple[str, str]]:
    rows = MeasureStatus.objects.filter(measure__decision=decision).order_by("pk")
    return list(rows.values_list("state", "effect"))


def test_the_earlier_measure_is_undone_when_the_new_one_takes_effect_and_not_before() -> None:
    first = sent_back()
    second = anew(first, REMOVAL, reach=decide.Reach("letter"))
    assert states(first) == [("in_force", "pending")], "nothing stands in its place yet"
    told = Statement.objects.get(decision=second, audience="affected")
    inform.opened(statement_ref=told.ref)
    assert states(first) == [("reversed", "restoring")]
    assert states(second) == [("in_force", "pending")]
    event = Event.objects.get(kind="measure.superseded")
    assert event.open == {"count": 1} and event.case_ref == first.case.ref


def test_the_statement_of_the_new_decision_names_what_ends() -> None:
    first = sent_back()
    second = anew(first, REMOVAL)
    access = making.affected_access(second)
    told = Statement.objects.get(decision=second, audience="affected")
    _statement, body = recourse.statement_for(access, told.ref)
    assert body is not None
    assert body["before"] == [bodies.measure_body(first.measures.get())]
    section = next(s for s in wording.in_words(body) if s.slug == "before")
    assert any("Labelling" in line or "label" in line.lower() for line in section.lines)


@pytest.mark.parametrize(
    ("earlier", "way"), [(NOBODY, "unreachable"), (decide.Reach("email", "author@example.net"), "email")]
)
def test_no_action_lifts_the_earlier_measure_at_once_and_says_so(earlier: decide.Reach, way: str) -> None:
    first = sent_back(reach=earlier)
    if way == "email":
        inform.dispatched(
            statement_ref=Statement.objects.get(decision=first, audience="affected", outcome=None).ref
        )
    second = anew(first, "NO_ACTION", reach=decide.Reach())
    assert states(first) == [("reversed", "restoring")]
    assert states(second) == [("closed", "")]
    told = Statement.objects.get(decision=second, audience="affected")
    assert told.status.channel == way, "told the way they were told before"
    assert OutboxRow.objects.filter(ref=told.ref).exists() == (way == "email")
    inform.dispatched(statement_ref=told.ref)
    assert states(second) == [("closed", "")], "“no action” is never in force"


def test_another_way_to_tell_of_the_lifting_is_checked_and_used() -> None:
    first = sent_back()
    with pytest.raises(Invalid) as refused:
        anew(first, "NO_ACTION", reach=decide.Reach("email", "no address"))
    assert [fault.path for fault in refused.value.faults] == ["reach.email"]


def test_no_action_without_an_earlier_measure_disturbs_nobody() -> None:
    first = sent_back("NO_ACTION", reach=decide.Reach())
    second = anew(first, "NO_ACTION", reach=decide.Reach())
    assert not Statement.objects.filter(audience="affected").exists()
    assert states(second) == [("closed", "")]


def test_what_was_still_to_come_never_comes() -> None:
    first = sent_back(reach=decide.Reach("letter"))
    assert states(first) == [("proposed", "")]
    anew(first, REMOVAL)
    inform.opened(statement_ref=Statement.objects.get(decision=first, audience="affected", outcome=None).ref)
    assert states(first) == [("withdrawn", "")]


def test_a_new_decision_that_never_takes_effect_leaves_the_earlier_one() -> None:
    first = sent_back()
    second = anew(first, BAN)
    confirm.refuse(actor=making.account("s", "senior_reviewer"), decision_ref=second.ref, reason="Too much.")
    clock.tick(timezone.now() + timedelta(hours=80))
    assert states(first) == [("in_force", "pending")]


def test_an_appeal_against_what_was_superseded_can_still_be_answered() -> None:
    first = sent_back()
    access = making.affected_access(first)
    lodged = appeal.lodge(access=access, decision_ref=first.ref, reasons="It was satire.")
    anew(first, REMOVAL)
    assert appeal.check_outcome(lodged, "partly_reversed", "Half.", [])[0].path == "outcome"
    answer(making.account("b", "appeals_reviewer"), lodged, "reversed")
    assert states(first) == [("reversed", "restoring")]


def test_the_first_decision_of_a_case_names_nothing_that_ends() -> None:
    decision = making.decided(making.notice(), making.account("r", "reviewer"))
    told = Statement.objects.get(audience="affected")
    _statement, body = recourse.statement_for(making.affected_access(decision), told.ref)
    assert body is not None and body["before"] == []
    assert "before" not in {section.slug for section in wording.in_words(body)}
    assert not Event.objects.filter(kind="measure.superseded").exists()
