"""The file that people hold, and its verification: offline, with the log's public key and nothing else.

``verify_evidence`` takes a receipt, a statement or a register entry (JSON, :mod:`.evidence_format`), or a
bare ``.tlog-proof`` whose extra line carries the entry. Whatever it is given, it returns a :class:`Result` or
raises :class:`~fairnotice.translog.errors.TranslogError`. The steps are those of docs/verify.md, "The file,
exactly".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from fairnotice.translog import evidence_words as words
from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint, read_unverified
from fairnotice.translog.errors import CheckpointError, EvidenceError, NoteError, TranslogError
from fairnotice.translog.evidence_format import FORMAT, MAX_EVIDENCE_BYTES, Record, read_evidence
from fairnotice.translog.merkle import leaf_hash, verify_inclusion
from fairnotice.translog.notes import Verifier
from fairnotice.translog.openings import check_openings
from fairnotice.translog.promise import Promise, open_promise, promise_key_name
from fairnotice.translog.proof import HEADER as PROOF_HEADER
from fairnotice.translog.proof import parse_proof

__all__ = ["FORMAT", "MAX_EVIDENCE_BYTES", "CheckpointPolicy", "Result", "verify_evidence"]


class CheckpointPolicy(Protocol):
    """What a reader asks of every checkpoint besides (:mod:`.policy`): the log's signature and witnesses."""

    def check(self, note: bytes, /, *, logs: Sequence[Verifier] = (), now: int | None = None) -> Checkpoint:
        """The checkpoint, signed by a log of the policy or one of ``logs``.

        Raises :class:`~fairnotice.translog.errors.TranslogError` where it falls short.
        """


@dataclass(frozen=True)
class Result:
    """What was verified.

    ``lines`` say it in plain words (they hold the file's own values, so not in ``repr``). ``entries`` are
    ``(origin, index, size)`` of each entry proven to be in a log, in the file's order. ``promised`` are the
    promises of entries that the file does not prove; ``overdue`` those whose time has passed at ``now``.
    ``key_from_file``: the caller gave neither key nor policy, so the proofs were checked against keys that
    the file brought itself; ``promise_key_from_file``: the same for the promises in ``promised``.
    """

    kind: str
    lines: tuple[str, ...] = field(repr=False)
    entries: tuple[tuple[str, int, int], ...]
    promised: tuple[Promise, ...]
    overdue: tuple[Promise, ...]
    key_from_file: bool
    promise_key_from_file: bool

    @property
    def pending(self) -> bool:
        """At least one entry is only promised so far."""
        return bool(self.promised)


class _Keys:
    """Keys that the caller trusts, by name."""

    def __init__(self, vkeys: Sequence[str], what: str) -> None:
        if isinstance(vkeys, str):
            raise TypeError(f"{what}s are a sequence of texts, not one text")
        self._what = what
        self._by_name: dict[str, list[Verifier]] = {}
        for vkey in vkeys:
            verifier = Verifier.from_vkey(vkey)
            self._by_name.setdefault(verifier.name, []).append(verifier)

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def of(self, name: str) -> list[Verifier]:
        """The keys of that name, at least one."""
        if name not in self._by_name:
            raise EvidenceError(
                f"none of the {self._what}s you gave is that of {name}: it is not from a log you trust"
            )
        return self._by_name[name]


@dataclass
class _Walk:
    """How the proofs of one file are checked, and what was found while walking through its records."""

    policy: CheckpointPolicy | None
    now: int | None

    lines: list[str] = field(default_factory=list)
    entries: list[tuple[str, int, int]] = field(default_factory=list)
    roots: dict[tuple[str, int], bytes] = field(default_factory=dict)
    promised: list[Promise] = field(default_factory=list)


def verify_evidence(
    doc: bytes,
    vkeys: Sequence[str] = (),
    *,
    promise_vkeys: Sequence[str] = (),
    now: int | None = None,
    policy: CheckpointPolicy | None = None,
) -> Result:
    """Verify a file of evidence or a bare ``.tlog-proof``.

    ``vkeys`` and ``promise_vkeys`` are the keys that the caller trusts, several of one name where keys
    changed, several names where a file holds entries of several logs. Every log of the file must then be
    among them, and the file's own keys count for nothing. Without any, the file's own are used and the result
    says so. ``policy`` must be satisfied by the checkpoint of every proof besides. ``now`` (POSIX seconds)
    lets overdue promises be named. Raises :class:`~fairnotice.translog.errors.TranslogError` with a sentence
    that says what and where.
    """
    given, promise_given = _Keys(vkeys, "public key"), _Keys(promise_vkeys, "promise key")
    if doc.startswith(PROOF_HEADER.encode("ascii")):
        return _verify_bare_proof(doc, given, _Walk(policy, now))
    file = read_evidence(doc)
    keys: dict[str, list[Verifier]] = {}
    for log in file.logs:
        # With a policy alone it is the policy that knows the log's keys.
        keys[log.origin] = given.of(log.origin) if given else [] if policy else [log.key]
    found = _Walk(policy, now)
    for number, record in enumerate(file.records, start=1):
        try:
            _verify_record(record, keys, promise_given, found)
        except TranslogError as fault:
            raise type(fault)(f"record {number} of {len(file.records)}: {fault}") from None
    overdue = tuple(item for item in found.promised if now is not None and now > item.deadline)
    if overdue:
        found.lines.append(words.OVERDUE)
    if not given and policy is None:
        found.lines.extend(words.log_key_words(log.key) for log in file.logs)
    if found.promised and not promise_given:
        promised = {promise.origin for promise in found.promised}
        used = (log.promise_key for log in file.logs if log.origin in promised)
        found.lines.extend(words.promise_key_words(key) for key in used if key)
    return Result(
        file.kind,
        tuple(found.lines),
        tuple(found.entries),
        tuple(found.promised),
        overdue,
        key_from_file=not given and policy is None,
        promise_key_from_file=bool(found.promised) and not promise_given,
    )


def _verify_record(
    record: Record,
    keys: Mapping[str, list[Verifier]],
    promise_given: _Keys,
    found: _Walk,
) -> None:
    origin = record.log.origin
    leaf = check_openings(record.leaf, record.name, record.salt, record.openings)
    if record.proof is not None:
        _verify_inclusion(record.proof, record.leaf, origin, keys[origin], found)
    if record.promise is not None:
        promise = _verify_promise(record, record.promise, promise_given)
        if record.proof is None:
            found.promised.append(promise)
            found.lines.append(words.promise_words(promise))
    if leaf.clear_type is not None:
        found.lines.append(f"  public type = {leaf.clear_type}")
    found.lines.extend(words.opening_words(opening) for opening in record.openings)


def _verify_promise(record: Record, text: str, given: _Keys) -> Promise:
    own = record.log.promise_key
    if given:
        trusted: Iterable[Verifier] = given.of(promise_key_name(record.log.origin))
    elif own is not None:
        trusted = [own]
    else:
        raise EvidenceError("it has a promise, but the file has no promise key")
    try:
        promise = open_promise(text, trusted)
    except NoteError as fault:
        raise NoteError(f"its promise: {fault}") from None
    if promise.leaf_hash != leaf_hash(record.leaf):
        raise EvidenceError("its promise was given for another entry")
    return promise


def _verify_bare_proof(doc: bytes, given: _Keys, found: _Walk) -> Result:
    if not given and found.policy is None:
        raise EvidenceError("the log's public key is needed and was not given: this proof does not bring one")
    proof = parse_proof(doc)
    if proof.extra is None:
        raise EvidenceError(
            "the proof does not carry its entry (an extra line), so there is nothing to prove"
        )
    origin = read_unverified(proof.checkpoint).origin
    _verify_inclusion(doc, proof.extra, origin, given.of(origin) if given else [], found)
    return Result("proof", tuple(found.lines), tuple(found.entries), (), (), False, False)


def _verify_inclusion(
    text: bytes | str,
    leaf: bytes,
    origin: str,
    keys: Sequence[Verifier],
    found: _Walk,
) -> None:
    """Steps 10 and 11: the proof leads from the leaf to a root that the log signed, and only one such."""
    proof = parse_proof(text)
    if proof.extra is not None and proof.extra != leaf:
        raise EvidenceError("the proof carries another entry than the file")
    checkpoint = _signed_checkpoint(proof.checkpoint, origin, keys, found)
    verify_inclusion(proof.index, checkpoint.size, leaf_hash(leaf), proof.hashes, checkpoint.root)
    if found.roots.setdefault((origin, checkpoint.size), checkpoint.root) != checkpoint.root:
        raise EvidenceError(
            f"the log signed two different trees of {checkpoint.size} entries: it has forked. Keep this file"
        )
    found.entries.append((origin, proof.index, checkpoint.size))
    found.lines.append(words.inclusion_words(origin, proof.index, checkpoint.size))


def _signed_checkpoint(note: str, origin: str, keys: Sequence[Verifier], found: _Walk) -> Checkpoint:
    """The checkpoint, signed by one of ``keys`` (none: only where a policy is given) and as the policy asks.

    The text that is used is the one that was verified, never one that was merely parsed.
    """
    checkpoint = None
    if keys:
        try:
            checkpoint = open_checkpoint(note, keys)
        except NoteError as fault:
            raise NoteError(f"the checkpoint of its proof: {fault}") from None
    if found.policy is not None:
        checked = found.policy.check(note.encode("utf-8"), logs=keys, now=found.now)
        if checkpoint is not None and checkpoint != checked:
            raise CheckpointError("the policy speaks of another checkpoint")
        checkpoint = checked
    if checkpoint is None:
        raise EvidenceError("the log's public key is needed and was not given")
    if checkpoint.origin != origin:
        raise CheckpointError(f"the checkpoint is not of the log {origin}")
    return checkpoint
