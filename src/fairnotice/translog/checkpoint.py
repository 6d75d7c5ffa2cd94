"""Checkpoints: what the log signs (C2SP tlog-checkpoint). Ours: an Ed25519 signature first, key name equal
to the origin, no extension lines. Those of others are kept as read, as far as a signature covers them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fairnotice.translog.encoding import decode_base64, encode_base64, parse_decimal, require_int
from fairnotice.translog.errors import CheckpointError
from fairnotice.translog.keytext import CONTROL, LOG_KINDS
from fairnotice.translog.merkle import EMPTY_ROOT, HASH_SIZE
from fairnotice.translog.notes import (
    NoteSigner,
    NoteVerifier,
    OpenedNote,
    Signer,
    parse_note,
    sign_note,
    verify_note,
)


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
        words = "\n".join((self.origin, *self.extensions))
        if CONTROL.search(words):
            raise CheckpointError("the checkpoint holds a control character")
        try:
            words.encode("utf-8")
        except UnicodeEncodeError:
            raise CheckpointError("the checkpoint is not valid Unicode") from None

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


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer, further: Sequence[NoteSigner] = ()) -> str:
    """The signed note: first the log's Ed25519 line, which tlog-tiles asks of a public log, then those of
    ``further`` (ML-DSA-44). Every name must be the origin: a key signs for one log. No extension lines, which
    nobody could audit.
    """
    if any(item.name != checkpoint.origin for item in (signer, *further)):
        raise CheckpointError("the checkpoint is to be signed by the key of another log")
    if checkpoint.extensions:
        raise CheckpointError("the checkpoint has extension lines, which this log does not sign")
    return sign_note(checkpoint.to_text(), [signer, *further])


def signed_content(opened: OpenedNote, log_keys: Sequence[NoteVerifier]) -> Checkpoint:
    """What a log, one of whose ``log_keys`` must be among the verified, states in an opened note.

    An ML-DSA-44 signature (0x06) covers origin, size and root only. Where no other key of the log signed, the
    extension lines are nobody's statement and are left out, so that nothing can be built on them.
    """
    for key in log_keys:
        if key.kind not in LOG_KINDS:
            raise CheckpointError(f"the key of {key.name} is a witness's: it cannot sign for a log")
    checkpoint = parse_checkpoint(opened.text)
    vkeys = {key.vkey for key in log_keys}
    own = [item.verifier for item in opened.verified if item.verifier.vkey in vkeys]
    mine = [verifier for verifier in own if verifier.name == checkpoint.origin]
    if not mine:
        names = ", ".join(sorted({key.name for key in own or log_keys})) or "any log that is known here"
        raise CheckpointError(f"the checkpoint is not of the log {names}")
    if not any(verifier.whole_text for verifier in mine):
        return replace(checkpoint, extensions=())
    return checkpoint


def open_checkpoint(data: bytes | str, verifier: NoteVerifier | Sequence[NoteVerifier]) -> Checkpoint:
    """A checkpoint that the log's key (or one of its keys, for example in a time of rotation) signed.

    Raises :class:`~fairnotice.translog.errors.NoteError` for a bad note or signature,
    :class:`CheckpointError` for a bad body or another origin. Extension lines as in :func:`signed_content`.
    """
    keys = verifier if isinstance(verifier, Sequence) else [verifier]
    return signed_content(verify_note(data, keys), keys)


def read_unverified(data: bytes | str) -> Checkpoint:
    """A checkpoint's content without checking who signed it; only for comparing with one's own."""
    return parse_checkpoint(parse_note(data).text)
