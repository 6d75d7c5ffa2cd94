"""Files that are not as they must be: each is refused with a reason, and none is read in two ways."""

import json

import pytest

from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import (
    EvidenceError,
    NoteError,
    ProofError,
    TranslogError,
)
from fairnotice.translog.evidence import MAX_EVIDENCE_BYTES
from fairnotice.translog.merkle import leaf_hash
from fairnotice.translog.proof import format_proof
from tests.translog.build import (
    LOG_KEY,
    OPENINGS,
    ORIGIN,
    SALT,
    VKEY,
    Log,
    evidence,
    log_keys,
    promise,
    record,
)
from tests.translog.kept import (
    LEAF,
    PROOF,
    TWO_YEARS,
    check,
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
        (GOOD | {"format": "fair-notice-evidence/3"}, "format"),
        ({"format": "fair-notice-evidence/1"}, "made by an earlier trial version"),
        (GOOD | {"extra": 1}, "exactly"),
        ({key: value for key, value in GOOD.items() if key != "logs"}, "exactly"),
        (GOOD | {"logs": [{"origin": ORIGIN, "vkey": VKEY}]}, "exactly"),
        (GOOD | {"kind": "secret"}, "kind"),
        (GOOD | {"kind": ["receipt"]}, "kind"),
        (GOOD | {"logs": []}, "1 to 1000 logs"),
        (GOOD | {"logs": {}}, "1 to 1000 logs"),
        (GOOD | {"logs": [None]}, "log 1 of 1.*exactly"),
        (GOOD | {"logs": [log_keys(), log_keys()]}, "log 2 of 2.*twice"),
        (GOOD | {"logs": [*TWO_YEARS["logs"]]}, "none of its records"),
        (GOOD | {"logs": [log_keys(extra=1)]}, "exactly"),
        (GOOD | {"logs": [log_keys(origin="")]}, "origin"),
        (GOOD | {"logs": [log_keys(origin=5)]}, "origin"),
        (GOOD | {"logs": [log_keys(origin="l\u043eg.example.org/log")]}, "ASCII"),
        (GOOD | {"logs": [log_keys(origin="log.example.org/log ")]}, "ASCII"),
        (GOOD | {"logs": [log_keys(origin="x" * 256)]}, "255"),
        (GOOD | {"logs": [log_keys(origin="other.example.org")]}, "named after"),
        (GOOD | {"logs": [log_keys(vkey=None)]}, "public key"),
        (GOOD | {"logs": [log_keys(vkey="x")]}, "name.hash.key"),
        (GOOD | {"logs": [log_keys(vkey=VKEY + " ")]}, "base64"),
        (GOOD | {"logs": [log_keys(vkey="x" * 1001)]}, "too long"),
        (GOOD | {"logs": [log_keys(promise_vkey=VKEY)]}, "promise key is not named"),
        (GOOD | {"logs": [log_keys(promise_vkey=None)]}, "no promise key"),
        (GOOD | {"logs": [log_keys(promise_vkey="x")]}, "name.hash.key"),
        (GOOD | {"logs": [log_keys(promise_vkey=5)]}, "promise key"),
        (GOOD | {"records": []}, "1 to 1000"),
        (GOOD | {"records": {}}, "1 to 1000"),
        (GOOD | {"records": [None]}, "record 1 of 1.*exactly"),
        (GOOD | {"records": [RECORD_OF_GOOD] * 1001}, "1 to 1000"),
        (GOOD | {"records": [RECORD_OF_GOOD] * 2}, "record 2 of 2.*twice"),
        (_with(extra=1), "exactly"),
        (_with(record="XY"), "hexadecimal"),
        (_with(record="AB" * 16), "hexadecimal"),
        (_with(record="ab"), "hexadecimal"),
        (_with(record=5), "name"),
        (_with(origin="other.example.org"), "not that of one of"),
        (_with(origin=None), "not that of one of"),
        (_with(origin=["x"]), "not that of one of"),
        (_with(salt=None), "salt"),
        (_with(salt=encode_base64(bytes(31))), "salt"),
        (_with(salt=encode_base64(SALT)[:-1]), "salt"),
        (_with(salt=encode_base64(SALT) + "\n"), "salt"),
        (_with(salt=encode_base64(bytes(32))[:-2] + "B="), "canonical"),
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
        check(GOOD, "x")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"kind": "receipt"', '"kind": "statement", "kind": "receipt"'),
        ('"code": "removal"', '"code": "warning", "code": "removal"'),
        ('"code": "removal"', '"code": "warning", "c\\u006fde": "removal"'),
        ('"salt":', '"salt": "x", "salt":'),
        ('"path": "kind"', '"path": "measure", "path": "kind"'),
        ('"format":', '"format": "fair-notice-evidence/1", "format":'),
    ],
)
def test_a_name_given_twice_is_refused_at_any_depth(before, after):
    """One program reads the first, another the last."""
    document = json.dumps(GOOD)
    assert before in document
    with pytest.raises(EvidenceError, match="twice"):
        check(document.replace(before, after, 1).encode())


def test_the_size_comes_from_the_signed_checkpoint():
    """The same root under another size would move the entry: the signature covers both."""
    one = Log([LEAF])
    claimed = sign_checkpoint(Checkpoint(ORIGIN, 2, leaf_hash(LEAF)), LOG_KEY)
    assert check(evidence(record(LEAF, proof=one.proof(0), promised=None))).entries == ((ORIGIN, 0, 1),)
    with pytest.raises(ProofError):
        check(evidence(record(LEAF, proof=format_proof(0, [], claimed), promised=None)))
