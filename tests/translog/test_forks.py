"""Proof of a fork: for every two sizes, by the log's own signatures, and never against an honest log."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.errors import NoteError, ProofError
from fairnotice.translog.forks import ForkProof, check_fork, find_fork, parse_fork_proof
from fairnotice.translog.sources import FolderSource
from fairnotice.translog.verified import VerifiedTiles
from tests.translog.build import LOG_KEY, ORIGIN, OTHER_KEY, Log, numbered

KEYS = [LOG_KEY.verifier]


def checkpoint(log, size):
    return Checkpoint(ORIGIN, size, merkle.root(log.hashes[:size]))


def note(log, size):
    return sign_checkpoint(checkpoint(log, size), LOG_KEY).encode()


@given(st.integers(2, 40), st.data())
@settings(deadline=None, max_examples=40)
def test_a_fork_at_any_place_is_proven_for_any_two_sizes(tmp_path_factory, size, data):
    smaller = data.draw(st.integers(1, size - 1))
    at = data.draw(st.integers(0, smaller - 1))
    honest, other = numbered(size), numbered(size)
    other.entries[at] = b"another"
    folder = tmp_path_factory.mktemp("fork")
    other.publish(folder)
    tree = VerifiedTiles(FolderSource(folder), checkpoint(other, size))
    assert find_fork(tree, checkpoint(other, smaller)) is None
    proof = find_fork(tree, checkpoint(honest, smaller))
    assert proof is not None
    read = parse_fork_proof(proof.to_text().encode())
    assert read == proof
    notes = [note(honest, smaller), note(other, size)]
    assert [item.size for item in check_fork(notes[::-1], read, KEYS)] == [smaller, size]
    # The same proof says nothing against a log that has not forked.
    with pytest.raises(ProofError, match="has not forked"):
        check_fork([note(other, smaller), note(other, size)], read, KEYS)
    for pair in (
        [note(honest, smaller), note(honest, size)],
        [note(numbered(size + 1), size + 1), notes[1]],
    ):
        with pytest.raises(ProofError):
            check_fork(pair, read, KEYS)


def test_what_does_not_prove_anything():
    log, other = numbered(5), Log([b"x"] * 5)
    assert check_fork([note(log, 5), note(other, 5)], None, KEYS)[0].size == 5
    with pytest.raises(ProofError, match="one and the same tree"):
        check_fork([note(log, 5), note(log, 5)], None, KEYS)
    with pytest.raises(ProofError, match="only with a proof"):
        check_fork([note(log, 5), note(other, 4)], None, KEYS)
    with pytest.raises(NoteError):
        check_fork([note(log, 5), note(other, 5)], None, [OTHER_KEY.verifier])
    with pytest.raises(ProofError):
        check_fork([note(log, 4), note(log, 5)], ForkProof(merkle.root(other.hashes[:4]), ()), KEYS)
    good = ForkProof(bytes(32), (bytes(32),)).to_text().encode()
    for bad in (
        b"",
        good[:-1],
        good + b"x",
        good.replace(b"v1", b"v2"),
        good.replace(b"AAA=", b"AAB="),
        b"\xff" * 99,
    ):
        with pytest.raises(ProofError):
            parse_fork_proof(bad)
