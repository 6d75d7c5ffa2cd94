"""Every status a witness answers with, and the exact input that brings it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.translog.checkpoint import Checkpoint
from fairnotice.translog.cosignature import MldsaSigner
from fairnotice.translog.encoding import MAX_INT64, encode_base64
from fairnotice.translog.merkle import EMPTY_ROOT
from fairnotice.translog.notes import NoteVerifier, Signer, sign_note
from fairnotice.translog.witness import rules
from fairnotice.translog.witness.rules import Cosigned, Rejected, check, next_timestamp, parse_submission
from tests.translog.witness.made import (
    LOG_KEY,
    LOGS,
    NEXT_KEY,
    NOW,
    ORIGIN,
    STRANGER,
    Tree,
    admitted,
    body,
    keys,
)

TREE = Tree()
NOTE = TREE.note(7)
HASH = encode_base64(bytes(32))


def known(size: int, tree: Tree = TREE) -> Cosigned:
    return Cosigned(size, tree.root(size), NOW)


def answer(raw: bytes, last: Cosigned | None = None, logs: rules.Logs = LOGS) -> tuple[int, str, str]:
    """Status, text and media type; 200 where nothing was rejected."""
    try:
        check(admitted(raw, logs), last)
    except Rejected as rejected:
        return rejected.answer.status, rejected.answer.text, rejected.answer.media_type
    return 200, "", ""


@pytest.mark.parametrize(
    ("old", "size", "last"),
    [(0, 0, None), (0, 7, None), (0, 7, 0), (3, 7, 3), (4, 7, 4), (7, 7, 7), (39, 40, 39), (0, 0, 0)],
)
def test_what_continues_the_last_one_is_taken(old: int, size: int, last: int | None) -> None:
    assert answer(TREE.body(old, size), None if last is None else known(last))[0] == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"old 0\n",
        NOTE.encode(),
        f"old 0\n{NOTE}".encode(),
        f"Old 0\n\n{NOTE}".encode(),
        f"old  0\n\n{NOTE}".encode(),
        f"old 0 \n\n{NOTE}".encode(),
        f"old 0\r\n\n{NOTE}".encode(),
        f" old 0\n\n{NOTE}".encode(),
        f"\n\n{NOTE}".encode(),
        f"old 00\n\n{NOTE}".encode(),
        f"old 03\n\n{NOTE}".encode(),
        f"old +3\n\n{NOTE}".encode(),
        f"old -3\n\n{NOTE}".encode(),
        f"old 1_0\n\n{NOTE}".encode(),
        f"old \u0663\n\n{NOTE}".encode(),
        f"old {2**63}\n\n{NOTE}".encode(),
        f"old \n\n{NOTE}".encode(),
        f"old 3\n{HASH[:-1]}\n\n{NOTE}".encode(),
        f"old 3\n{HASH} \n\n{NOTE}".encode(),
        f"old 3\n{encode_base64(bytes(31))}\n\n{NOTE}".encode(),
        f"old 3\n{HASH[:-2]}B=\n\n{NOTE}".encode(),
        f"old 3\n{HASH * 2}\n\n{NOTE}".encode(),
        body(3, [bytes(32)] * 64, NOTE),
        TREE.body(0, 7)[:-1],
        TREE.body(0, 7) + b"\n",
        b"old 0\n\n\xff" + NOTE.encode(),
        f"old 0\n\n{ORIGIN}\n7\n".encode(),
    ],
)
def test_malformed_is_400(raw: bytes) -> None:
    assert answer(raw)[0] == 400


def test_63_hashes_are_read_and_found_wrong() -> None:
    assert answer(body(3, [bytes(32)] * 63, NOTE), known(3))[0] == 422


@pytest.mark.parametrize(
    "body_text",
    [
        f"{ORIGIN}\n7\n",
        f"{ORIGIN}\n07\n{HASH}\n",
        f"{ORIGIN}\n7\n{HASH[:-1]}\n",
        f"{ORIGIN}\n7\n{HASH}\n\nx\n",
        f"{ORIGIN}\n0\n{HASH[:-1]}\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_400(body_text: str) -> None:
    assert answer(body(0, [], sign_note(body_text, [LOG_KEY])))[0] == 400


def test_old_larger_than_the_checkpoint_is_400_whatever_was_cosigned() -> None:
    assert answer(TREE.body(8, 7, proof=[]), known(8))[0] == 400
    assert answer(TREE.body(8, 7, proof=[]), known(3))[0] == 400


def test_unknown_origin_is_404_even_where_a_known_key_signed() -> None:
    other = Tree(origin="other.example.org/log")
    assert answer(other.body(0, 7))[0] == 404
    assert answer(other.body(0, 7), logs={})[0] == 404


@pytest.mark.parametrize(
    "note",
    [
        TREE.note(7, STRANGER),
        TREE.note(7, Signer("log.example.org/other", LOG_KEY.key)),
        NOTE.replace("\n7\n", "\n8\n"),
        NOTE.rsplit("\u2014", 1)[0] + TREE.note(8).rsplit("\n\n", 1)[1],
        # One good signature does not make up for a bad one by a known key.
        NOTE + TREE.note(8).rsplit("\n\n", 1)[1],
    ],
)
def test_no_log_signature_or_a_wrong_one_is_403(note: str) -> None:
    assert answer(body(0, [], note))[0] == 403


def test_signatures_by_unknown_keys_are_passed_over_and_dropped() -> None:
    found = admitted(body(0, [], TREE.note(7, STRANGER, LOG_KEY)))
    assert found.signatures == TREE.note(7).rsplit("\n\n", 1)[1]


def test_a_log_may_have_two_keys_while_one_is_replaced() -> None:
    both = {ORIGIN: keys(LOG_KEY, NEXT_KEY)}
    for signers in ((LOG_KEY,), (NEXT_KEY,), (LOG_KEY, NEXT_KEY)):
        assert answer(body(0, [], TREE.note(7, *signers)), logs=both)[0] == 200
    assert answer(body(0, [], TREE.note(7, NEXT_KEY)))[0] == 403


def test_a_log_may_sign_with_ml_dsa_but_then_its_extension_lines_count_for_nothing() -> None:
    signer = MldsaSigner(ORIGIN, bytes(range(32)), NOW)
    key: NoteVerifier = signer.verifier
    plain = Checkpoint(ORIGIN, 7, TREE.root(7)).to_text()
    logs = {ORIGIN: (key,)}
    assert answer(body(0, [], sign_note(plain, [signer])), logs=logs)[0] == 200
    assert answer(body(0, [], sign_note(plain + "more\n", [signer])), logs=logs)[0] == 403


@pytest.mark.parametrize(("old", "last"), [(0, 3), (3, None), (3, 0), (3, 4), (7, 3), (4, 3)])
def test_another_old_size_is_409_with_the_last_size(old: int, last: int | None) -> None:
    status, text, kind = answer(TREE.body(old, 7), None if last is None else known(last))
    assert (status, text, kind) == (409, f"{last or 0}\n", "text/x.tlog.size")


def test_409_comes_before_a_look_at_the_proof() -> None:
    assert answer(TREE.body(3, 7, proof=[bytes(32)]), known(4))[0] == 409


@pytest.mark.parametrize(
    ("old", "size", "proof", "why"),
    [
        (0, 7, [bytes(32)], "a proof from nothing"),
        (7, 7, [bytes(32)], "a proof to the same tree"),
        (3, 7, [], "no proof"),
        (3, 7, [bytes(32)] * 4, "a wrong proof"),
        (3, 7, TREE.proof(3, 7)[:-1], "too short"),
        (3, 7, [*TREE.proof(3, 7), bytes(32)], "too long"),
        (3, 7, TREE.proof(4, 7), "the proof of another size"),
    ],
)
def test_a_bad_proof_is_422(old: int, size: int, proof: list[bytes], why: str) -> None:
    assert answer(TREE.body(old, size, proof=proof), known(old))[0] == 422, why


@pytest.mark.parametrize("size", [3, 5, 7])
def test_a_fork_is_422(size: int) -> None:
    fork = Tree(fork=2)
    assert answer(fork.body(3, size), known(3))[0] == 422


def test_size_0_with_another_root_is_422() -> None:
    note = sign_note(f"{ORIGIN}\n0\n{HASH}\n", [LOG_KEY])
    assert answer(body(0, [], note))[0] == 422
    empty = sign_note(f"{ORIGIN}\n0\n{encode_base64(EMPTY_ROOT)}\n", [LOG_KEY])
    assert answer(body(0, [], empty))[0] == 200


def test_size_0_with_another_root_by_a_stranger_is_403() -> None:
    assert answer(body(0, [], sign_note(f"{ORIGIN}\n0\n{HASH}\n", [STRANGER])))[0] == 403


def test_caps_are_looked_at_before_anything_is_read() -> None:
    assert answer(bytes(rules.MAX_BODY_BYTES + 1))[0] == 413
    assert answer(b"old 0\n\n" + b"x" * (rules.MAX_CHECKPOINT_BYTES + 1))[0] == 413
    # The empty line must come early: no reading through a long head in search of it.
    assert answer(b"old 0\n" + b"A" * rules.MAX_HEAD_BYTES + b"\n\n" + NOTE.encode())[0] == 400


def test_16_signatures_of_5_kb_are_taken() -> None:
    strange = "".join(
        f"\u2014 cosigner{number}.example.org {encode_base64(bytes(5000))}\n" for number in range(15)
    )
    assert answer(body(0, [], NOTE + strange))[0] == 200


def test_the_time_is_never_zero_and_never_goes_back() -> None:
    assert next_timestamp(NOW, None) == NOW
    assert next_timestamp(0, None) == 1
    assert next_timestamp(-5, known(3)) == NOW
    assert next_timestamp(NOW - 1, known(3)) == NOW
    assert next_timestamp(NOW + 1, known(3)) == NOW + 1
    assert next_timestamp(MAX_INT64 + 1, None) == MAX_INT64


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(raw: bytes) -> None:
    assert answer(raw)[0] in (400, 404)


@given(st.data())
def test_any_small_change_to_a_sound_submission_is_rejected_or_changes_nothing_signed(
    data: st.DataObject,
) -> None:
    raw = TREE.body(3, 7)
    at = data.draw(st.integers(0, len(raw) - 1))
    changed = raw[:at] + bytes([raw[at] ^ 1 << data.draw(st.integers(0, 7))]) + raw[at + 1 :]
    assert answer(changed, known(3))[0] != 200


@given(
    st.integers(0, MAX_INT64),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(max_size=50),
)
def test_what_is_written_is_read_back(old: int, proof: list[bytes], rest: bytes) -> None:
    head = body(old, proof, "")
    found = parse_submission(head + rest)
    assert (found.old_size, list(found.proof), found.checkpoint) == (old, proof, rest)
