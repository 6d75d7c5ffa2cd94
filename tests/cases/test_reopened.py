"""A case that comes back: while others about the same item are open, with both sides appealing, decided again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases.actions import appeal, claim, clock, confirm, decide, inform, withdraw
from fairnotice.cases.errors import Conflict, Refused
from fairnotice.cases.models import Appeal, Case, Decision, MeasureStatus, Statement
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import recourse
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
BAN = "DECISION_PROVISION_TOTAL_TERMINATION"
ITEM = "https://forum.example.org/post/7"


def answer(
    actor: Actor, lodged: Appeal, outcome: str, changes: list[appeal.ChangeDraft] | None = None
) -> None:
    version = Appeal.objects.get(pk=lodged.pk).status.version
    appeal.claim_appeal(actor=actor, appeal_ref=lodged.ref, version=version)
    appeal.decide_appeal(
        actor=actor,
        appeal_ref=lodged.ref,
        version=version + 1,
        outcome=outcome,
        reasons="Looked at anew.",
        changes=changes or [],
    )


def again(case: Case, reviewer: Actor, *kinds: str) -> Decision:
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=Case.objects.get(pk=case.pk).version)
    return decide.decide(
        actor=reviewer,
        case_ref=case.ref,
        version=case.version,
        draft=making.draft(*kinds),
        reach=decide.Reach("unreachable", reason="The service holds no address of the author."),
        summary=making.SUMMARY,
    )


def test_refused_while_another_notice_about_the_item_waits() -> None:
    reviewer, senior = making.account("r", "reviewer"), making.account("s", "senior_reviewer")
    decision = making.decided(making.notice(ITEM), reviewer, BAN)
    later = making.case_of(making.notice(ITEM))
    confirm.refuse(actor=senior, decision_ref=decision.ref, reason="Too much.")
    assert Case.objects.get(pk=decision.case_id).state == "open"
    third = making.case_of(making.notice(ITEM))
    assert third == later, "later notices have one place to meet"


def test_the_clock_goes_on_past_a_case_that_comes_back() -> None:
    reviewer = making.account("r", "reviewer")
    making.decided(making.notice(ITEM), reviewer, BAN)
    making.decided(making.notice("https://forum.example.org/post/8"), reviewer, BAN)
    making.notice(ITEM)
    assert clock.tick(timezone.now() + timedelta(hours=73))["lapsed"] == 2


def test_after_its_time_a_severe_decision_cannot_be_confirmed_though_the_clock_is_late() -> None:
    reviewer, senior = making.account("r", "reviewer"), making.account("s", "senior_reviewer")
    decision = making.decided(making.notice(), reviewer, BAN)
    decision.status.lapses_at = timezone.now() - timedelta(seconds=1)
    decision.status.save()
    with pytest.raises(Conflict):
        confirm.confirm(actor=senior, decision_ref=decision.ref)
    assert not Statement.objects.exists()


@pytest.mark.parametrize("first", ["affected", "notifier"])
def test_both_sides_are_right_in_either_order(first: str) -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    sent = making.notice()
    decision = making.decided(sent, reviewer)
    accesses = {"affected": making.affected_access(decision), "notifier": making.notifier_access(sent)}
    lodged = {
        side: appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
        for side, access in accesses.items()
    }
    second = {"affected": "notifier", "notifier": "affected"}[first]
    answer(other, lodged[first], "reversed")
    assert Case.objects.get(pk=decision.case_id).state == "appealed"
    answer(other, lodged[second], "reversed")
    assert Case.objects.get(pk=decision.case_id).state == "open", "the notifier's appeal sends it back"
    assert MeasureStatus.objects.get().state == "reversed"
    with pytest.raises(Refused):
        again(decision.case, reviewer)


def test_a_successful_notifier_is_not_forgotten_when_the_other_appeal_fails() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    sent = making.notice()
    decision = making.decided(sent, reviewer)
    mine = appeal.lodge(access=making.notifier_access(sent), decision_ref=decision.ref, reasons="Too mild.")
    theirs = appeal.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons="No.")
    answer(other, mine, "reversed")
    answer(other, theirs, "upheld")
    assert Case.objects.get(pk=decision.case_id).state == "open"


def test_two_notifiers_can_both_be_right() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    one, two = making.notice(ITEM), making.notice(ITEM)
    decision = making.decided(one, reviewer, "NO_ACTION", reach=decide.Reach())
    lodged = [
        appeal.lodge(access=making.notifier_access(sent), decision_ref=decision.ref, reasons="It is there.")
        for sent in (one, two)
    ]
    for each in lodged:
        answer(other, each, "reversed")
    assert Case.objects.get(pk=decision.case_id).state == "open"


def test_what_stays_in_force_can_be_appealed_while_it_is_decided_anew() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    sent = making.notice()
    decision = making.decided(sent, reviewer)
    mine = appeal.lodge(access=making.notifier_access(sent), decision_ref=decision.ref, reasons="Too mild.")
    answer(other, mine, "reversed")
    assert MeasureStatus.objects.get().state == "in_force"
    access = making.affected_access(decision)
    assert recourse.appeal_window(access, decision).open
    theirs = appeal.lodge(access=access, decision_ref=decision.ref, reasons="It was satire.")
    answer(other, theirs, "reversed")
    assert MeasureStatus.objects.get().state == "reversed"
    assert Case.objects.get(pk=decision.case_id).state == "open"


def test_nobody_answers_an_appeal_in_a_case_that_they_decided_before() -> None:
    every = ("reviewer", "senior_reviewer", "appeals_reviewer")
    first, second, third, fourth = (making.account(f"u{n}", *every) for n in range(4))
    sent = making.notice()
    decision = making.decided(sent, first, "NO_ACTION", reach=decide.Reach())
    mine = appeal.lodge(
        access=making.notifier_access(sent), decision_ref=decision.ref, reasons="It is there."
    )
    answer(second, mine, "reversed")
    anew = again(decision.case, third)
    theirs = appeal.lodge(access=making.affected_access(anew), decision_ref=anew.ref, reasons="No.")
    for party in (first, second, third):
        with pytest.raises(Refused):
            appeal.claim_appeal(actor=party, appeal_ref=theirs.ref, version=1)
    answer(fourth, theirs, "upheld")


def test_whose_decision_was_reversed_is_not_the_second_person_of_the_next() -> None:
    first = making.account("r", "senior_reviewer")
    other, third = making.account("a", "appeals_reviewer"), making.account("t", "reviewer")
    sent = making.notice()
    decision = making.decided(sent, first, "NO_ACTION", reach=decide.Reach())
    mine = appeal.lodge(
        access=making.notifier_access(sent), decision_ref=decision.ref, reasons="It is there."
    )
    answer(other, mine, "reversed")
    anew = again(decision.case, third, BAN)
    with pytest.raises(Refused):
        confirm.confirm(actor=first, decision_ref=anew.ref)
    assert not MeasureStatus.objects.filter(state="in_force").exists()


def test_withdrawing_every_appeal_gives_the_case_back_as_it_was() -> None:
    decision = making.decided(making.notice(), making.account("r", "reviewer"))
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
    appeal.withdraw(access=access, appeal_ref=lodged.ref)
    assert Case.objects.get(pk=decision.case_id).state == "decided", "nobody has reviewed it"


def test_who_withdraws_the_notice_still_gets_the_answer_to_their_appeal() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    sent = making.notice()
    decision = making.decided(sent, reviewer, "NO_ACTION", reach=decide.Reach())
    access = making.notifier_access(sent)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="It is there.")
    withdraw.withdraw_notice(access=access)
    answer(other, lodged, "upheld")
    assert [s.outcome_id is None for s in recourse.statements(access)] == [True, False]
    with pytest.raises(Refused):
        withdraw.withdraw_notice(access=making.notifier_access(sent))


def test_a_withdrawn_notice_does_not_close_a_case_that_owes_a_new_decision() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    sent = making.notice()
    decision = making.decided(sent, reviewer)
    mine = appeal.lodge(access=making.notifier_access(sent), decision_ref=decision.ref, reasons="Too mild.")
    answer(other, mine, "reversed")
    withdraw.withdraw_notice(access=making.notifier_access(sent))
    assert Case.objects.get(pk=decision.case_id).state == "open"


def test_one_notice_about_two_items_is_appealed_item_by_item() -> None:
    reviewer = making.account("r", "reviewer")
    items = [making.ItemDraft(ITEM), making.ItemDraft("https://forum.example.org/post/8")]
    sent = making.notice(items=items)
    access = making.notifier_access(sent)
    decisions = [
        again(item.case, reviewer, "NO_ACTION")
        for item in sent.notice.items.order_by("position")
        if item.case
    ]
    assert len({d.case_id for d in decisions}) == 2
    for decision in decisions:
        appeal.lodge(access=access, decision_ref=decision.ref, reasons="It is there.")
        assert not recourse.appeal_window(access, decision).open
    assert Appeal.objects.count() == 2


def test_only_its_own_statement_lets_a_measure_take_effect() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    decision = making.decided(making.notice(), reviewer, reach=decide.Reach("letter"))
    first = Statement.objects.get(audience="affected")
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
    measure = decision.measures.get()
    label = appeal.ChangeDraft(
        measure.ref,
        "replace",
        timezone.localdate() + timedelta(days=9),
        "DECISION_VISIBILITY_CONTENT_LABELLED",
        "The label is taken off.",
    )
    answer(other, lodged, "partly_reversed", [label])
    inform.opened(statement_ref=first.ref)
    states = dict(MeasureStatus.objects.values_list("measure__kind", "state"))
    assert states == {measure.kind: "withdrawn", label.kind: "proposed"}, "the answer has not gone out"
    inform.opened(statement_ref=Statement.objects.get(audience="affected", outcome__isnull=False).ref)
    assert MeasureStatus.objects.get(measure__kind=label.kind).state == "in_force"


def test_an_answer_does_not_stand_in_for_the_statement_of_reasons() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    decision = making.decided(making.notice(), reviewer, reach=decide.Reach("letter"))
    lodged = appeal.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons="No.")
    answer(other, lodged, "upheld")
    inform.opened(statement_ref=Statement.objects.get(audience="affected", outcome__isnull=False).ref)
    assert MeasureStatus.objects.get().state == "proposed"
