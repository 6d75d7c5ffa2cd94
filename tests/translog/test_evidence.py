"""What a person holds: genuine files verify and say what they show; anything else is refused with a
reason.
"""

import copy
import json
from dataclasses import replace

import pytest

from fairnotice.translog.checkpoint import read_unverified
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import (
    CheckpointError,
    EvidenceError,
    NoteError,
    OpeningMismatch,
    ProofError,
    TranslogError,
)
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.evidence_words import closing_line
from fairnotice.translog.notes import Signer
from fairnotice.translog.proof import parse_proof
from tests.translog.build import (
    LOG_KEY,
    NOW,
    ORIGIN,
    OTHER_KEY,
    PROMISE_KEY,
    RECORD,
    VKEY,
    Log,
    evidence,
    log_keys,
    make_leaf,
    promise,
    record,
)
from tests.translog.kept import (
    LEAF,
    LOG,
    NEW_PROMISE_KEY,
    OTHER_LOG_KEY,
    OTHER_NAME,
    PROMISE_VKEY,
    PROOF,
    TWO_YEARS,
    check,
)


@pytest.mark.parametrize("kind", ["receipt", "statement", "register-entry"])
@pytest.mark.parametrize("promised", [None, promise(LEAF)])
def test_a_genuine_file_verifies(kind, promised):
    result = check(evidence(record(LEAF, proof=PROOF, promised=promised), kind=kind))
    assert (result.kind, result.entries) == (kind, ((ORIGIN, 1, 4),))
    assert (result.pending, result.promised, result.overdue) == (False, (), ())
    assert not result.key_from_file
    assert not result.promise_key_from_file
    assert result.lines[0] == f"Entry 2 of 4 in {ORIGIN}: the proof leads to the root that was signed."
    assert "  public type = order" in result.lines
    assert '  measure = {"code":"removal","days":30}' in result.lines
    assert closing_line(result) == f"verified: entry 2 of 4 in {ORIGIN}"


@pytest.mark.parametrize(
    "spelling", ['{"days":30,"code":"removal"}', '{ "code" : "r\\u0065moval", "days": 3.0e1}']
)
def test_a_value_is_shown_in_its_one_spelling(spelling):
    document = json.dumps(evidence(record(LEAF, proof=PROOF, promised=None)))
    changed = document.replace('{"code": "removal", "days": 30}', spelling)
    assert changed != document
    assert check(changed.encode()).lines == check(document.encode()).lines


def test_values_cannot_move_the_cursor_or_turn_the_text_around():
    lines = check(evidence(record(LEAF, proof=PROOF, promised=None))).lines
    assert '  note = "Grüße \\u202e\\u009b2J"' in lines
    assert "Grüße" not in repr(check(evidence(record(LEAF, proof=PROOF, promised=None))))


def test_a_promise_alone_is_pending():
    document = evidence(record(LEAF, proof=None, promised=promise(LEAF)))
    result = check(document, promise_vkeys=[PROMISE_VKEY], now=NOW + 3600)
    assert result.pending
    assert (result.entries, result.overdue) == ((), ())
    assert closing_line(result) == f"promised: not in the log yet, by a genuine promise of {ORIGIN}"
    assert "2026-09-21 14:13 UTC" in result.lines[0]
    assert "2026-09-21 15:13 UTC" in result.lines[0]
    assert not any("passed" in line for line in result.lines)
    assert not any("taken from this file" in line for line in result.lines)
    own_key = check(document)
    assert own_key.promise_key_from_file
    assert any(PROMISE_VKEY in line for line in own_key.lines)
    assert closing_line(own_key).endswith(f"by a promise of {ORIGIN} (with the key in the file itself)")


def test_a_promise_that_was_not_kept_is_named():
    document = evidence(record(LEAF, proof=None, promised=promise(LEAF)))
    late = check(document, promise_vkeys=[PROMISE_VKEY], now=NOW + 3601)
    assert [item.deadline for item in late.overdue] == [NOW + 3600]
    assert late.overdue == late.promised
    assert any("evidence that the operator did not keep it" in line for line in late.lines)
    assert closing_line(late) == "overdue: promised by 2026-09-21 15:13 UTC, and the file holds no proof"
    proven = check(evidence(record(LEAF, proof=PROOF, promised=promise(LEAF))), now=NOW + 3601)
    assert proven.overdue == ()
    assert closing_line(check(document, now=NOW + 3601)).endswith("(with the key in the file itself)")


def test_several_records_some_still_pending():
    other = "ff" * 16
    leaf = make_leaf(other)
    result = check(
        evidence(
            record(LEAF, proof=PROOF, promised=None),
            record(leaf, proof=None, promised=promise(leaf), name=other),
        )
    )
    assert result.pending
    assert result.entries == ((ORIGIN, 1, 4),)
    assert closing_line(result) == f"verified: entry 2 of 4 in {ORIGIN}; 1 only promised so far"


def test_without_a_key_the_files_own_is_used_and_named():
    result = check(evidence(record(LEAF, proof=PROOF, promised=None)), None)
    assert result.key_from_file
    assert VKEY in result.lines[-1]
    assert closing_line(result) == f"verified: entry 2 of 4 in {ORIGIN} (with the key in the file itself)"


def test_the_callers_key_wins():
    forged_proof = LOG.proof(1, OTHER_KEY)
    forged = evidence(
        record(LEAF, proof=forged_proof, promised=None), logs=[log_keys(vkey=OTHER_KEY.verifier.vkey)]
    )
    assert check(forged, None).entries == ((ORIGIN, 1, 4),)
    with pytest.raises(NoteError, match="record 1 of 1: the checkpoint of its proof"):
        check(forged)
    with pytest.raises(NoteError):
        check(evidence(record(LEAF, proof=forged_proof, promised=None)))
    promised = evidence(record(LEAF, proof=None, promised=promise(LEAF)))
    with pytest.raises(NoteError, match="record 1 of 1"):
        check(promised, promise_vkeys=[Signer(PROMISE_KEY.name, bytes(32)).verifier.vkey])
    with pytest.raises(EvidenceError, match="none of the promise keys you gave"):
        check(promised, promise_vkeys=[VKEY])
    with pytest.raises(EvidenceError, match=r"none of the public keys you gave is that of log\.example"):
        check(forged, OTHER_LOG_KEY.verifier.vkey)


def test_after_a_change_of_keys_the_file_is_checked_with_the_old_the_new_or_both():
    new = OTHER_KEY.verifier.vkey
    old_promise, new_promise = promise(LEAF), promise(LEAF, NEW_PROMISE_KEY)
    for signer in (LOG_KEY, OTHER_KEY):
        for made_with in (VKEY, new):  # what the file itself says counts for nothing
            document = evidence(
                record(LEAF, proof=LOG.proof(1, signer), promised=None), logs=[log_keys(vkey=made_with)]
            )
            assert check(document, VKEY, new).entries == ((ORIGIN, 1, 4),)
            assert check(document, new, VKEY).entries == ((ORIGIN, 1, 4),)
            with pytest.raises(NoteError):
                check(document, new if signer is LOG_KEY else VKEY)
    for text in (old_promise, new_promise):
        document = evidence(record(LEAF, proof=None, promised=text))
        keys = [PROMISE_VKEY, NEW_PROMISE_KEY.verifier.vkey]
        assert check(document, promise_vkeys=keys).pending


def test_a_wrong_signature_by_one_given_key_spoils_the_file_though_the_other_is_right():
    good = LOG.proof(1)
    head, line = good.rsplit("\n\n", 1)
    wrong = LOG.checkpoint(2, OTHER_KEY).rsplit("\n\n", 1)[1]
    document = evidence(record(LEAF, proof=f"{head}\n\n{wrong}{line}", promised=None))
    check(document, VKEY)
    with pytest.raises(NoteError, match="changed after signing"):
        check(document, VKEY, OTHER_KEY.verifier.vkey)


def test_one_text_is_no_list_of_keys():
    with pytest.raises(TypeError):
        verify_evidence(b"{}", VKEY)
    with pytest.raises(TypeError):
        verify_evidence(b"{}", promise_vkeys=VKEY)


def test_records_of_one_file_may_stand_in_logs_of_different_years():
    result = check(TWO_YEARS, VKEY, OTHER_LOG_KEY.verifier.vkey)
    assert result.entries == ((ORIGIN, 1, 4), (OTHER_LOG_KEY.name, 1, 2))
    assert closing_line(result) == f"verified: entry 2 of 2 in {OTHER_LOG_KEY.name}, and 1 more"
    assert sum("taken from this file" in line for line in check(TWO_YEARS, None).lines) == 2
    with pytest.raises(EvidenceError, match="/next: it is not from a log you trust"):
        check(TWO_YEARS, VKEY)


def test_one_logs_proof_does_not_stand_under_another_logs_name():
    changed = copy.deepcopy(TWO_YEARS)
    changed["records"][0]["origin"] = OTHER_LOG_KEY.name
    changed["records"][1]["origin"] = ORIGIN
    for keys in ([None], [VKEY, OTHER_LOG_KEY.verifier.vkey]):
        with pytest.raises(TranslogError, match="record 1 of 2"):
            check(changed, *keys)


class Asks:
    """A policy that notes what it was asked, and answers as told."""

    def __init__(self, fault=None, origin=ORIGIN):
        self.fault, self.origin, self.asked = fault, origin, []

    def check(self, note, *, logs, now):
        self.asked.append(note)
        if self.fault:
            raise self.fault
        return replace(read_unverified(note), origin=self.origin)


def test_a_policy_is_asked_for_the_checkpoint_of_every_proof():
    document = evidence(record(LEAF, proof=PROOF, promised=promise(LEAF)))
    agrees = Asks()
    assert check(document, policy=agrees).entries == ((ORIGIN, 1, 4),)
    assert agrees.asked == [LOG.checkpoint().encode()]
    alone = check(document, None, policy=Asks())
    assert (alone.entries, alone.key_from_file) == (((ORIGIN, 1, 4),), False)
    bare = LOG.proof(1, extra=LEAF).encode()
    assert check(bare, None, policy=Asks()).entries == ((ORIGIN, 1, 4),)
    for keys in ([VKEY], [None]):
        for data in (document, bare):
            with pytest.raises(NoteError, match="one witness of two"):
                check(data, *keys, policy=Asks(NoteError("one witness of two")))
            with pytest.raises(CheckpointError):
                check(data, *keys, policy=Asks(origin="other.example.org"))


def test_a_bare_proof_that_carries_its_entry():
    text = LOG.proof(1, extra=LEAF).encode()
    result = check(text)
    assert (result.kind, result.entries, result.pending) == ("proof", ((ORIGIN, 1, 4),), False)
    with pytest.raises(EvidenceError, match="needed"):
        check(text, None)
    with pytest.raises(EvidenceError, match="does not carry its entry"):
        check(PROOF.encode())
    with pytest.raises(ProofError):
        check(LOG.proof(1, extra=b"another").encode())


def test_each_false_part_is_found():
    good = record(LEAF, proof=PROOF, promised=promise(LEAF))
    changed = json.loads(json.dumps(good))
    changed["openings"][1]["value"]["days"] = 31
    larger = Log([*LOG.entries, b"five"])
    for bad, error, why in (
        (changed, OpeningMismatch, "record 1 of 1: the field 'measure'"),
        (good | {"record": RECORD[::-1]}, OpeningMismatch, "not that of this record"),
        (good | {"salt": encode_base64(bytes(32))}, OpeningMismatch, "not that of this record"),
        (good | {"leaf": encode_base64(make_leaf())}, TranslogError, "record 1 of 1"),
        (good | {"leaf": encode_base64(make_leaf(OTHER_NAME))}, OpeningMismatch, "not that of this record"),
        (good | {"proof": LOG.proof(0)}, ProofError, "entry 1"),
        (good | {"proof": LOG.proof(1, extra=b"x")}, EvidenceError, "another entry"),
        (good | {"proof": PROOF.replace("\n4\n", "\n5\n")}, NoteError, "changed after signing"),
        (
            good | {"proof": replace(parse_proof(PROOF), checkpoint=larger.checkpoint()).to_text()},
            ProofError,
            "hashes",
        ),
        (good | {"promise": promise(b"another")}, EvidenceError, "another entry"),
        (good | {"promise": promise(LEAF, Signer(PROMISE_KEY.name, bytes(32)))}, NoteError, "not signed"),
        (good | {"promise": None, "proof": None}, EvidenceError, "neither"),
    ):
        with pytest.raises(error, match=why):
            check(evidence(bad))


def test_two_signed_trees_of_one_size_are_a_fork():
    other = "ff" * 16
    leaf = make_leaf(other)
    hidden = Log([b"one", leaf, b"three", b"four"])
    with pytest.raises(EvidenceError, match="forked"):
        check(
            evidence(
                record(LEAF, proof=PROOF, promised=None),
                record(leaf, proof=hidden.proof(1), promised=None, name=other),
            )
        )
