"""Proof that a log signed two trees that contradict each other: checked by anybody, with the log's key alone.

Two checkpoints of one size with different roots are such a proof by themselves. For different sizes it takes
a consistency proof (RFC 9162 section 2.1.4) that leads to the larger tree's root from another root of the
smaller size than the one that was signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint
from fairnotice.translog.encoding import decode_base64, encode_base64
from fairnotice.translog.errors import ProofError
from fairnotice.translog.notes import NoteVerifier
from fairnotice.translog.verified import VerifiedTiles

_HEADER = "fair-notice fork v1"


@dataclass(frozen=True)
class ForkProof:
    """``root`` is that of the smaller size in the larger tree, to whose root ``hashes`` lead from it."""

    root: bytes
    hashes: tuple[bytes, ...]

    def to_text(self) -> str:
        """A line that names the format, the root, then the hashes, in base64."""
        return "\n".join((_HEADER, encode_base64(self.root), *map(encode_base64, self.hashes), ""))


def parse_fork_proof(data: bytes) -> ForkProof:
    """Read :meth:`ForkProof.to_text`. Raises :class:`ProofError`."""
    lines = data[:10_000].decode("ascii", "replace").split("\n")
    if len(lines) < 3 or lines[0] != _HEADER or lines[-1]:
        raise ProofError(f"the proof does not begin with '{_HEADER}', or is cut off")
    root, *hashes = (decode_base64(line, "a hash", ProofError, length=32) for line in lines[1:-1])
    return ForkProof(root, tuple(hashes))


def find_fork(tree: VerifiedTiles, smaller: Checkpoint) -> ForkProof | None:
    """None where ``tree`` begins with the tree that ``smaller`` signs; else the proof that it does not.

    Raises :class:`~fairnotice.translog.errors.TranslogError` where the tiles do not lead to the root of
    ``tree``: then nothing is known.
    """
    tree.edge()
    root = merkle.tree_root(smaller.size, tree)
    hashes = tree.consistency(smaller.size)
    merkle.verify_consistency(smaller.size, tree.size, hashes, root, tree.root)
    return None if root == smaller.root else ForkProof(root, tuple(hashes))


def check_fork(
    notes: Sequence[bytes], proof: ForkProof | None, keys: Sequence[NoteVerifier]
) -> tuple[Checkpoint, Checkpoint]:
    """The two checkpoints, smaller first, if they (and the proof, for different sizes) prove a fork.

    Raises :class:`~fairnotice.translog.errors.TranslogError` with what is lacking.
    """
    old, new = sorted((open_checkpoint(note, keys) for note in notes), key=lambda item: item.size)
    if old.origin != new.origin:
        raise ProofError("the two checkpoints are of different logs")
    if old.size == new.size:
        if old.root == new.root:
            raise ProofError("the two checkpoints are of one and the same tree")
        return old, new
    if proof is None:
        raise ProofError("two checkpoints of different sizes contradict each other only with a proof")
    merkle.verify_consistency(old.size, new.size, proof.hashes, proof.root, new.root)
    if proof.root == old.root:
        raise ProofError("the larger tree begins with the smaller one: the log has not forked")
    return old, new
