"""Cosignatures: times, lengths and names at their limits, and what each type does and does not cover."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.translog.checkpoint import Checkpoint
from fairnotice.translog.cosignature import (
    CosignatureSigner,
    cosign,
    cosign_mldsa,
    cosigned_message,
    timestamp_of,
)
from fairnotice.translog.encoding import MAX_INT64
from fairnotice.translog.errors import CheckpointError, NoteError
from fairnotice.translog.mldsa import MldsaSigner, MldsaVerifier, subtree_message
from fairnotice.translog.notes import parse_signature, signature_line, verify_note
from tests.translog.cast import KEYS, NAMES, ORIGIN, PQ_WITNESS, ROOT, SIGNED, TEXT, TIME, WITNESSES

RAW = TEXT.encode()
ED, PQ = WITNESSES[0].verifier, PQ_WITNESS.verifier
SEED = PQ_WITNESS.seed


def _blob(line: str) -> bytes:
    return parse_signature(line.rstrip("\n")).signature


ED_BLOB = _blob(WITNESSES[0].sign(TEXT))
PQ_BLOB = _blob(PQ_WITNESS.sign(TEXT))
BOTH = pytest.mark.parametrize(("verifier", "blob"), [(ED, ED_BLOB), (PQ, PQ_BLOB)], ids=["ed25519", "mldsa"])

NO_TIMES: list[Any] = [0, -1, 2**63, 2**64 - 1, 1.0, True, None, "5"]


@pytest.mark.parametrize("time", NO_TIMES, ids=repr)
def test_a_witness_states_a_time_from_1_to_the_largest(time):
    for make in (
        lambda: cosign(TEXT, NAMES[0], KEYS[0], time),
        lambda: cosign_mldsa(TEXT, NAMES[0], SEED, time),
    ):
        if time is True:
            with pytest.raises(NoteError, match="whole number"):
                make()
        else:
            with pytest.raises(NoteError, match="time"):
                make()


@pytest.mark.parametrize("time", [1, 2**31, 2**32, MAX_INT64])
def test_times_at_their_limits(time):
    for line in (cosign(TEXT, NAMES[0], KEYS[0], time), cosign_mldsa(TEXT, PQ.name, SEED, time)):
        assert timestamp_of(line) == time
        opened = verify_note(SIGNED + line, [ED, PQ])
        assert [item.timestamp for item in opened.verified] == [time]


def test_a_time_beyond_63_bits_is_refused_although_it_was_signed():
    """A reader that takes all 64 bits would accept a signature that is really over this time."""
    time = 2**63
    blob = struct.pack(">Q", time) + KEYS[0].sign(cosigned_message(RAW, time))
    assert not ED.verify(RAW, blob)
    with pytest.raises(NoteError, match="wrong"):
        verify_note(SIGNED + signature_line(ED.name, ED.key_id, blob), [ED])
    with pytest.raises(NoteError, match="not a cosignature"):
        timestamp_of(signature_line(ED.name, ED.key_id, blob))


@BOTH
def test_the_time_is_signed(verifier, blob):
    later = struct.pack(">Q", TIME + 1) + blob[8:]
    assert verifier.verify(RAW, blob) and not verifier.verify(RAW, later)


@BOTH
@pytest.mark.parametrize(
    "change", [lambda b: b[:-1], lambda b: b + b"\0", lambda b: b[8:], lambda b: b"", lambda b: b[:8]]
)
def test_a_blob_has_one_length(verifier, blob, change):
    assert not verifier.verify(RAW, change(blob))
    assert verifier.timestamp(change(blob)) is None
    if len(change(blob)) > 0:
        with pytest.raises(NoteError, match="not a cosignature"):
            timestamp_of(signature_line(verifier.name, verifier.key_id, change(blob)))


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("12", "13"),
        TEXT.replace("2026", "2027"),
        TEXT.replace("AAEC", "AAED"),
        TEXT[:-1],
        TEXT + "\n",
        TEXT.replace("\n12\n", "\n012\n"),
    ],
)
def test_another_text_is_not_signed(verifier, blob, text):
    assert not verifier.verify(text.encode(), blob)


def test_extension_lines_are_signed_by_ed25519_only():
    extended = (TEXT + "more\n").encode()
    assert not ED.verify(extended, ED_BLOB)
    assert PQ.verify(extended, PQ_BLOB) and not PQ.whole_text
    assert ED.whole_text


def test_a_plain_signature_of_the_same_key_is_no_cosignature():
    """Domain separation: the two header lines. Nor is a cosignature a note signature over the bare text."""
    plain = struct.pack(">Q", TIME) + KEYS[0].sign(RAW)
    assert not ED.verify(RAW, plain)
    with pytest.raises(CheckpointError):  # and a witness never cosigns a text with header lines of its own
        cosign("cosignature/v1\ntime 5\n" + TEXT, NAMES[0], KEYS[0], TIME)


@pytest.mark.parametrize("text", ["", "text\n", TEXT[:-1], TEXT + "\n", f"{ORIGIN}\n1\n"])
def test_only_checkpoints_are_cosigned(text):
    for make in (WITNESSES[0].sign, PQ_WITNESS.sign):
        with pytest.raises(CheckpointError):
            make(text)
    assert not PQ.verify(text.encode(), PQ_BLOB)
    assert not PQ.verify(b"\xff" + RAW, PQ_BLOB)


def test_an_mldsa_signature_covers_the_cosigners_name_and_an_ed25519_one_does_not():
    assert not MldsaVerifier("other.example.net", PQ.public_key).verify(RAW, PQ_BLOB)
    assert CosignatureSigner("other.example.net", KEYS[0], TIME).verifier.verify(RAW, ED_BLOB)


def test_a_timeless_mldsa_cosignature_is_well_formed():
    signer = MldsaSigner(PQ.name, SEED)
    assert verify_note(SIGNED + signer.sign(TEXT), [PQ]).verified[0].timestamp == 0


@pytest.mark.parametrize(
    ("start", "end", "time"),
    [
        pytest.param(1, 12, 5, id="a time with a range that does not begin at 0"),
        pytest.param(12, 8, 0, id="end before start"),
        pytest.param(8, 8, 0, id="an empty range in the middle"),
        pytest.param(-1, 8, 0, id="negative start"),
        pytest.param(0, 2**63, 0, id="end beyond 63 bits"),
        pytest.param(0, 12, -1, id="negative time"),
        pytest.param(0, True, 0, id="true"),
        pytest.param(0, 12.0, 0, id="float"),
    ],
)
def test_ranges_that_no_cosignature_has(start, end, time):
    with pytest.raises(NoteError):
        subtree_message(PQ.name, time, ORIGIN, start, end, ROOT)
    assert not PQ.verify_subtree(struct.pack(">Q", max(time, 0)) + bytes(2420), ORIGIN, start, end, ROOT)


@pytest.mark.parametrize("size", [31, 33, 0])
def test_roots_of_another_length_are_not_signed(size):
    with pytest.raises(NoteError, match="32 bytes"):
        subtree_message(PQ.name, 0, ORIGIN, 0, 12, bytes(size))


def test_names_fit_into_their_length_byte():
    """Cut off silently, two long names or origins would be signed as one."""
    long = "o" * 255
    text = Checkpoint(long, 12, ROOT).to_text()
    line = cosign_mldsa(text, "w" * 255, SEED, TIME)
    assert MldsaVerifier("w" * 255, PQ.public_key).verify(text.encode(), _blob(line))
    longer = Checkpoint(long + "o", 12, ROOT).to_text()
    assert not MldsaVerifier("w" * 255, PQ.public_key).verify(longer.encode(), _blob(line))
    with pytest.raises(NoteError, match="255"):
        cosign_mldsa(longer, "w", SEED, TIME)
    for name in ("w" * 256, "ü" * 128):
        with pytest.raises(NoteError, match="255"):
            MldsaVerifier(name, PQ.public_key)


@given(st.integers(0, 71), st.integers(0, 7))
def test_no_bit_of_an_ed25519_cosignature_can_change(at, bit):
    damaged = bytearray(ED_BLOB)
    damaged[at] ^= 1 << bit
    assert not ED.verify(RAW, bytes(damaged))


@given(st.integers(0, 2427), st.integers(0, 7))
def test_no_bit_of_an_mldsa_cosignature_can_change(at, bit):
    damaged = bytearray(PQ_BLOB)
    damaged[at] ^= 1 << bit
    assert not PQ.verify(RAW, bytes(damaged))


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_are_verified_or_not_and_never_crash(text, blob):
    assert not ED.verify(text, blob) and not PQ.verify(text, blob)
    for verifier in (ED, PQ):
        assert verifier.timestamp(blob) is None or len(blob) == 72


@given(st.text(max_size=60) | st.text(alphabet="— w.AQg=/+\n", max_size=30))
def test_any_line_has_a_time_or_is_refused(line):
    with pytest.raises(NoteError):
        timestamp_of(line)
