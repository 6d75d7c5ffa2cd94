"""The page that checks a proof, in a real browser: what it says of files, and what it asks of the server."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases import sealed
from fairnotice.cases.models import Statement
from fairnotice.ledger import keys, logs, sequencer
from fairnotice.ledger.models import Waiting
from fairnotice.recourse import papers
from fairnotice.register.proofs import proof_of
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.notes import Signer
from tests.browser import tampering
from tests.browser.checker import PATH, Checker, notice
from tests.browser.visit import BASE, Visit, no_fault, picture
from tests.cases import making
from tests.register.entries import Desk

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def own_keys() -> tuple[list[str], list[str]]:
    return [keys.vkey()], [keys.promise_vkey()]


def test_a_receipt_is_verified_and_shown_as_text(visit: Visit) -> None:
    sent = notice()
    checker = Checker(visit)
    text = checker.choose(papers.receipt_of(sent.notice))
    assert checker.verdict() == "Verified"
    assert "the log as it is now still holds it" in text
    assert "I stole <b>money</b> & more." in text
    assert "\\u202eElttil\\u202c" in text and "\u202e" not in text
    assert checker.page.locator("#check-result b").count() == 0
    assert "https://forum.example.org/post/7" in text and "me@example.net" not in text
    states = checker.page.locator("ol.steps .step-state").all_inner_texts()
    assert states == ["Passed"] * 7
    assert len(checker.requests) >= 2
    checker.leave()


def test_a_statement_and_an_entry_of_the_register_are_verified(visit: Visit) -> None:
    desk = Desk()
    entry = desk.publish()
    statement = Statement.objects.filter(audience="notifier").latest("pk")
    assert statement.event.kind
    checker = Checker(visit)
    text = checker.choose(proof_of(entry).document, "fair-notice-entry.json")
    assert checker.verdict() == "Verified" and "record 2 of 2" in text and entry.summary in text
    checker.page.get_by_role("button", name="Check another file").click()
    assert checker.page.locator("#check-result").is_hidden()
    assert entry.summary not in checker.page.content()
    body = json.loads(sealed.read("statement", statement.ref, "body") or "")
    text = checker.choose(papers.statement_paper(statement, body), "statement.json")
    assert checker.verdict() == "Verified" and "Statement" in text
    assert making.draft().explanation in text
    no_fault(checker.page, "check-statement")
    checker.leave()


def test_every_kind_of_tampering_has_its_sentence(visit: Visit) -> None:
    sent = notice()
    document = papers.receipt_of(sent.notice)
    [record] = document["records"]
    why = next(n for n, opening in enumerate(record["openings"]) if opening["path"] == "why")
    leaf = record["leaf"]

    def changed(*path: Any, value: Any) -> bytes:
        return tampering.written(tampering.changed(document, path, tampering.put(value)))

    origin = logs.current().origin
    body, _, signatures = record["proof"].rpartition("\n\n")
    broken = signatures[:-20] + ("A" if signatures[-20] != "A" else "B") + signatures[-19:]
    larger = record["proof"].replace("\n2\n", "\n3\n")
    other_hash = record["proof"].replace(body.split("\n")[3], encode_base64(bytes(32)))
    stranger = sign_checkpoint(Checkpoint(origin, 2, bytes(32)), Signer(origin, b"k" * 32))
    other_key = record["proof"].split("\n\n")[0] + "\n\n" + stranger
    promise = record["promise"].replace("\n86400\n", "\n96400\n")
    cases: list[tuple[bytes, str, str]] = [
        (changed("records", 0, "openings", why, "value", value="Nothing."), "Each field", "The field “why” does not fit"),
        (changed("records", 0, "openings", why, "path", value="facts"), "Each field", "has no field “facts”"),
        (changed("records", 0, "salt", value=encode_base64(bytes(32))), "Each field", "its salt was changed"),
        (changed("records", 0, "leaf", value=leaf[:-8] + "AAAA" + leaf[-4:]), "The file", "the one form that entries have"),
        (changed("records", 0, "promise", value=promise), "The promise", "is wrong"),
        (changed("records", 0, "proof", value=f"{body}\n\n{broken}"), "The log’s signature", "changed after signing"),
        (changed("records", 0, "proof", value=larger), "The log’s signature", "changed after signing"),
        (changed("records", 0, "proof", value=other_hash), "The proof leads", "does not lead to the root"),
        (changed("records", 0, "proof", value=other_key), "The log’s signature", "not signed by a key"),
        (tampering.written(document).replace(b'"kind": "receipt"', b'"kind": "receipt", "kind": "receipt"', 1), "The file", "“kind” twice"),
        (changed("more", value=1), "The file", "exactly these names"),
        (tampering.written(document)[:-9], "The file", "Is the file whole?"),
        (b"%PDF-1.7", "The file", "This is not JSON"),
        (b'{"format": "fair-notice-evidence/1"}', "The file", "earlier trial version"),
    ]  # fmt: skip
    checker = Checker(visit)
    for data, step, sentence in cases:
        text = checker.choose(data)
        assert checker.verdict() == "Not verified", sentence
        assert sentence in text and checker.step(step) == "Failed", text
        assert "Passed" not in text.split("Failed")[1], "nothing is said of what was not looked at"
        assert "forum.example.org" not in text, "what a bad file says is not shown"
        checker.page.get_by_role("button", name="Check another file").click()
    assert checker.requests == [], "for a bad file nobody is asked"
    assert checker.choose(document)
    assert checker.verdict() == "Verified"
    checker.leave()


def test_a_kept_promise_brings_the_completed_file(visit: Visit) -> None:
    sent = making.notice()
    receipt = papers.receipt_of(sent.notice)
    checker = Checker(visit)
    text = checker.choose(receipt)
    assert checker.verdict() == "Promised, and still in time" and "It must be there by 20" in text
    assert checker.step("It fits the log as it is now") == "Open"
    no_fault(checker.page, "check-promised")
    sequencer.run_once()
    checker.page.get_by_role("button", name="Check another file").click()
    text = checker.choose(receipt)
    assert checker.verdict() == "Verified: the promise was kept" and "Found: entry 1 of 1" in text
    name, completed = checker.save("Download the completed file")
    assert name == "receipt-completed.json"
    found = verify_evidence(completed, own_keys()[0], promise_vkeys=own_keys()[1])
    assert not found.pending and [entry[1:] for entry in found.entries] == [(0, 1)]
    assert json.loads(completed) == papers.receipt_of(sent.notice) | {
        "records": json.loads(completed)["records"]
    }
    checker.leave()


def test_a_broken_promise_is_evidence(visit: Visit, settings: Settings) -> None:
    settings.FN_PROMISE_DELAY = 60
    lost = making.notice()
    receipt = papers.receipt_of(lost.notice)
    Waiting.objects.filter(event=lost.notice.event).delete()  # as if somebody had taken it away
    making.notice("another")
    sequencer.run_once()
    checker = Checker(visit)
    checker.page.clock.install(time=timezone.now() + timedelta(hours=1))
    text = checker.choose(receipt)
    assert checker.verdict() == "The promise was broken"
    assert "(entries: 1)" in text and checker.step("It fits the log as it is now") == "Failed"
    no_fault(checker.page, "check-broken")
    name, evidence = checker.save("Download the evidence")
    assert name == "receipt-evidence.json"
    held = json.loads(evidence)
    assert held["evidence"] == receipt
    checkpoint = (logs.current().folder() / "checkpoint").read_text()
    assert held["logs"] == [
        {"origin": logs.current().origin, "vkeys": [keys.vkey()], "checkpoint": checkpoint}
    ]
    checker.leave()


def test_with_the_keyboard_alone(visit: Visit) -> None:
    sent = notice()
    checker = Checker(visit)
    page = checker.page
    text = json.dumps(papers.receipt_of(sent.notice))
    page.locator("#check-file").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    checker.result()
    assert checker.verdict() == "Verified"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "check-file"
    assert page.locator("#check-text").input_value() == ""
    checker.leave()


def test_a_file_can_be_dropped(visit: Visit) -> None:
    sent = notice()
    checker = Checker(visit)
    checker.page.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "dropped.json"));
          for (const kind of ["dragover", "drop"]) {
            document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
          }
        }""",
        json.dumps(papers.receipt_of(sent.notice)),
    )
    assert "dropped.json" in checker.result() and checker.verdict() == "Verified"
    checker.leave()


def test_printed_it_holds_the_result_and_no_buttons(visit: Visit) -> None:
    sent = notice()
    checker = Checker(visit)
    checker.choose(papers.receipt_of(sent.notice))
    checker.page.emulate_media(media="print")
    picture(checker.page, "check-print")
    for hidden in ("#check-choose", "#check-intro", ".actions"):
        assert checker.page.locator(hidden).is_hidden()
    assert checker.page.locator("#check-verdict").is_visible()


def test_without_scripts_or_signatures_the_command_is_shown(visit: Visit) -> None:
    notice()
    page = visit.page(PATH, scripts=False)
    assert page.locator("#check-choose").is_hidden() and page.locator("#check-unable").is_visible()
    assert f'--vkey "{keys.vkey()}"' in page.locator("#check-own + p + pre").inner_text()
    for missing, sentence in (
        (
            "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })",
            "over a secure connection",
        ),
        ("SubtleCrypto.prototype.importKey = async () => { throw new Error('no') }", "Ed25519"),
    ):
        window = visit.browser.new_context()
        window.add_init_script(missing)
        window.route("**/*", visit.answer)
        page = window.new_page()
        page.goto(BASE + PATH)
        page.get_by_text(sentence).wait_for()
        assert page.locator("#check-choose").is_hidden()


def test_the_page_begins_without_a_fault(visit: Visit) -> None:
    checker = Checker(visit)
    no_fault(checker.page, "check-start")
    policy = visit.client.get(PATH)["Content-Security-Policy"].split("; ")
    assert {"connect-src 'self'", "form-action 'none'"} <= set(policy)
    assert "require-trusted-types-for 'script'" in policy
    checker.leave()
