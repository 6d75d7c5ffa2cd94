"""Checkpoints: what the log signs (C2SP tlog-checkpoint v1.0.0). Ed25519, key name equal to the origin, and
no extension lines in our own; extension lines of others are kept as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairnotice.translog.encoding import decode_base64, encode_base64, parse_decimal, require_int
from fairnotice.translog.errors import CheckpointError
from fairnotice.translog.merkle import EMPTY_ROOT, HASH_SIZE
from fairnotice.translog.notes import Signer, Verifier, open_note, parse_note, sign_note


@dataclass(frozen=True)
class Checkpoint:
    """Origin of the log, number of entries, 32-byte root hash, and extension lines (opaque)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_int(self.size, "the tree size in the checkpoint", CheckpointError)
        if not self.origin or "\n" in self.origin:
            raise CheckpointError("the checkpoint names no log")
        if len(self.root) != HASH_SIZE:
            raise CheckpointError(f"the root hash in the checkpoint is not {HASH_SIZE} bytes long")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise CheckpointError("the checkpoint of an empty log has a root that is not the empty tree's")
        if any(not line or "\n" in line for line in self.extensions):
            raise CheckpointError("the checkpoint has an empty extension line")

    def to_text(self) -> str:
        """The body that is signed, each line ending in LF."""
        return "\n".join((self.origin, str(self.size), encode_base64(self.root), *self.extensions)) + "\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's body (the text of a note). Raises :class:`CheckpointError`."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise CheckpointError("the checkpoint has fewer than three lines or is cut off")
    origin, size, root, *extensions = lines[:-1]
    return Checkpoint(
        origin,
        parse_decimal(size, "the tree size in the checkpoint", CheckpointError),
        decode_base64(root, "the root hash in the checkpoint", CheckpointError, length=HASH_SIZE),
        tuple(extensions),
    )


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note. The signer's name must be the origin: a key signs for one log."""
    if signer.name != checkpoint.origin:
        raise CheckpointError("the checkpoint is to be signed by the key of another log")
    return sign_note(checkpoint.to_text(), [signer])


def open_checkpoint(data: bytes | str, verifier: Verifier) -> Checkpoint:
    """A checkpoint whose signature and origin are those of ``verifier``.

    Raises :class:`~fairnotice.translog.errors.NoteError` for a bad note or signature,
    :class:`CheckpointError` for a bad body or another origin.
    """
    checkpoint = parse_checkpoint(open_note(data, [verifier]))
    if checkpoint.origin != verifier.name:
        raise CheckpointError(f"the checkpoint is not of the log {verifier.name}")
    return checkpoint


def read_unverified(data: bytes | str) -> Checkpoint:
    """A checkpoint's content without checking who signed it; only for comparing with one's own."""
    return parse_checkpoint(parse_note(data).text)
