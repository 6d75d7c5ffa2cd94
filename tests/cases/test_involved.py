"""Somebody who is involved sees nothing of a case and holds nothing of it, whatever comes to it later."""

from __future__ import annotations

import pytest

from fairnotice.cases.actions import appeal, claim, clock, confirm, decide, effect, inform, publish
from fairnotice.cases.errors import NotFound
from fairnotice.cases.models import Case, CaseInvolved, Statement
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import ROLES
from fairnotice.cases.queries import desk
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
ITEM = "https://forum.example.org/post/7"
BAN = "DECISION_PROVISION_TOTAL_TERMINATION"


def test_every_list_and_every_action_is_closed() -> None:
    outsider, reviewer = making.account("o", *ROLES), making.account("r", "reviewer")
    items = [making.ItemDraft(ITEM), making.ItemDraft("https://forum.example.org/post/8")]
    sent = making.notice(items=items)
    decision = making.decided(sent, reviewer, reach=decide.Reach("letter"))
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
    ban = making.decided(making.notice("https://forum.example.org/ban"), reviewer, BAN)
    before = {name: count(outsider) for name, count in desk.COUNTS.items()}
    for case in (decision.case, ban.case):
        claim.mark_involved(actor=reviewer, case_ref=case.ref, user_id=outsider.user_id)
    after = {name: count(outsider) for name, count in desk.COUNTS.items()}
    assert {name for name in before if before[name] != after[name]} == {"seconds", "statements", "appeals"}
    [sibling] = desk.queue(outsider)
    assert desk.case_view(outsider, sibling.ref).notices[0].siblings == ()
    told = Statement.objects.get(audience="affected").ref
    measure, entry = decision.measures.get().ref, decision.publication.ref
    for act in (
        lambda: desk.case_view(outsider, decision.case.ref),
        lambda: claim.claim(actor=outsider, case_ref=decision.case.ref, version=1),
        lambda: claim.mark_involved(actor=outsider, case_ref=decision.case.ref, user_id=reviewer.user_id),
        lambda: confirm.confirm(actor=outsider, decision_ref=ban.ref),
        lambda: confirm.refuse(actor=outsider, decision_ref=ban.ref, reason="No."),
        lambda: inform.print_letter(actor=outsider, statement_ref=told),
        lambda: inform.letter_sent(actor=outsider, statement_ref=told),
        lambda: inform.choose_channel(actor=outsider, statement_ref=told, reach=decide.Reach("letter")),
        lambda: effect.report_effect(measure_ref=measure, effect="confirmed", actor=outsider),
        lambda: appeal.claim_appeal(actor=outsider, appeal_ref=lodged.ref, version=1),
        lambda: publish.approve_publication(actor=outsider, publication_ref=entry, summary=making.SUMMARY),
        lambda: publish.withhold_publication(actor=outsider, publication_ref=entry, reason="No."),
    ):
        with pytest.raises(NotFound):
            act()


def test_somebody_elses_involvement_hides_nothing_from_who_may_not_decide_again() -> None:
    first, other = making.account("r", "reviewer"), making.account("o", "reviewer")
    case = making.case_of(making.notice())
    CaseInvolved.objects.create(case=case, user_id=first.user_id, kind="decided")
    claim.mark_involved(actor=first, case_ref=case.ref, user_id=other.user_id)
    assert case in visible_cases(first)
    assert case not in visible_cases(other)


def test_involvement_follows_the_item_into_its_next_case() -> None:
    reviewer, involved = making.account("r", "reviewer"), making.account("i", "reviewer")
    sent = making.notice(ITEM)
    claim.mark_involved(actor=reviewer, case_ref=making.case_of(sent).ref, user_id=involved.user_id)
    making.decided(sent, reviewer, "NO_ACTION", reach=decide.Reach())
    later = making.case_of(making.notice(ITEM))
    assert later != making.case_of(sent)
    assert later not in visible_cases(involved)


def test_a_staff_case_stays_one_when_it_is_noticed_again() -> None:
    senior, reviewer = making.account("s", "senior_reviewer"), making.account("r", "reviewer")
    sent = making.notice(ITEM, staff_involved=True)
    making.decided(sent, senior, "NO_ACTION", reach=decide.Reach())
    assert making.case_of(making.notice(ITEM)) not in visible_cases(reviewer)


def test_a_staff_case_is_for_senior_and_appeals_reviewers_only() -> None:
    case = making.case_of(making.notice(ITEM, staff_involved=True))
    for number, role in enumerate(ROLES):
        sees = case in visible_cases(making.account(f"u{number}", role))
        assert sees == (role in ("senior_reviewer", "appeals_reviewer")), role
    assert case in visible_cases(making.account("both", "publisher", "senior_reviewer"))


def test_a_held_case_is_let_go_when_a_notice_says_that_staff_is_involved() -> None:
    reviewer, senior = making.account("r", "reviewer"), making.account("s", "senior_reviewer")
    case = making.case_of(making.notice(ITEM))
    claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    making.notice(ITEM, staff_involved=True)
    case = Case.objects.get()
    assert (case.state, case.claimed_by) == ("open", None)
    assert claim.claim(actor=senior, case_ref=case.ref, version=case.version).state == "claimed"


def test_an_appeal_that_an_involved_person_holds_can_be_taken_by_another() -> None:
    reviewer = making.account("r", "reviewer")
    one, two = making.account("a", "appeals_reviewer"), making.account("b", "appeals_reviewer")
    decision = making.decided(making.notice(), reviewer)
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
    appeal.claim_appeal(actor=one, appeal_ref=lodged.ref, version=1)
    claim.mark_involved(actor=reviewer, case_ref=decision.case.ref, user_id=one.user_id)
    appeal.claim_appeal(actor=two, appeal_ref=lodged.ref, version=3)


def test_an_account_that_does_not_exist_cannot_be_involved() -> None:
    reviewer = making.account("r", "reviewer")
    case = making.case_of(making.notice())
    with pytest.raises(NotFound):
        claim.mark_involved(actor=reviewer, case_ref=case.ref, user_id=10**9)
    assert clock.tick()["lapsed"] == 0
