"""tlog-proof files in ordinary use. What must be refused: strictness/test_proofs.py."""

import pytest

from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import CheckpointError, NoteError, ProofError
from fairnotice.translog.proof import LogProof, parse_proof, verify_proof
from tests.translog.build import LOG_KEY, OTHER_KEY, numbered

LOG = numbered(11)
TEXT = LOG.proof(5, extra=LOG.entries[5])
KEY = LOG_KEY.verifier


def test_the_text_is_that_of_the_specification():
    lines = TEXT.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == f"extra {encode_base64(b'entry 5')}"
    assert lines[2] == "index 5"
    assert TEXT.endswith("\n\n" + LOG.checkpoint())
    assert parse_proof(TEXT).to_text() == TEXT
    assert parse_proof(TEXT.encode()) == parse_proof(TEXT)


@pytest.mark.parametrize("index", range(11))
def test_every_entry_verifies_with_and_without_extra(index):
    for extra in (None, LOG.entries[index], b""):
        proof = parse_proof(LOG.proof(index, extra=extra))
        assert proof.extra == extra
        assert verify_proof(proof, LOG.entries[index], KEY).size == 11


def test_a_log_of_one_needs_no_hashes():
    log = numbered(1)
    assert "index 0\n\n" in log.proof(0)
    verify_proof(parse_proof(log.proof(0)), log.entries[0], KEY)


def test_another_entry_index_or_key_is_refused():
    proof = parse_proof(TEXT)
    with pytest.raises(ProofError, match="entry 6"):
        verify_proof(proof, b"entry 6", KEY)
    with pytest.raises(ProofError):
        verify_proof(LogProof(4, proof.hashes, proof.checkpoint), b"entry 5", KEY)
    with pytest.raises(ProofError):
        verify_proof(LogProof(11, proof.hashes, proof.checkpoint), b"entry 5", KEY)
    with pytest.raises(NoteError):
        verify_proof(parse_proof(LOG.proof(5, signer=OTHER_KEY)), b"entry 5", KEY)
    larger = numbered(12).checkpoint()  # the size is the signed one: a proof for 11 does not fit 12
    with pytest.raises(ProofError):
        verify_proof(LogProof(5, proof.hashes, larger), b"entry 5", KEY)


def test_a_checkpoint_with_a_bad_body_is_refused():
    checkpoint = LOG.checkpoint().replace("\n11\n", "\n12\n")
    with pytest.raises((NoteError, CheckpointError)):
        verify_proof(LogProof(5, parse_proof(TEXT).hashes, checkpoint), b"entry 5", KEY)
