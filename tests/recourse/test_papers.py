"""The files that people take home verify without us."""

from __future__ import annotations

import json

import pytest

from fairnotice.cases.actions import appeal, rules
from fairnotice.cases.drafts import ItemDraft
from fairnotice.cases.models import Statement
from fairnotice.ledger import keys as log_keys
from fairnotice.ledger import sequencer
from fairnotice.translog.errors import OpeningMismatch
from fairnotice.translog.evidence import verify_evidence
from fairnotice.vault import keys
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")


def opened(document: bytes) -> dict[str, object]:
    """Everything that a file opens, by record number and path."""
    records = json.loads(document)["records"]
    return {f"{n}.{o['path']}": o["value"] for n, record in enumerate(records) for o in record["openings"]}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "A notifier", "email": "me@example.org", "ground_kind": "law", "law": " Section 186 "},
        {"items": [ItemDraft(" https://example.org/1 ", ""), ItemDraft("post 12", "the end")]},
        {"why": "First line.\n\nSecond, with “quotes” and 😀."},
    ],
)
def test_a_receipt_is_what_was_given_when_it_was_sent(changes, enter):
    sent = making.notice(**changes)
    answer = enter(sent.code).get("/status/receipt/")
    assert answer["Content-Type"] == "application/json" and answer["Cache-Control"] == "no-store"
    assert f"receipt-{sent.notice.ref}.json" in answer["Content-Disposition"]
    assert json.loads(answer.content) == sent.receipt
    assert verify_evidence(answer.content, [log_keys.vkey()]).pending
    assert sent.code not in answer.content.decode()


def test_a_receipt_holds_the_proof_once_it_is_in_the_log(enter):
    sent = making.notice()
    sequencer.run_once()
    result = verify_evidence(enter(sent.code).get("/status/receipt/").content, [log_keys.vkey()])
    assert result.entries and not result.pending


def test_a_receipt_of_what_was_erased_still_proves_that_it_came(enter):
    sent = making.notice(name="Sentinelname")
    client = enter(sent.code)
    keys.destroy(sent.notice.notifier_key)
    content = client.get("/status/receipt/").content
    assert verify_evidence(content).pending
    assert "0.why" not in opened(content) and "0.items" in opened(content)
    keys.destroy(sent.notice.items_key)
    content = client.get("/status/receipt/").content
    assert verify_evidence(content).pending and "0.items" not in opened(content)


def test_a_statement_verifies_word_for_word_with_the_public_part_of_its_decision(affected):
    decision = making.decided(making.notice(email="sentinel@example.org"), making.account("r", "reviewer"))
    told = Statement.objects.get(audience="affected")
    sequencer.run_once()
    content = affected(decision).get("/status/receipt/", {"statement": told.ref}).content
    result = verify_evidence(content, [log_keys.vkey()])
    assert not result.pending
    values = opened(content)
    body = values["0.body"]
    assert isinstance(body, dict) and body["facts"].startswith("The post says")
    assert values["1.ground_text"] == "Section 186 of the Criminal Code" and "1.time" not in values
    assert "1.facts" not in values and "sentinel" not in content.decode()
    told.status.refresh_from_db()
    assert told.status.first_opened_at is not None, "whoever has the file has the text"


def test_a_changed_statement_does_not_verify(affected):
    decision = making.decided(making.notice(), making.account("r", "reviewer"))
    told = Statement.objects.get(audience="affected")
    content = affected(decision).get("/status/receipt/", {"statement": told.ref}).content
    forged = content.replace(b"The post says", b"The post said")
    assert forged != content
    with pytest.raises(OpeningMismatch, match="body"):
        verify_evidence(forged)


def test_an_answer_to_an_appeal_verifies_too(enter):
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First version.")
    sent = making.notice(ground_kind="rules", clause="3.2")
    decision = making.decided(sent, making.account("r", "reviewer"), ground="rules", ground_reference="1/3.2")
    other = making.account("a", "appeals_reviewer")
    access = making.notifier_access(sent)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="More.")
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    answer = appeal.decide_appeal(
        actor=other, appeal_ref=lodged.ref, version=2, outcome="upheld", reasons="It was enough.", changes=[]
    )
    told = answer.statements.get(audience="notifier")
    content = enter(sent.code).get("/status/receipt/", {"statement": told.ref}).content
    assert verify_evidence(content, [log_keys.vkey()]).pending
    assert opened(content)["2.outcome"] == "upheld"
