"""Whose checkpoints to believe (C2SP tlog-policy): known logs, known witnesses, and how many of these must
have cosigned.

The format is one of octets: names are ``bytes``, compared as such and never read as Unicode. Reading is in
:mod:`.policytext`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from fairnotice.translog.checkpoint import Checkpoint, signed_content
from fairnotice.translog.errors import PolicyError
from fairnotice.translog.notes import NoteVerifier, verify_note
from fairnotice.translog.policytext import Group, KnownLog, PolicyText, Witness, format_text, parse_text
from fairnotice.translog.vkeys import is_log_key

__all__ = ["Checked", "Group", "KnownLog", "Policy", "Witness", "format_policy", "parse_policy"]

CLOCK_AHEAD = 300  # seconds by which a witness's clock may be ahead of ours


@dataclass(frozen=True)
class Checked:
    """A checkpoint that satisfies a policy, and the names of the witnesses that count, each with the latest
    time (POSIX seconds) it stated.
    """

    checkpoint: Checkpoint
    witnesses: dict[bytes, int]


@dataclass(frozen=True)
class Policy(PolicyText):
    """Logs, witnesses, groups of witnesses, and the quorum: a name, or None for no cosignature at all."""

    def check(
        self, note: bytes | str, *, logs: Sequence[NoteVerifier] = (), now: int | None = None
    ) -> Checkpoint:
        """The checkpoint, as one of the known logs signed it, if the quorum of witnesses cosigned it."""
        return self.examine(note, logs=logs, now=now).checkpoint

    def examine(
        self, note: bytes | str, *, logs: Sequence[NoteVerifier] = (), now: int | None = None
    ) -> Checked:
        """As :meth:`check`, and who cosigned.

        ``logs``: keys of logs known from elsewhere, besides those of the policy. ``now`` (POSIX seconds):
        a cosignature from more than :data:`CLOCK_AHEAD` seconds later does not count. One without a time
        (ML-DSA-44 allows 0) never counts: it does not say that its witness saw no larger tree. Raises
        :class:`PolicyError` where the quorum is not met or no log is known,
        :class:`~fairnotice.translog.errors.NoteError` for a bad note or a wrong signature by a known key, and
        :class:`~fairnotice.translog.errors.CheckpointError` for a bad body or a log that is not known.
        """
        log_keys = [log.key for log in self.logs] + list(logs)
        if not log_keys:
            raise PolicyError("the policy names no log, so no checkpoint can be checked with it")
        if not all(is_log_key(key) for key in log_keys):
            raise PolicyError("the key of a log is of a type that logs do not sign with")
        opened = verify_note(note, [*log_keys, *(witness.key for witness in self.witnesses)])
        checkpoint = signed_content(opened, log_keys)
        times: dict[str, int] = {}
        for item in opened.verified:
            if item.timestamp and (now is None or item.timestamp <= now + CLOCK_AHEAD):
                vkey = item.verifier.vkey
                times[vkey] = max(item.timestamp, times.get(vkey, 0))
        seen = {
            witness.name: times[witness.key.vkey] for witness in self.witnesses if witness.key.vkey in times
        }
        if not self.is_quorum(seen):
            raise PolicyError("the checkpoint was not cosigned by as many witnesses as the policy asks for")
        return Checked(checkpoint, seen)

    def is_quorum(self, names: Container[bytes]) -> bool:
        """True when these witnesses together are enough."""
        witnessed = {witness.name for witness in self.witnesses if witness.name in names}
        for group in self.groups:  # a group refers only to earlier ones: one pass, no recursion
            if sum(member in witnessed for member in group.members) >= group.threshold:
                witnessed.add(group.name)
        return self.quorum is None or self.quorum in witnessed


def parse_policy(data: bytes) -> Policy:
    """Read a policy. Raises :class:`PolicyError`, which names the line."""
    text = parse_text(data)
    return Policy(text.logs, text.witnesses, text.groups, text.quorum)


def format_policy(policy: Policy) -> bytes:
    """The policy's text, without comments: :func:`parse_policy` reads the same policy from it.

    Raises :class:`PolicyError` for a policy put together by hand that breaks a rule of the format.
    """
    data = format_text(policy)
    if parse_policy(data) != policy:
        raise PolicyError("a name, a URL or a group of the policy cannot be written in the format")
    return data
