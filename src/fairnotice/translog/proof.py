"""Inclusion proofs that stand on their own: C2SP tlog-proof@v1 (``.tlog-proof`` files)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.translog.bundles import MAX_ENTRY_BYTES
from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint
from fairnotice.translog.encoding import decode_base64, encode_base64, parse_decimal, require_int
from fairnotice.translog.errors import ProofError
from fairnotice.translog.merkle import HASH_SIZE, MAX_PROOF_LENGTH, leaf_hash, verify_inclusion
from fairnotice.translog.notes import MAX_NOTE_BYTES, NoteVerifier
from fairnotice.translog.policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"
_MAX_PROOF_BYTES = MAX_NOTE_BYTES + 100_000  # the checkpoint, 63 hashes, and one entry in base64


@dataclass(frozen=True)
class LogProof:
    """Index of an entry, its audit path (leaf's sibling first), the checkpoint verbatim, and optional extra
    bytes.

    ``extra`` is not authenticated by the format; we put the leaf there, which the proof itself then confirms.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __post_init__(self) -> None:
        require_int(self.index, "the index in the proof", ProofError)
        if len(self.hashes) > MAX_PROOF_LENGTH or any(len(item) != HASH_SIZE for item in self.hashes):
            raise ProofError("the proof has too many hashes or one of the wrong length")
        if self.extra is not None and len(self.extra) > MAX_ENTRY_BYTES:
            raise ProofError(f"the proof's extra line is longer than {MAX_ENTRY_BYTES} bytes")

    def to_text(self) -> str:
        """The file's text."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(encode_base64(item) for item in self.hashes)
        return "\n".join(lines) + "\n\n" + self.checkpoint


def format_proof(index: int, hashes: Sequence[bytes], checkpoint: str, extra: bytes | None = None) -> str:
    """Text of a ``.tlog-proof`` for entry ``index`` against the signed ``checkpoint``."""
    return LogProof(index, tuple(hashes), checkpoint, extra).to_text()


def parse_proof(data: bytes | str) -> LogProof:
    """Read a ``.tlog-proof``. Raises :class:`ProofError`; the checkpoint inside is not looked at yet."""
    if len(data) > _MAX_PROOF_BYTES:
        raise ProofError(f"the proof is longer than {_MAX_PROOF_BYTES} bytes")
    try:
        raw = data.encode("utf-8") if isinstance(data, str) else data
        text = raw.decode("utf-8")
    except UnicodeError:
        raise ProofError("the proof is not valid UTF-8") from None
    if len(raw) > _MAX_PROOF_BYTES:
        raise ProofError(f"the proof is longer than {_MAX_PROOF_BYTES} bytes")
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n", MAX_PROOF_LENGTH + 4)
    if not gap or lines.pop(0) != HEADER:
        raise ProofError(f"the proof does not begin with '{HEADER}' or has no checkpoint")
    extra = None
    if lines and lines[0].startswith("extra "):
        text_of_extra = lines.pop(0).removeprefix("extra ")
        extra = decode_base64(text_of_extra, "the proof's extra line", ProofError, longest=MAX_ENTRY_BYTES)
    if not lines or not lines[0].startswith("index "):
        raise ProofError("the proof has no index line")
    index = parse_decimal(lines.pop(0).removeprefix("index "), "the index in the proof", ProofError)
    if len(lines) > MAX_PROOF_LENGTH:
        raise ProofError(f"the proof has more than {MAX_PROOF_LENGTH} hashes")
    hashes = tuple(decode_base64(line, "a hash in the proof", ProofError, length=HASH_SIZE) for line in lines)
    return LogProof(index, hashes, checkpoint, extra)


def verify_proof(proof: LogProof, leaf: bytes, verifier: NoteVerifier | Sequence[NoteVerifier]) -> Checkpoint:
    """Check that the bytes ``leaf`` are entry ``proof.index`` of the log whose key (or one of whose keys) is
    ``verifier``.

    Returns the verified checkpoint: size and root are those that were signed. Raises
    :class:`~fairnotice.translog.errors.TranslogError`: ``NoteError`` or ``CheckpointError`` for the
    checkpoint, :class:`ProofError` for the path.
    """
    return _include(proof, leaf, open_checkpoint(proof.checkpoint, verifier))


def verify_proof_by_policy(
    proof: LogProof,
    leaf: bytes,
    policy: Policy,
    *,
    logs: Sequence[NoteVerifier] = (),
    now: int | None = None,
) -> Checkpoint:
    """As :func:`verify_proof`, for a log and a quorum of witnesses that the policy (with ``logs``, see
    :meth:`~fairnotice.translog.policy.Policy.examine`) accepts.

    Raises also :class:`~fairnotice.translog.errors.PolicyError`.
    """
    return _include(proof, leaf, policy.check(proof.checkpoint, logs=logs, now=now))


def _include(proof: LogProof, leaf: bytes, checkpoint: Checkpoint) -> Checkpoint:
    verify_inclusion(proof.index, checkpoint.size, leaf_hash(leaf), proof.hashes, checkpoint.root)
    return checkpoint
