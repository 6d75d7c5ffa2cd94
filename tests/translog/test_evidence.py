"""What a person holds: genuine files verify and say what they show; anything else is refused with a
reason.
"""

import json
from dataclasses import replace

import pytest

from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import EvidenceError, NoteError, OpeningMismatch, ProofError, TranslogError
from fairnotice.translog.evidence import MAX_EVIDENCE_BYTES, verify_evidence
from fairnotice.translog.merkle import leaf_hash
from fairnotice.translog.notes import Signer
from fairnotice.translog.proof import format_proof, parse_proof
from tests.translog.build import (
    LOG_KEY,
    NOW,
    OPENINGS,
    ORIGIN,
    OTHER_KEY,
    PROMISE_KEY,
    VKEY,
    Log,
    evidence,
    make_leaf,
    promise,
    record,
)

LEAF = make_leaf(clear_type="order")
LOG = Log([b"one", LEAF, b"three", make_leaf()])
PROOF = LOG.proof(1)
PROMISE_VKEY = PROMISE_KEY.verifier.vkey


def check(document, vkey=VKEY, **options):
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return verify_evidence(data, vkey, **options)


@pytest.mark.parametrize("kind", ["receipt", "statement", "register-entry"])
@pytest.mark.parametrize("promised", [None, promise(LEAF)])
def test_a_genuine_file_verifies(kind, promised):
    result = check(evidence(record(LEAF, proof=PROOF, promised=promised), kind=kind))
    assert result.last == (1, 4, ORIGIN)
    assert (result.kind, result.origin, result.entries) == (kind, ORIGIN, ((1, 4),))
    assert not result.pending
    assert not result.key_from_file
    assert result.lines[0] == f"Entry 2 of 4 in {ORIGIN}: the proof leads to the root that the log signed."
    assert "  public type = order" in result.lines
    assert '  measure = {"code": "removal", "days": 30}' in result.lines


def test_values_cannot_move_the_cursor_or_turn_the_text_around():
    lines = check(evidence(record(LEAF, proof=PROOF, promised=None))).lines
    assert '  note = "Grüße \\u202e\\u009b2J"' in lines
    assert "Grüße" not in repr(check(evidence(record(LEAF, proof=PROOF, promised=None))))


def test_a_promise_alone_is_pending():
    document = evidence(record(LEAF, proof=None, promised=promise(LEAF)))
    result = check(document, promise_vkey=PROMISE_VKEY, now=NOW + 3600)
    assert result.pending
    assert result.last is None
    assert result.entries == ()
    assert "2026-09-21 14:13 UTC" in result.lines[0]
    assert "2026-09-21 15:13 UTC" in result.lines[0]
    assert not any("passed" in line for line in result.lines)
    assert not any("taken from this file" in line for line in result.lines)
    late = check(document, promise_vkey=PROMISE_VKEY, now=NOW + 3601)
    assert any("That time has passed" in line for line in late.lines)
    assert any(PROMISE_VKEY in line for line in check(document).lines)


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
    assert result.last == (1, 4, ORIGIN)


def test_without_a_key_the_files_own_is_used_and_named():
    result = check(evidence(record(LEAF, proof=PROOF, promised=None)), None)
    assert result.key_from_file
    assert VKEY in result.lines[-1]


def test_the_callers_key_wins():
    theirs = Log(LOG.entries)
    forged = evidence(
        record(LEAF, proof=theirs.proof(1, OTHER_KEY), promised=None), vkey=OTHER_KEY.verifier.vkey
    )
    assert check(forged, None).last == (1, 4, ORIGIN)
    with pytest.raises(EvidenceError, match="not the one you gave"):
        check(forged)
    with pytest.raises(NoteError):
        check(evidence(record(LEAF, proof=theirs.proof(1, OTHER_KEY), promised=None)))
    with pytest.raises(EvidenceError, match="promise key in the file is not the one you gave"):
        check(
            evidence(record(LEAF, proof=PROOF, promised=None)),
            promise_vkey=Signer(PROMISE_KEY.name, bytes(32)).verifier.vkey,
        )


def test_a_bare_proof_that_carries_its_entry():
    text = LOG.proof(1, extra=LEAF).encode()
    result = check(text)
    assert (result.kind, result.last, result.pending) == ("proof", (1, 4, ORIGIN), False)
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
        (good | {"record": "ab"}, OpeningMismatch, "'kind'"),
        (good | {"leaf": encode_base64(make_leaf())}, TranslogError, "record 1 of 1"),
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


GOOD = evidence(record(LEAF, proof=PROOF, promised=promise(LEAF)))
RECORD_OF_GOOD = GOOD["records"][0]


def _with(**changes):
    return GOOD | {"records": [RECORD_OF_GOOD | changes]}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"{", "line 1, column 2"),
        (json.dumps(GOOD).encode()[:-1], "is it whole"),
        (b"null", "format"),
        (b"[]", "format"),
        (b'{"format": "x"}', "format"),
        (b'{"format": NaN}', "finite"),
        (b'{"format": 1, "format": 2}', "twice"),
        (b"[" * 100_000, "nesting"),
        (b"[" + b"9" * 10_000 + b"]", "number"),
        (b" " * (MAX_EVIDENCE_BYTES + 1), "larger"),
        (GOOD | {"format": "fair-notice-evidence/2"}, "format"),
        (GOOD | {"extra": 1}, "exactly"),
        ({key: value for key, value in GOOD.items() if key != "promise_vkey"}, "exactly"),
        (GOOD | {"kind": "secret"}, "kind"),
        (GOOD | {"kind": ["receipt"]}, "kind"),
        (GOOD | {"origin": ""}, "origin"),
        (GOOD | {"origin": 5}, "origin"),
        (GOOD | {"origin": "other.example.org"}, "named after"),
        (GOOD | {"vkey": None}, "public key"),
        (GOOD | {"vkey": "x"}, "not the one you gave"),
        (GOOD | {"promise_vkey": VKEY}, "promise key is not named"),
        (GOOD | {"promise_vkey": None}, "no promise key"),
        (GOOD | {"promise_vkey": "x"}, "name.hash.key"),
        (GOOD | {"promise_vkey": 5}, "promise key"),
        (GOOD | {"records": []}, "1 to 1000"),
        (GOOD | {"records": {}}, "1 to 1000"),
        (GOOD | {"records": [None]}, "record 1 of 1.*exactly"),
        (GOOD | {"records": [RECORD_OF_GOOD] * 1001}, "1 to 1000"),
        (GOOD | {"records": [RECORD_OF_GOOD] * 2}, "record 2 of 2.*twice"),
        (_with(extra=1), "exactly"),
        (_with(record="XY"), "hexadecimal"),
        (_with(record="ABCD"), "hexadecimal"),
        (_with(record="abc"), "hexadecimal"),
        (_with(record=5), "name"),
        (_with(leaf=None), "entry"),
        (_with(leaf="####"), "base64"),
        (_with(leaf=encode_base64(bytes(65538))), "65535"),
        (_with(leaf=encode_base64(b"{}")), "commitments"),
        (_with(openings={}), "openings"),
        (_with(openings=[OPENINGS[0].to_json()] * 65), "openings"),
        (_with(openings=[OPENINGS[0].to_json()] * 2), "twice"),
        (_with(openings=[5]), "exactly path"),
        (_with(proof=5), "proof"),
        (_with(proof=""), "proof"),
        (_with(proof="x" * 3_000_000), "too long"),
        (_with(promise=[]), "promise"),
        (_with(promise="\ud800"), "UTF-8"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else "",
)
def test_malformed_files_are_refused_with_a_reason(document, why):
    with pytest.raises(TranslogError, match=f"(?s){why}"):
        check(document)


def test_a_broken_key_of_the_caller_is_named():
    with pytest.raises(NoteError, match=r"name\+hash\+key"):
        check(GOOD | {"vkey": "x"}, "x")


def test_the_origin_is_the_one_that_the_key_is_named_after():
    """Else a file could show one log's proof under another log's name."""
    document = evidence(record(LEAF, proof=PROOF, promised=None), promise_vkey=None)
    assert check(document).origin == ORIGIN
    with pytest.raises(EvidenceError, match="public key is not named after"):
        check(document | {"origin": "other.example.org"})


def test_the_size_comes_from_the_signed_checkpoint():
    """The same root under another size would move the entry: the signature covers both."""
    one = Log([LEAF])
    claimed = sign_checkpoint(Checkpoint(ORIGIN, 2, leaf_hash(LEAF)), LOG_KEY)
    assert check(evidence(record(LEAF, proof=one.proof(0), promised=None))).last == (0, 1, ORIGIN)
    with pytest.raises(ProofError):
        check(evidence(record(LEAF, proof=format_proof(0, [], claimed), promised=None)))
