"""tlog-proof files: every spelling but one is refused, and nothing in them is believed that is not signed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.translog import merkle
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import CheckpointError, NoteError, ProofError
from fairnotice.translog.proof import LogProof, format_proof, parse_proof, verify_proof
from tests.translog.build import LOG_KEY, ORIGIN, numbered
from tests.translog.strictness.lenient import NUMBERS

LOG = numbered(13)
KEY = LOG_KEY.verifier
TEXT = LOG.proof(12, extra=LOG.entries[12])
FIRST = TEXT.split("\n")[3]
EXTRA = encode_base64(LOG.entries[12])


@pytest.mark.parametrize("index", NUMBERS.values(), ids=NUMBERS)
def test_an_index_of_12_has_one_spelling(index):
    assert parse_proof(TEXT).index == 12
    with pytest.raises(ProofError, match="index"):
        parse_proof(TEXT.replace("index 12", f"index {index}"))


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        pytest.param("", "begin", id="nothing"),
        pytest.param(TEXT.replace("@v1", "@v2"), "begin", id="another version"),
        pytest.param(TEXT.replace("@v1", "@v1 "), "begin", id="space after the header"),
        pytest.param("\ufeff" + TEXT, "begin", id="byte order mark"),
        pytest.param("\n" + TEXT, "begin", id="empty line first"),
        pytest.param(TEXT.replace("\n", "\r\n"), "begin|no checkpoint", id="carriage returns"),
        pytest.param(TEXT.split("\n\n")[0] + "\n", "no checkpoint", id="no checkpoint"),
        pytest.param(TEXT.replace("index 12\n", ""), "no index", id="no index"),
        pytest.param(TEXT.replace("index 12\n", "index 12\nindex 12\n"), "a hash", id="two indexes"),
        pytest.param(TEXT.replace("index", "Index"), "no index", id="another word"),
        pytest.param(TEXT.replace("index ", "index\t"), "no index", id="tab"),
        pytest.param(TEXT.replace("index 12", "index 12\r"), "index", id="carriage return after the index"),
        pytest.param(TEXT.replace("index 12", "index"), "no index", id="no number"),
        pytest.param(TEXT.replace("index 12", f"index {2**63}"), "index", id="index beyond 63 bits"),
        pytest.param(TEXT.replace("extra ", "extra  "), "base64", id="two spaces"),
        pytest.param(TEXT.replace("extra ", "extra="), "no index", id="another separator"),
        pytest.param(TEXT.replace(EXTRA, EXTRA[:-1]), "base64", id="extra without padding"),
        pytest.param(TEXT.replace(EXTRA, EXTRA + "\n" + EXTRA), "no index", id="extra over two lines"),
        pytest.param(TEXT.replace(f"extra {EXTRA}\n", f"extra {EXTRA}\n" * 2), "no index", id="extra twice"),
        pytest.param(
            TEXT.replace(f"extra {EXTRA}\nindex 12\n", f"index 12\nextra {EXTRA}\n"),
            "a hash",
            id="extra after index",
        ),
        pytest.param(TEXT.replace(FIRST, FIRST[:-1]), "base64", id="hash without padding"),
        pytest.param(TEXT.replace(FIRST, FIRST + " "), "base64", id="space after a hash"),
        pytest.param(TEXT.replace(FIRST, FIRST + "\r"), "base64", id="carriage return after a hash"),
        pytest.param(TEXT.replace(FIRST, encode_base64(bytes(31))), "31 bytes", id="hash of 31 bytes"),
        pytest.param(TEXT.replace(FIRST, encode_base64(bytes(33))), "33 bytes", id="hash of 33 bytes"),
        pytest.param(TEXT.replace(FIRST, bytes(32).hex()), "48 bytes", id="hash in hexadecimal"),
        pytest.param(
            TEXT.replace(FIRST, f"{FIRST}\n" * 63 + FIRST), "more than 63|a hash", id="64 more hashes"
        ),
        pytest.param(
            TEXT.replace(FIRST, f"{FIRST}\n" * 5000 + FIRST), "more than 63|a hash", id="far too many"
        ),
        pytest.param("x" * 2_000_000, "longer", id="oversized"),
        pytest.param("\ud800", "UTF-8", id="lone surrogate"),
    ],
)
def test_malformed_proofs_are_refused(damaged, why):
    with pytest.raises(ProofError, match=why):
        parse_proof(damaged)


def test_bytes_that_are_not_utf8_or_too_many_are_refused():
    with pytest.raises(ProofError, match="UTF-8"):
        parse_proof(TEXT.encode().replace(b"index", b"inde\xff"))
    for data in (b"\xff" * 2_000_000, "ü" * 1_050_000):
        with pytest.raises(ProofError, match="longer"):
            parse_proof(data)


def test_63_hashes_are_read_and_64_are_not():
    for count in (63, 64):
        text = "c2sp.org/tlog-proof@v1\nindex 0\n" + f"{FIRST}\n" * count + "\n" + LOG.checkpoint()
        if count == 63:
            assert len(parse_proof(text).hashes) == 63
        else:
            with pytest.raises(ProofError, match="more than 63"):
                parse_proof(text)
    with pytest.raises(ProofError, match="too many"):
        format_proof(0, [bytes(32)] * 64, LOG.checkpoint())


NO_INDEXES: list[Any] = [True, 1.0, "1", None, -1, 2**63]


@pytest.mark.parametrize("index", NO_INDEXES)
def test_true_and_floats_are_no_indexes(index):
    with pytest.raises(ProofError):
        format_proof(index, [], LOG.checkpoint())


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_hashes_of_another_length_are_never_written(size):
    with pytest.raises(ProofError, match="wrong length"):
        format_proof(0, [bytes(size)], LOG.checkpoint())


def test_extra_is_never_longer_than_an_entry():
    with pytest.raises(ProofError, match="65535"):
        format_proof(0, [], LOG.checkpoint(), bytes(65536))
    with pytest.raises(ProofError, match="65535"):
        parse_proof(TEXT.replace("extra ", f"extra {encode_base64(bytes(65538))}"))


def test_extra_is_not_believed():
    """It is not authenticated: what counts is the entry that the caller asks about."""
    proof = parse_proof(LOG.proof(12, extra=b"another entry"))
    assert verify_proof(proof, LOG.entries[12], KEY).size == 13
    with pytest.raises(ProofError):
        verify_proof(proof, b"another entry", KEY)


def test_a_root_alone_does_not_pin_the_size():
    """In a tree of 3, the last entry's path also fits index 1 of a tree of 2 with the same root. Only the
    signed size tells them apart.
    """
    log = numbered(3)
    path = merkle.inclusion_proof(2, 3, merkle.list_reader(log.hashes))
    merkle.verify_inclusion(2, 3, log.hashes[2], path, merkle.root(log.hashes))
    merkle.verify_inclusion(1, 2, log.hashes[2], path, merkle.root(log.hashes))
    verify_proof(parse_proof(format_proof(2, path, log.checkpoint())), log.entries[2], KEY)
    with pytest.raises(ProofError):
        verify_proof(parse_proof(format_proof(1, path, log.checkpoint())), log.entries[2], KEY)
    signed_as_3 = log.checkpoint().replace("\n3\n", "\n2\n")
    with pytest.raises(NoteError, match="wrong"):
        verify_proof(parse_proof(format_proof(1, path, signed_as_3)), log.entries[2], KEY)


def test_a_node_is_no_entry():
    """The two kinds of hashes differ by their first byte: an inner node's bytes are nobody's entry."""
    log = numbered(4)
    left = merkle.node_hash(log.hashes[0], log.hashes[1])
    right = merkle.node_hash(log.hashes[2], log.hashes[3])
    proof = parse_proof(format_proof(0, [right], log.checkpoint()))
    for entry in (left, log.hashes[0] + log.hashes[1], b"\x01" + log.hashes[0] + log.hashes[1]):
        with pytest.raises(ProofError):
            verify_proof(proof, entry, KEY)


def test_the_checkpoint_inside_is_as_strict_as_any():
    body = LOG.checkpoint()
    for damaged in (
        body[:-1],
        body + "\n",
        body.replace("\n13\n", "\n013\n"),
        body.replace(ORIGIN, ORIGIN + "x", 1),
        "",
    ):
        with pytest.raises((NoteError, CheckpointError)):
            verify_proof(LogProof(12, parse_proof(TEXT).hashes, damaged), LOG.entries[12], KEY)


LINES = st.sampled_from(
    [
        "c2sp.org/tlog-proof@v1",
        f"extra {EXTRA}",
        "extra ",
        "index 12",
        "index 0",
        "index 01",
        FIRST,
        FIRST[:-1],
        "",
        "\r",
        "x",
    ]
)


@given(
    st.lists(LINES, max_size=8).map(lambda lines: "\n".join(["c2sp.org/tlog-proof@v1", *lines]).encode())
    | st.builds(
        lambda at, byte: TEXT.encode()[:at] + bytes([byte]) + TEXT.encode()[at + 1 :],
        st.integers(0, 600),
        st.integers(0, 255),
    )
    | st.binary(max_size=60)
)
def test_any_bytes_are_a_proof_or_refused(data):
    try:
        proof = parse_proof(data)
    except ProofError:
        return
    assert proof.to_text().encode() == data


@given(
    st.integers(-1, 2**63),
    st.lists(st.binary(min_size=31, max_size=33), max_size=3),
    st.none() | st.binary(max_size=9),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
)
def test_any_proof_is_read_as_it_was_written_or_never_made(index, hashes, extra, checkpoint):
    try:
        text = format_proof(index, hashes, checkpoint, extra)
    except ProofError:
        return
    assert (
        parse_proof(text) == parse_proof(text.encode()) == LogProof(index, tuple(hashes), checkpoint, extra)
    )
