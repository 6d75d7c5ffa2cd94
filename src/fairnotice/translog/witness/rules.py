"""What a witness answers to a submitted checkpoint (C2SP tlog-witness v1.0.0, ``add-checkpoint``).

Pure: :func:`admit` needs the list of known logs, :func:`check` what was cosigned last. Whoever calls them
must store what was checked in one transaction with the check, before answering.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fairnotice.translog.checkpoint import Checkpoint, parse_checkpoint
from fairnotice.translog.encoding import MAX_INT64, decode_base64, parse_decimal
from fairnotice.translog.errors import CheckpointError, ProofError, TranslogError
from fairnotice.translog.merkle import EMPTY_ROOT, HASH_SIZE, verify_consistency
from fairnotice.translog.notes import parse_note, signature_line
from fairnotice.translog.vkeys import NoteVerifier
from fairnotice.translog.witness.errors import WitnessError

MAX_PROOF_LINES = 63
MAX_HEAD_BYTES = 16 * 1024  # the old size and 63 hashes need under 3 KiB
MAX_CHECKPOINT_BYTES = 112 * 1024  # room for the 16 signatures, post-quantum ones too, that must be accepted
MAX_BODY_BYTES = MAX_HEAD_BYTES + MAX_CHECKPOINT_BYTES
TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"

Logs = Mapping[
    str, Sequence[NoteVerifier]
]  # origin -> keys of that log; several while a key is being changed


@dataclass(frozen=True)
class Answer:
    """Status, media type and text of an HTTP answer."""

    status: int
    text: str
    media_type: str = TEXT


class Rejected(Exception):
    """The checkpoint is not cosigned; ``answer`` is what the submitter is told."""

    def __init__(self, status: int, sentence: str, media_type: str = TEXT) -> None:
        super().__init__(sentence)
        self.answer = Answer(status, f"{sentence}\n", media_type)


@dataclass(frozen=True)
class Submission:
    """A parsed body; nothing in it is verified. ``checkpoint`` is the note, byte for byte."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


@dataclass(frozen=True)
class Admitted:
    """A submission whose log is known and whose signature is sound.

    ``text`` is the signed text, ``signatures`` the lines by known keys of the log; others are dropped.
    """

    checkpoint: Checkpoint
    text: str
    signatures: str
    old_size: int
    proof: tuple[bytes, ...]


@dataclass(frozen=True)
class Cosigned:
    """The largest tree cosigned for one origin: size, root, and the POSIX second of the last cosignature."""

    size: int
    root: bytes
    timestamp: int


NEVER = Cosigned(0, EMPTY_ROOT, 0)


def parse_submission(body: bytes) -> Submission:
    """Read ``old <size>``, 0 to 63 hashes, an empty line, a checkpoint. Raises Rejected (400, 413)."""
    if len(body) > MAX_BODY_BYTES:
        raise Rejected(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    at = body.find(b"\n\n", 0, MAX_HEAD_BYTES)
    if at < 0:
        raise Rejected(400, "There is no empty line between the proof and the checkpoint.")
    checkpoint = body[at + 2 :]
    if len(checkpoint) > MAX_CHECKPOINT_BYTES:
        raise Rejected(413, f"The checkpoint is longer than {MAX_CHECKPOINT_BYTES} bytes.")
    try:
        first, *hashes = body[:at].decode("ascii").split("\n")
        if not first.startswith("old "):
            raise WitnessError("the first line is not the word old, a space and a size")
        if len(hashes) > MAX_PROOF_LINES:
            raise WitnessError(f"there are more than {MAX_PROOF_LINES} hashes")
        old_size = parse_decimal(first[4:], "the old size", WitnessError)
        proof = tuple(
            decode_base64(line, f"hash {number}", WitnessError, length=HASH_SIZE)
            for number, line in enumerate(hashes, 1)
        )
    except UnicodeDecodeError:
        raise Rejected(400, "The lines before the checkpoint hold something else than ASCII.") from None
    except WitnessError as fault:
        raise Rejected(400, f"The submission is malformed: {fault}.") from None
    return Submission(old_size, proof, checkpoint)


def admit(submission: Submission, logs: Logs) -> Admitted:
    """All checks that need no memory. Raises :class:`Rejected` with 400, 403, 404 or 422."""
    try:
        note = parse_note(submission.checkpoint)
    except TranslogError as fault:
        raise Rejected(400, f"The checkpoint is malformed: {fault}.") from None
    origin = note.text.split("\n", 1)[0]
    if origin not in logs:
        raise Rejected(404, "This witness does not watch the log that the checkpoint names.")
    known = {(verifier.name, verifier.key_id): verifier for verifier in logs[origin]}
    lines: dict[str, None] = {}
    whole = False
    for line in note.signatures:
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            continue
        if not verifier.verify(note.text.encode("utf-8"), line.signature):
            raise Rejected(403, "A signature of the log is wrong.")
        lines[signature_line(line.name, line.key_id, line.signature)] = None
        whole |= verifier.whole_text
    if not lines:
        raise Rejected(403, "The checkpoint is not signed by a key that this witness knows for the log.")
    if _claims_entries_in_nothing(note.text):
        raise Rejected(422, "The root of a log of size 0 is not the empty tree's.")
    try:
        checkpoint = parse_checkpoint(note.text)
    except CheckpointError as fault:
        raise Rejected(400, f"The checkpoint is malformed: {fault}.") from None
    if checkpoint.extensions and not whole:
        raise Rejected(403, "No key of the log signed the checkpoint's extension lines.")
    if submission.old_size > checkpoint.size:
        raise Rejected(
            400, f"The old size {submission.old_size} is larger than the checkpoint's {checkpoint.size}."
        )
    return Admitted(checkpoint, note.text, "".join(lines), submission.old_size, submission.proof)


def _claims_entries_in_nothing(text: str) -> bool:
    """True for size 0 with a root that is a hash, but not of nothing: inconsistent rather than malformed."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[1] != "0":
        return False
    try:
        return decode_base64(lines[2], "the root", WitnessError, length=HASH_SIZE) != EMPTY_ROOT
    except WitnessError:
        return False


def check(admitted: Admitted, last: Cosigned | None) -> None:
    """Whether the checkpoint continues what was cosigned last (None: nothing ever).

    Raises :class:`Rejected`: 409 with the last size, or 422 where the proof does not hold.
    """
    known = last or NEVER
    if admitted.old_size != known.size:
        raise Rejected(409, str(known.size), SIZE)
    new = admitted.checkpoint
    try:
        verify_consistency(known.size, new.size, admitted.proof, known.root, new.root)
    except ProofError as fault:
        raise Rejected(422, f"The checkpoint does not continue the last one cosigned: {fault}.") from None


def next_timestamp(now: int, last: Cosigned | None) -> int:
    """The POSIX second to sign: the clock's, but never zero and never before an earlier signature's."""
    return min(max(now, 1, last.timestamp if last else 1), MAX_INT64)
