"""The page that checks a proof, where the log, its server or the file deserve no trust."""

from __future__ import annotations

import base64
import json

import pytest
from django.db import transaction

from fairnotice.ledger import keys, logs, sequencer
from fairnotice.ledger.append import append
from fairnotice.ledger.models import Waiting
from fairnotice.recourse import papers
from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.notes import Signer
from fairnotice.translog.proof import format_proof
from tests.browser import tampering
from tests.browser.checker import Checker, Document, notice
from tests.browser.visit import Visit, no_fault
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def test_a_log_that_contradicts_the_file_is_evidence(visit: Visit) -> None:
    """Both are signed with the log's key: the file's tree, and one that does not begin with it, or is smaller."""
    sent = notice()
    document = papers.receipt_of(sent.notice)
    log = logs.current()
    [record] = document["records"]
    leaf = base64.b64decode(record["leaf"])

    def elsewhere(*others: bytes) -> Document:
        """The same record in a tree that nobody else was shown."""
        hashes = [merkle.leaf_hash(leaf), *map(merkle.leaf_hash, others)]
        tree = Checkpoint(log.origin, len(hashes), merkle.root(hashes))
        path = merkle.inclusion_proof(0, len(hashes), merkle.list_reader(hashes))
        proof = format_proof(0, path, sign_checkpoint(tree, keys.log_signers()[0]))
        return tampering.changed(document, ("records", 0, "proof"), tampering.put(proof))

    checker = Checker(visit)
    for others, sentence in (
        ((b"x",), "the log was forked"),
        ((b"x", b"y", b"z"), "fewer entries than it had signed"),
    ):
        text = checker.choose(elsewhere(*others))
        assert checker.verdict() == "The log contradicts itself" and sentence in text
        evidence = json.loads(checker.save("Download the evidence")[1])
        assert evidence["logs"][0]["checkpoint"] == (log.folder() / "checkpoint").read_text()
        checker.page.get_by_role("button", name="Check another file").click()
    checker.leave()


def test_a_file_of_another_operator_is_checked_with_its_own_key_and_nobody_is_asked(visit: Visit) -> None:
    notice()
    checker = Checker(visit)
    text = checker.choose(tampering.receipt())
    assert checker.verdict() == "The file is whole, but compare its key"
    assert "log.example.org/log is not a log of ours" in text
    assert checker.step("It fits the log as it is now") == "Not checked"
    no_fault(checker.page, "check-other")
    assert checker.requests == []
    checker.leave()


def test_our_name_with_another_key_is_not_ours(visit: Visit) -> None:
    """Somebody who makes a log of our name, with keys of their own that the file brings along."""
    notice()
    origin = logs.current().origin
    forger, promiser = Signer(origin, b"f" * 32), Signer(f"{origin}/promise", b"g" * 32)
    text = json.dumps(tampering.receipt())
    document = json.loads(text.replace("log.example.org/log", origin))
    document["logs"][0] |= {"vkey": forger.verifier.vkey, "promise_vkey": promiser.verifier.vkey}
    record = document["records"][0]
    leaf = base64.b64decode(record["leaf"])
    tree = sign_checkpoint(Checkpoint(origin, 1, merkle.root([merkle.leaf_hash(leaf)])), forger)
    record |= {"promise": None, "proof": format_proof(0, [], tree)}
    checker = Checker(visit)
    said = checker.choose(document)
    assert checker.verdict() == "Not verified" and "not signed by a key" in said
    checker.leave()


def test_without_the_server_the_rest_still_holds(visit: Visit) -> None:
    sent = notice()
    checker = Checker(visit)
    checker.page.route("**/checkpoint", lambda route: route.abort())
    text = checker.choose(papers.receipt_of(sent.notice))
    assert checker.verdict() == "Verified" and "as it is now still holds" not in text
    assert "Not compared: the log could not be reached" in text
    assert checker.step("It fits the log as it is now") == "Not checked"


def test_damaged_tiles_are_not_believed(visit: Visit) -> None:
    sent = notice()
    checker = Checker(visit)
    checker.page.route("**/tile/**", lambda route: route.fulfill(body=bytes(64)))
    text = checker.choose(papers.receipt_of(sent.notice))
    assert "do not lead to the root that it signed" in text
    assert checker.step("It fits the log as it is now") == "Not checked"


def test_a_long_search_says_how_far_it_is_and_can_be_stopped(visit: Visit) -> None:
    sent = making.notice()
    Waiting.objects.filter(event=sent.notice.event).delete()
    with transaction.atomic():
        for number in range(600):
            append(kind="tally.made", open={"number": number})
    sequencer.run_once()
    checker = Checker(visit)
    # Once the first part has been looked through, the log's answers wait until the person has pressed the button.
    checker.page.evaluate(
        """() => {
          const ask = window.fetch;
          const pressed = new Promise((go) => (window.letGo = go));
          window.fetch = async (...given) => {
            if (document.getElementById("check-status").textContent.includes("part 1 of 3")) await pressed;
            return ask(...given);
          };
        }"""
    )
    data = json.dumps(papers.receipt_of(sent.notice)).encode()
    checker.page.set_input_files(
        "#check-file", {"name": "receipt.json", "mimeType": "application/json", "buffer": data}
    )
    checker.page.get_by_text("Looking through the log: part 1 of 3").wait_for()
    assert checker.page.locator("#check-status").get_attribute("role") == "status"
    checker.page.get_by_role("button", name="Stop comparing").click()
    checker.page.evaluate("window.letGo()")
    assert "You stopped the comparison" in checker.result()
    assert checker.verdict() == "Promised, and still in time"
    assert checker.step("It fits the log as it is now") == "Not checked"
    assert checker.page.get_by_role("button", name="Stop comparing").is_hidden()
    checker.leave()
