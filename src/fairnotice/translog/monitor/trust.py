"""Whose signatures make a checkpoint one of the log's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint
from fairnotice.translog.cosignature import timestamp_of
from fairnotice.translog.errors import CheckpointError, NoteError, PolicyError
from fairnotice.translog.notes import NoteVerifier, parse_note, signature_line, verify_note
from fairnotice.translog.policy import Policy

_NAME_CHARS = 200


@dataclass(frozen=True)
class Cosignature:
    """Who says to have seen a checkpoint, and when (POSIX seconds). Not ``verified``: we do not know the
    key.
    """

    name: str
    time: int
    verified: bool


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint that the log signed: its content, and the file's bytes."""

    checkpoint: Checkpoint
    note: bytes


class Trust:
    """The public keys of one log (several in a time of rotation) and, where there is one, a policy.

    Raises :class:`PolicyError` where it is not clear which log is meant.
    """

    def __init__(self, keys: Sequence[NoteVerifier], policy: Policy | None = None) -> None:
        known = [*keys] if keys else [log.key for log in policy.logs] if policy else []
        names = {key.name for key in known}
        if len(names) != 1:
            raise PolicyError("give the public key (--vkey) of one log: there is none, or there are several")
        self.origin = names.pop()
        self.keys = known
        self.policy = policy
        self._witnesses = [witness.key for witness in policy.witnesses] if policy else []

    def open(self, note: bytes) -> SignedCheckpoint:
        """The checkpoint in ``note``. Raises :class:`NoteError` or :class:`CheckpointError` where the log did
        not sign it.
        """
        checkpoint = open_checkpoint(note, self.keys)
        if checkpoint.origin != self.origin:
            raise CheckpointError(f"the checkpoint is not of the log {self.origin}")
        return SignedCheckpoint(checkpoint, note)

    def cosignatures(self, note: bytes, now: int) -> tuple[Cosignature, ...]:
        """Who cosigned ``note``, which the log has signed.

        Raises :class:`PolicyError` where fewer did than the policy asks for, :class:`NoteError` where the
        signature of a known witness is wrong.
        """
        if self.policy is not None:
            self.policy.examine(note, logs=self.keys, now=now)
        opened = verify_note(note, [*self.keys, *self._witnesses])
        own = {key.vkey for key in self.keys}
        found = [
            Cosignature(item.verifier.name, item.timestamp, verified=True)
            for item in opened.verified
            if item.verifier.vkey not in own and item.timestamp is not None
        ]
        known = {(key.name, key.key_id) for key in (*self.keys, *self._witnesses)}
        for line in parse_note(note).signatures:
            if (line.name, line.key_id) in known:
                continue
            try:
                stated = timestamp_of(signature_line(line.name, line.key_id, line.signature))
            except NoteError:
                continue  # some other kind of signature
            found.append(Cosignature(line.name[:_NAME_CHARS], stated, verified=False))
        return tuple(found)
