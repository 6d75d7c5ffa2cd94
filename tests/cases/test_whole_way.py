"""The whole way through the actions: what each person gets, and what becomes public."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fairnotice.cases import sealed
from fairnotice.cases.actions import appeal, claim, confirm, decide, effect, inform, publish, rules
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import AccessCode, Case, Measure, PublicEntry, Statement
from fairnotice.cases.permissions import Forbidden
from fairnotice.cases.queries import recourse
from fairnotice.ledger import sequencer
from fairnotice.ledger.models import OutboxRow
from fairnotice.ledger.refresh import with_proofs
from fairnotice.translog.evidence import verify_evidence
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
HIDE = "DECISION_VISIBILITY_CONTENT_DISABLED"
LABEL = "DECISION_VISIBILITY_CONTENT_LABELLED"
BAN = "DECISION_PROVISION_TOTAL_TERMINATION"


def test_from_notice_to_proof() -> None:
    reviewer = making.account("r", "reviewer")
    other = making.account("a", "appeals_reviewer")
    publisher = making.account("p", "publisher")
    sent = making.notice(email="me@example.org", name="A notifier")
    decision = making.decided(sent, reviewer, reach=decide.Reach("email", "author@example.net"))
    measure = decision.measures.get()
    assert measure.status.state == "proposed", "not before the affected party has been told"
    told = Statement.objects.get(audience="affected")
    inform.dispatched(statement_ref=told.ref)
    measure.refresh_from_db()
    assert (measure.status.state, measure.status.effect) == ("in_force", "pending")
    effect.report_effect(measure_ref=measure.ref, effect="confirmed", actor=reviewer)

    access = making.affected_access(decision)
    _statement, body = recourse.statement_for(access, told.ref)
    assert body is not None
    assert body["facts"]
    assert "me@example.org" not in json.dumps(body)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="It was satire.")
    with pytest.raises(Forbidden):
        appeal.claim_appeal(actor=reviewer, appeal_ref=lodged.ref, version=1)
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    end = measure.review
    answer = appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="partly_reversed",
        reasons="A label is enough here.",
        changes=[appeal.ChangeDraft(measure.ref, "replace", end, LABEL, "The label is taken off.")],
    )
    measure.refresh_from_db()
    assert (measure.status.state, measure.status.effect) == ("reversed", "restoring")
    new = Measure.objects.get(replaces=measure)
    assert new.status.state == "proposed"
    inform.dispatched(statement_ref=answer.statements.get(audience="affected").ref)
    new.refresh_from_db()
    assert new.status.state == "in_force"
    effect.report_effect(measure_ref=measure.ref, effect="restored", actor=other)
    assert Measure.objects.get(pk=measure.pk).status.effect == "restored"
    assert Case.objects.get(pk=decision.case_id).state == "reviewed"

    with pytest.raises(Forbidden):
        publish.approve_publication(
            actor=reviewer, publication_ref=decision.publication.ref, summary=making.SUMMARY
        )
    publish.approve_publication(
        actor=publisher, publication_ref=decision.publication.ref, summary=making.SUMMARY
    )
    assert publish.publish_batch() == 1
    sequencer.run_once()
    entry = PublicEntry.objects.get()
    assert entry.appeal_outcome == "partly_reversed"
    assert entry.measures == [measure.kind, LABEL], "what was decided, and what an appeal put in its place"
    result = verify_evidence(json.dumps(with_proofs(entry.evidence)).encode())
    assert result.entries
    assert not result.pending


def test_receipt_verifies_and_holds_no_code() -> None:
    sent = making.notice(email="me@example.org")
    assert sent.code not in json.dumps(sent.receipt)
    result = verify_evidence(json.dumps(sent.receipt).encode())
    assert result.pending


def test_same_key_same_answer() -> None:
    values: dict[str, Any] = {
        "draft": making.NoticeDraft(**_plain()),
        "door": "json",
        "idempotency_key": "k" * 20,
    }
    first, second = making.submit_notice(**values), making.submit_notice(**values)
    assert (second.code, second.replayed, second.notice) == (first.code, True, first.notice)
    with pytest.raises(Conflict):
        making.submit_notice(**{**values, "draft": making.NoticeDraft(**{**_plain(), "why": "other"})})


def _plain() -> dict[str, Any]:
    return {
        "items": [making.ItemDraft("https://example.org/a")],
        "problem": "fraud" if "fraud" in making_problems() else "defamation",
        "why": "Because.",
        "good_faith": True,
    }


def making_problems() -> set[str]:
    from fairnotice.law.problems import PROBLEM_BY_SLUG

    return set(PROBLEM_BY_SLUG)


def test_notices_about_one_item_meet_but_stay_apart() -> None:
    first = making.notice("https://FORUM.example.org:443/post/7#here")
    second = making.notice("https://forum.example.org/post/7")
    assert making.case_of(first) == making.case_of(second)
    assert first.notice.notifier_key != second.notice.notifier_key


def test_severe_needs_a_second_person() -> None:
    reviewer, senior = making.account("r", "senior_reviewer"), making.account("s", "senior_reviewer")
    decision = making.decided(making.notice(), reviewer, BAN)
    assert decision.status.state == "proposed"
    assert not Statement.objects.exists()
    with pytest.raises(Refused):
        confirm.confirm(actor=reviewer, decision_ref=decision.ref)
    confirm.confirm(actor=senior, decision_ref=decision.ref)
    assert decision.measures.get().status.state == "in_force"
    with pytest.raises(Conflict):
        confirm.refuse(actor=senior, decision_ref=decision.ref, reason="late")


def test_refused_goes_back_to_the_queue() -> None:
    reviewer, senior = making.account("r", "reviewer"), making.account("s", "senior_reviewer")
    decision = making.decided(making.notice(), reviewer, BAN)
    confirm.refuse(actor=senior, decision_ref=decision.ref, reason="Too much.")
    case = Case.objects.get(pk=decision.case_id)
    assert (case.state, case.claimed_by) == ("open", None)


def test_claim_race_has_one_winner() -> None:
    one, two = making.account("r", "reviewer"), making.account("s", "reviewer")
    case = making.case_of(making.notice())
    claim.claim(actor=one, case_ref=case.ref, version=case.version)
    with pytest.raises(Conflict):
        claim.claim(actor=two, case_ref=case.ref, version=case.version)


def test_involved_sees_nothing() -> None:
    one = making.account("r", "reviewer")
    case = making.case_of(making.notice())
    claim.mark_involved(actor=one, case_ref=case.ref, user_id=one.user_id)
    with pytest.raises(NotFound):
        claim.claim(actor=one, case_ref=case.ref, version=case.version)


def test_no_action_is_reasoned_and_can_be_appealed_by_the_notifier() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    sent = making.notice()
    decision = making.decided(sent, reviewer, "NO_ACTION", reach=decide.Reach())
    access = making.notifier_access(sent)
    [statement] = recourse.statements(access)
    assert statement.status.state == "dispatched"
    assert statement.status.delivered_at is None
    inform.opened(statement_ref=statement.ref)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="It is still there.")
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="reversed",
        reasons="It is illegal.",
        changes=[],
    )
    case = Case.objects.get(pk=decision.case_id)
    assert case.state == "open"
    with pytest.raises(Refused):
        claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)


def test_missing_ground_facts_or_end_cannot_be_saved() -> None:
    reviewer = making.account("r", "reviewer")
    case = making.case_of(making.notice())
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    bad = making.draft(ground_reference="", facts=" ", explanation="")
    bad.measures[0].review = None
    with pytest.raises(Invalid) as caught:
        decide.decide(
            actor=reviewer,
            case_ref=case.ref,
            version=case.version,
            draft=bad,
            reach=decide.Reach(),
            summary="",
        )
    paths = {f.path for f in caught.value.faults}
    assert {"ground_reference", "facts", "explanation", "summary", "reach.channel"} <= paths
    assert any(p.startswith("measures.0") for p in paths)


def test_rules_are_versioned_and_cited() -> None:
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First version.")
    reviewer = making.account("r", "reviewer")
    sent = making.notice(ground_kind="rules", clause="3.2")
    decision = making.decided(sent, reviewer, HIDE, ground="rules", ground_reference="1/3.2")
    assert decision.clause is not None
    assert decision.clause.reference == "3.2"


def test_failed_mail_waits_for_another_way() -> None:
    reviewer = making.account("r", "reviewer")
    decision = making.decided(making.notice(), reviewer, reach=decide.Reach("email", "author@example.net"))
    told = Statement.objects.get(audience="affected")
    inform.delivery_failed(statement_ref=told.ref)
    inform.choose_channel(actor=reviewer, statement_ref=told.ref, reach=decide.Reach("letter"))
    assert not OutboxRow.objects.filter(done_at__isnull=True).exists()
    _, code, body = inform.print_letter(actor=reviewer, statement_ref=told.ref)
    assert code
    assert body["facts"]
    assert decision.measures.get().status.state == "proposed"
    inform.letter_sent(actor=reviewer, statement_ref=told.ref)
    assert decision.measures.get().status.state == "in_force"


def test_nothing_personal_is_stored_in_the_clear() -> None:
    sent = making.notice("https://sentinel.example.org/x", name="Sentinelname", email="sentinel@example.org")
    from django.core import serializers

    tables = [sent.notice, *sent.notice.items.all(), making.case_of(sent), *AccessCode.objects.all()]
    assert "entinel" not in serializers.serialize("json", tables)
    assert sealed.read("notice", sent.notice.ref, "name") == "Sentinelname"
