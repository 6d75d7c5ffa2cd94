"""Cosignatures of both types: what exactly is signed, and how notes with several kinds of keys open."""

import hashlib
import struct

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from fairnotice.translog import mldsa
from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from fairnotice.translog.cosignature import (
    CosignatureSigner,
    CosignatureVerifier,
    MldsaVerifier,
    cosign,
    cosign_mldsa,
    timestamp_of,
)
from fairnotice.translog.errors import CheckpointError, NoteError, SigningError
from fairnotice.translog.mldsa import MldsaSigner
from fairnotice.translog.notes import (
    NoteVerifier,
    Verified,
    Verifier,
    parse_note,
    parse_signature,
    verify_note,
)
from fairnotice.translog.vkeys import is_log_key, is_witness_key, parse_vkey
from tests.translog.cast import (
    CHECKPOINT,
    KEYS,
    LOG,
    NAMES,
    ORIGIN,
    PQ_LOG,
    PQ_WITNESS,
    ROOT,
    SIGNED,
    TEXT,
    TIME,
    WITNESSES,
    cosigned,
)

EXAMPLE = (  # of the specification of cosignatures; the keys are not published
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nT"
    "o+zyWE+xeMcTOAYQ8=\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dl"
    "rDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def test_the_example_of_the_specification():
    note = parse_note(EXAMPLE)
    assert [item.name for item in note.signatures] == [
        "example.com/behind-the-sofa",
        "witness.example.com/w1",
    ]
    assert (
        timestamp_of(EXAMPLE.splitlines()[-1]) == timestamp_of(EXAMPLE.splitlines()[-1] + "\n") == 1679315147
    )
    with pytest.raises(NoteError, match="not a cosignature"):
        timestamp_of(EXAMPLE.splitlines()[-2])


def test_an_ed25519_cosigner_signs_two_lines_and_the_whole_text():
    line = parse_signature(cosign(TEXT, NAMES[0], KEYS[0], TIME).rstrip("\n"))
    key = KEYS[0].public_key
    assert line.key_id == hashlib.sha256(NAMES[0].encode() + b"\n\x04" + key).digest()[:4]
    assert line.signature[:8] == struct.pack(">Q", TIME)
    message = b"cosignature/v1\ntime 1790000000\n" + TEXT.encode()
    Ed25519PublicKey.from_public_bytes(key).verify(line.signature[8:], message)


def test_an_mldsa_cosigner_signs_names_time_range_and_root():
    line = parse_signature(cosign_mldsa(TEXT, "pq.example.net", PQ_WITNESS.seed, TIME).rstrip("\n"))
    key = MLDSA44PrivateKey.from_seed_bytes(PQ_WITNESS.seed).public_key()
    raw = key.public_bytes_raw()
    assert line.key_id == hashlib.sha256(b"pq.example.net\n\x06" + raw).digest()[:4]
    assert len(line.signature) == 2428
    message = (
        *(b"subtree/v1\n\0", b"\x0epq.example.net", struct.pack(">Q", TIME)),
        *(b"\x18log.example.org/log/2026", struct.pack(">QQ", 0, 12), ROOT),
    )
    key.verify(line.signature[8:], b"".join(message))


@pytest.mark.parametrize("signer", [*WITNESSES[:1], PQ_WITNESS, PQ_LOG])
def test_a_cosigner_and_its_key_in_text_form(signer):
    verifier = parse_vkey(signer.verifier.vkey)
    assert verifier == signer.verifier
    assert verifier.vkey == signer.verifier.vkey
    line = parse_signature(signer.sign(TEXT).rstrip("\n"))
    assert line.key_id == verifier.key_id
    assert verifier.verify(TEXT.encode(), line.signature)
    assert verifier.timestamp(line.signature) == signer.timestamp
    assert verifier.timestamp(b"") is None
    assert is_witness_key(verifier)
    assert is_log_key(verifier) == isinstance(verifier, MldsaVerifier)


def test_a_log_key_is_no_witness():
    assert parse_vkey(LOG.verifier.vkey) == LOG.verifier
    assert is_log_key(LOG.verifier) and not is_witness_key(LOG.verifier)


def test_who_signed_and_when():
    note = sign_checkpoint(CHECKPOINT, LOG, [PQ_LOG]) + WITNESSES[0].sign(TEXT) + WITNESSES[1].sign(TEXT)
    known: list[NoteVerifier] = [PQ_WITNESS.verifier, WITNESSES[1].verifier, PQ_LOG.verifier, LOG.verifier]
    opened = verify_note(note, known)
    assert opened.text == TEXT
    assert opened.verified == (
        Verified(LOG.verifier, None),
        Verified(PQ_LOG.verifier, 0),
        Verified(WITNESSES[1].verifier, TIME),
    )


def test_a_checkpoint_of_ours_has_the_ed25519_signature_first():
    note = sign_checkpoint(CHECKPOINT, LOG, [PQ_LOG])
    first, second = parse_note(note).signatures
    assert (first.key_id, second.key_id) == (LOG.verifier.key_id, PQ_LOG.verifier.key_id)
    both: list[NoteVerifier] = [PQ_LOG.verifier, LOG.verifier]
    for keys in ([LOG.verifier], [PQ_LOG.verifier], both):
        assert open_checkpoint(note, keys) == CHECKPOINT
    with pytest.raises(CheckpointError, match="another log"):
        sign_checkpoint(CHECKPOINT, LOG, [PQ_WITNESS])
    with pytest.raises(CheckpointError, match="extension"):
        sign_checkpoint(Checkpoint(ORIGIN, 12, ROOT, ("more",)), LOG)


def test_a_witness_alone_does_not_make_a_checkpoint():
    """Not even one whose name is the log's."""
    with pytest.raises(NoteError, match="not signed"):
        open_checkpoint(SIGNED, WITNESSES[0].verifier)
    namesake = CosignatureSigner(ORIGIN, KEYS[0], TIME)
    for note, witness in ((cosigned(0), WITNESSES[0]), (SIGNED + namesake.sign(TEXT), namesake)):
        with pytest.raises(CheckpointError, match="cannot sign for a log"):
            open_checkpoint(note, [witness.verifier, LOG.verifier])


def test_during_rotation_either_key_opens():
    old = Verifier(ORIGIN, KEYS[0].public_key)
    assert open_checkpoint(SIGNED, [old, LOG.verifier]) == CHECKPOINT
    with pytest.raises(NoteError, match="not signed"):
        open_checkpoint(SIGNED, [old])


def test_subtrees():
    signer = MldsaSigner(PQ_WITNESS.name, PQ_WITNESS.seed)
    blob = signer.sign_subtree(ORIGIN, 8, 12, ROOT)
    verifier = signer.verifier
    assert verifier.verify_subtree(blob, ORIGIN, 8, 12, ROOT)
    for other in (
        (ORIGIN + "x", 8, 12, ROOT),
        (ORIGIN, 0, 12, ROOT),
        (ORIGIN, 8, 13, ROOT),
        (ORIGIN, 8, 12, ROOT[::-1]),
    ):
        assert not verifier.verify_subtree(blob, *other)
    assert not verifier.verify_subtree(blob[:-1], ORIGIN, 8, 12, ROOT)
    whole = signer.sign_subtree(ORIGIN, 0, 12, ROOT)
    assert verifier.verify(TEXT.encode(), whole)


def test_keys_are_not_shown():
    for item in (LOG, PQ_LOG, WITNESSES[0], KEYS[0]):
        shown = repr(item)
        assert "\\x21" not in shown and "!!!!" not in shown and '"""' not in shown
        assert "((((" not in shown and "seed" not in shown


def test_where_openssl_has_no_mldsa(monkeypatch):
    """An older OpenSSL cannot check these keys: it says so, and never that a signature is wrong."""

    class Absent:
        @classmethod
        def from_public_bytes(cls, data):
            raise UnsupportedAlgorithm("ML-DSA")

        @classmethod
        def from_seed_bytes(cls, data):
            raise UnsupportedAlgorithm("ML-DSA")

    vkey = PQ_LOG.verifier.vkey
    monkeypatch.setattr(mldsa, "MLDSA44PublicKey", Absent)
    monkeypatch.setattr(mldsa, "MLDSA44PrivateKey", Absent)
    with pytest.raises(NoteError, match=r"OpenSSL 3\.5"):
        parse_vkey(vkey)
    with pytest.raises(SigningError, match=r"OpenSSL 3\.5"):
        MldsaSigner("pq.example.net", bytes(32)).sign(TEXT)


def test_an_mldsa_key_of_another_length_is_none():
    assert len(PQ_LOG.verifier.public_key) == 1312
    MLDSA44PublicKey.from_public_bytes(PQ_LOG.verifier.public_key)
    for wrong in (PQ_LOG.verifier.public_key[:-1], PQ_LOG.verifier.public_key + b"\0", b""):
        with pytest.raises(NoteError, match="not an ML-DSA-44 key"):
            MldsaVerifier(ORIGIN, wrong)
    with pytest.raises(SigningError, match="32 bytes"):
        MldsaSigner(ORIGIN, b"short")
    with pytest.raises(NoteError, match="sound"):
        CosignatureVerifier(NAMES[0], bytes(32))
