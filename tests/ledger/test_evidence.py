"""What people hold: it verifies without us, and opens what it should and nothing else."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.ledger import evidence, logs, sequencer
from fairnotice.ledger import keys as log_keys
from fairnotice.ledger.evidence import WrongValue, build
from fairnotice.ledger.models import CheckpointRow, UnknownPath
from fairnotice.ledger.promises import promise_for
from fairnotice.ledger.proofs import proof_for
from fairnotice.ledger.refresh import with_proofs
from fairnotice.translog.errors import OpeningMismatch, TranslogError
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.notes import Verifier
from fairnotice.translog.promise import open_promise
from fairnotice.vault import keys
from fairnotice.vault.errors import Erased


def verify(document, **more):
    return verify_evidence(
        json.dumps(document).encode(), [log_keys.vkey()], promise_vkeys=[log_keys.promise_vkey()], **more
    )


def origin():
    return logs.current().origin


def opened(document):
    return [{opening["path"] for opening in record["openings"]} for record in document["records"]]


def test_a_receipt_verifies_before_and_after_it_entered_the_log(event):
    written = event("the facts")
    receipt = build("receipt", [(written, None, {"facts": "the facts"})], promise=True)
    before = verify(receipt)
    assert (before.pending, before.entries) == (True, ())
    sequencer.run_once()
    after = verify(build("receipt", [(written, None, {"facts": "the facts"})], promise=True))
    assert (after.pending, after.entries) == (False, ((origin(), 0, 1),))
    assert opened(receipt) == [{"kind", "category", "items", "facts"}]
    for _ in range(3):
        event()
    sequencer.run_once()
    assert verify(build("receipt", [(written, [], {})], promise=False)).entries == ((origin(), 0, 4),)


def test_a_bare_proof_verifies(event):
    for number in range(5):
        last = event(str(number))
    sequencer.run_once()
    index = last.entry.index
    text = proof_for(last)
    assert text is not None
    assert verify_evidence(text.encode(), [log_keys.vkey()]).entries == ((origin(), index, 5),)


def test_a_kept_document_gets_its_proof_when_it_is_read(event):
    written = event()
    kept = build("receipt", [(written, None, {})], promise=True)
    assert with_proofs(kept)["records"][0]["proof"] is None
    sequencer.run_once()
    fresh = with_proofs(kept)
    assert verify(fresh).entries == ((origin(), 0, 1),)
    assert kept["records"][0]["proof"] is None


def test_no_proof_before_the_checkpoint_is_published(event):
    written = event()
    assert proof_for(written) is None
    sequencer.enter()
    assert proof_for(written) is None
    sequencer.publish()
    assert proof_for(written) is not None


def test_a_promise_is_the_same_every_time(event, settings):
    event()
    sequencer.run_once()
    written = event()
    first = promise_for(written)
    read = open_promise(first, [Verifier.from_vkey(log_keys.promise_vkey())])
    assert read.leaf_hash == bytes(written.leaf_hash)
    assert (read.time, read.delay) == (int(written.at.timestamp()), settings.FN_PROMISE_DELAY)
    sequencer.run_once()
    assert promise_for(written) == first
    assert read.tree_size <= written.entry.index


def test_a_promise_stays_the_same_where_the_clock_is_set_back(event, monkeypatch):
    """Otherwise its tree would have the entry already, and who looks for it behind that would not find it."""
    event()
    sequencer.run_once()
    written = event()
    first = promise_for(written)
    past = timezone.now() - timedelta(seconds=30)
    monkeypatch.setattr(timezone, "now", lambda: past)
    sequencer.run_once()
    assert promise_for(written) == first
    assert written.entry.index == 1


def test_a_promise_names_the_tree_that_stood_before(event):
    written = event()
    CheckpointRow.objects.create(
        log=written.log, size=7, root=bytes(32), note="x", at=written.at - timedelta(seconds=1)
    )
    later = timezone.now() + timedelta(seconds=1)
    CheckpointRow.objects.create(log=written.log, size=9, root=bytes(32), note="x", at=later)
    read = open_promise(promise_for(written), [Verifier.from_vkey(log_keys.promise_vkey())])
    assert read.tree_size == 7


def test_promise_and_checkpoint_keys_differ(data):
    log, promise = Verifier.from_vkey(log_keys.vkey()), Verifier.from_vkey(log_keys.promise_vkey())
    name = logs.current().origin
    assert name == f"log.example.org/log/{timezone.now().year}"
    assert log.name == name
    assert promise.name == f"{name}/promise"
    assert log.public_key != promise.public_key
    assert log_keys.vkey() == log_keys.vkey()


def test_a_changed_value_is_named(event):
    written = event("the facts")
    sequencer.run_once()
    document = build("statement", [(written, None, {"facts": "the facts"})], promise=False)
    verify(document)
    for number, opening in enumerate(document["records"][0]["openings"]):
        changed = json.loads(json.dumps(document))
        changed["records"][0]["openings"][number]["value"] = "something else"
        with pytest.raises(OpeningMismatch, match=f"'{opening['path']}'"):
            verify(changed)


def test_a_proof_of_another_entry_does_not_help(event):
    first, second = event(), event()
    sequencer.run_once()
    document = build("receipt", [(first, None, {}), (second, None, {})], promise=True)
    assert len(verify(document).entries) == 2
    one, two = document["records"]
    for field in ("proof", "promise", "leaf", "record", "salt"):
        one[field], two[field] = two[field], one[field]
        with pytest.raises(TranslogError):
            verify(document)
        one[field], two[field] = two[field], one[field]


def test_one_file_may_hold_records_of_two_years(event):
    old = event("before")
    sequencer.run_once()
    first = logs.current()
    logs.open_year(first.year + 1)
    new = event("after")
    kept = build("statement", [(old, None, {}), (new, None, {})], promise=True)
    assert [record["origin"] for record in kept["records"]] == [old.log.origin, new.log.origin]
    assert old.log.origin != new.log.origin
    result = verify_evidence(
        json.dumps(kept).encode(),
        [log_keys.vkey(log) for log in (old.log, new.log)],
        promise_vkeys=[log_keys.promise_vkey(log) for log in (old.log, new.log)],
    )
    assert result.entries == ((old.log.origin, 0, 1),)
    assert [promise.origin for promise in result.promised] == [new.log.origin]


def test_a_kept_document_gets_the_keys_that_sign_by_now(event, monkeypatch):
    kept = build("register-entry", [(event(), None, {})], promise=False)
    sequencer.run_once()
    monkeypatch.setattr(log_keys, "vkey", lambda log: f"the newest key of {log.origin}")
    fresh = with_proofs(kept)
    assert fresh["logs"][0]["vkey"] == f"the newest key of {origin()}"


def test_time_and_persons_stay_closed_unless_named(event):
    written = event()
    sequencer.run_once()
    public = build("register-entry", [(written, None, {})], promise=False)
    assert opened(public) == [{"kind", "category", "items"}]
    assert public["logs"][0]["promise_vkey"] is None
    assert public["records"][0]["promise"] is None
    text = json.dumps(public)
    assert "a text" not in text
    assert written.opening("time").value not in text
    chosen = build("statement", [(written, ["time", "follows"], {})], promise=False)
    assert opened(chosen) == [{"time", "follows"}]
    verify(chosen)


def test_wrong_and_unknown_values_are_refused(event):
    written = event("the facts")
    with pytest.raises(WrongValue, match="'facts'") as caught:
        build("receipt", [(written, None, {"facts": "SENTINEL"})], promise=True)
    assert "SENTINEL" not in str(caught.value)
    with pytest.raises(UnknownPath):
        build("receipt", [(written, ["nothing"], {})], promise=True)
    with pytest.raises(UnknownPath):
        build("receipt", [(written, ["facts"], {})], promise=True)
    with pytest.raises(UnknownPath):
        build("receipt", [(written, None, {"category": "scams"})], promise=True)


def test_what_was_erased_cannot_be_opened_but_the_rest_still_verifies(event):
    written = event("the facts")
    sequencer.run_once()
    keys.destroy(written.personal["facts"]["key"])
    with pytest.raises(Erased):
        evidence.build("receipt", [(written, None, {"facts": "the facts"})], promise=True)
    assert verify(build("receipt", [(written, None, {})], promise=True)).entries == ((origin(), 0, 1),)
