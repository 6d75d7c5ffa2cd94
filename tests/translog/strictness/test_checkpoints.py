"""Checkpoints: three lines and what may follow them, whose they are, and what a signature does not cover."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.translog.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    read_unverified,
    sign_checkpoint,
)
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import CheckpointError, NoteError
from fairnotice.translog.merkle import EMPTY_ROOT
from fairnotice.translog.notes import sign_note
from fairnotice.translog.policy import KnownLog, Policy, Witness
from tests.translog.cast import CHECKPOINT, LOG, ORIGIN, PQ_LOG, ROOT, SIGNED, TEXT, WITNESSES
from tests.translog.strictness.lenient import NUMBERS


@pytest.mark.parametrize("size", NUMBERS.values(), ids=NUMBERS)
def test_a_size_of_12_has_one_spelling(size):
    with pytest.raises(CheckpointError, match="tree size"):
        parse_checkpoint(TEXT.replace("\n12\n", f"\n{size}\n"))


@pytest.mark.parametrize("size", ["", "00", "-0", "-1", "1e1", "12.0", "0xc", str(2**63), "9" * 5000])
def test_what_is_no_size(size):
    with pytest.raises(CheckpointError, match="tree size"):
        parse_checkpoint(TEXT.replace("\n12\n", f"\n{size}\n"))


NO_SIZES: list[Any] = [True, 1.0, "1", None, -1, 2**63]


@pytest.mark.parametrize("size", NO_SIZES)
def test_true_and_floats_are_no_sizes(size):
    with pytest.raises(CheckpointError):
        Checkpoint(ORIGIN, size, ROOT)


def _root(text: str) -> str:
    return f"{ORIGIN}\n12\n{text}\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("\n", id="an empty line"),
        pytest.param(TEXT[:-1], id="no final line feed"),
        pytest.param(TEXT + "\n", id="an empty extension line at the end"),
        pytest.param(TEXT + "\nx\n", id="an empty extension line before another"),
        pytest.param("\n" + TEXT, id="an empty origin"),
        pytest.param(f"{ORIGIN}\n12\n", id="two lines"),
        pytest.param(TEXT.replace("\n", "\r\n"), id="carriage returns"),
        pytest.param(TEXT + "a\x00b\n", id="NUL in an extension line"),
        pytest.param("a\tb\n" + TEXT.split("\n", 1)[1], id="tab in the origin"),
        pytest.param("\ud800\n" + TEXT.split("\n", 1)[1], id="lone surrogate in the origin"),
        pytest.param(_root(encode_base64(ROOT)[:-1]), id="root without padding"),
        pytest.param(_root(encode_base64(ROOT) + " "), id="space after the root"),
        pytest.param(_root(encode_base64(ROOT).replace("8=", "9=")), id="unused bits of the root set"),
        pytest.param(_root(encode_base64(ROOT).replace("AAEC", "AA-C")), id="root in the URL alphabet"),
        pytest.param(_root(encode_base64(ROOT[:31])), id="root of 31 bytes"),
        pytest.param(_root(encode_base64(ROOT + b"x")), id="root of 33 bytes"),
        pytest.param(_root(ROOT.hex()), id="root in hexadecimal"),
        pytest.param(_root(""), id="no root"),
        pytest.param(f"{ORIGIN}\n0\n{encode_base64(ROOT)}\n", id="empty log with another root"),
    ],
)
def test_malformed_bodies_are_refused(text):
    with pytest.raises(CheckpointError):
        parse_checkpoint(text)


def test_the_root_of_the_empty_log_is_the_hash_of_nothing():
    text = f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert parse_checkpoint(text) == Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    with pytest.raises(CheckpointError, match="empty"):
        Checkpoint(ORIGIN, 0, bytes(32))


@pytest.mark.parametrize(
    "origin", ["go.sum database tree", "a+b", "https://log.example.org/", "ü\u00a0中", "0", "\x7f"]
)
def test_origins_of_others_are_kept_as_they_are(origin):
    """A verifier must not assume that an origin is a URL or could be a key name."""
    text = f"{origin}\n" + TEXT.split("\n", 1)[1]
    assert parse_checkpoint(text).origin == origin
    assert parse_checkpoint(text).to_text() == text


EXTENDED = TEXT + "one\n two \n— three\n"


def test_extension_lines_of_others_are_kept_as_they_are():
    note = sign_note(EXTENDED, [LOG])
    for checkpoint in (
        parse_checkpoint(EXTENDED),
        open_checkpoint(note, LOG.verifier),
        read_unverified(note),
    ):
        assert checkpoint.extensions == ("one", " two ", "— three")
        assert checkpoint.to_text() == EXTENDED


def test_extension_lines_that_only_an_mldsa_signature_vouches_for_are_left_out():
    """It covers origin, size and root. Whoever passes the note on can put any extension lines in."""
    line = PQ_LOG.sign(TEXT)
    smuggled = f"{EXTENDED}\n{line}"
    opened = open_checkpoint(smuggled, PQ_LOG.verifier)
    assert opened == CHECKPOINT and opened.extensions == ()
    both = sign_note(EXTENDED, [LOG, PQ_LOG])
    assert open_checkpoint(both, PQ_LOG.verifier).extensions == ()
    assert open_checkpoint(both, [PQ_LOG.verifier, LOG.verifier]).extensions == ("one", " two ", "— three")
    with pytest.raises(NoteError, match="wrong"):  # the Ed25519 signature does cover them
        open_checkpoint(SIGNED.replace("\n\n", "\none\n\n"), LOG.verifier)


def test_a_witness_does_not_vouch_for_extension_lines():
    """Its Ed25519 cosignature covers them, but says nothing about them."""
    note = f"{EXTENDED}\n{PQ_LOG.sign(TEXT)}{WITNESSES[0].sign(EXTENDED)}"
    policy = Policy((KnownLog(PQ_LOG.verifier),), (Witness(b"w", WITNESSES[0].verifier),), (), b"w")
    assert policy.check(note) == CHECKPOINT and policy.check(note).extensions == ()


def test_a_log_speaks_for_its_own_origin_only():
    smuggled = sign_note(Checkpoint("elsewhere.example.net/log", 12, ROOT).to_text(), [LOG])
    with pytest.raises(CheckpointError, match="not of the log"):
        open_checkpoint(smuggled, LOG.verifier)
    for origin in (ORIGIN + "/", ORIGIN.upper(), "https://" + ORIGIN, ORIGIN + " "):
        with pytest.raises(CheckpointError, match="not of the log"):
            open_checkpoint(sign_note(Checkpoint(origin, 12, ROOT).to_text(), [LOG]), LOG.verifier)


def test_our_own_have_no_extension_lines():
    with pytest.raises(CheckpointError, match="extension"):
        sign_checkpoint(parse_checkpoint(EXTENDED), LOG)


PARTS = st.sampled_from(
    ["a", "log", "12", "012", "+1", "١", "0", encode_base64(ROOT), encode_base64(EMPTY_ROOT), "", "x\r"]
)


@given(st.lists(PARTS, max_size=6).map("\n".join) | st.text(max_size=60) | st.just(TEXT))
def test_any_text_is_a_checkpoint_or_refused(text):
    try:
        checkpoint = parse_checkpoint(text)
    except CheckpointError:
        return
    assert checkpoint.to_text() == text


@given(
    st.text(max_size=12),
    st.integers(-1, 2**63) | st.just(0),
    st.binary(min_size=31, max_size=33) | st.just(EMPTY_ROOT),
    st.lists(st.text(max_size=4), max_size=2),
)
def test_any_checkpoint_is_read_as_it_was_written_or_never_made(origin, size, root, extensions):
    try:
        checkpoint = Checkpoint(origin, size, root, tuple(extensions))
    except CheckpointError:
        return
    assert parse_checkpoint(checkpoint.to_text()) == checkpoint
    assert parse_checkpoint(checkpoint.to_text().encode().decode()) == checkpoint
