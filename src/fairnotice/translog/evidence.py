"""The file that people hold, and its verification: offline, with the log's public key and nothing else.

``verify_evidence`` takes a receipt, a statement or a register entry (JSON), or a bare ``.tlog-proof`` whose
extra line carries the entry. Whatever it is given, it returns a :class:`Result` or raises
:class:`~fairnotice.translog.errors.TranslogError`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from fairnotice.translog.bundles import MAX_ENTRY_BYTES
from fairnotice.translog.encoding import decode_base64, printable
from fairnotice.translog.errors import EvidenceError, TranslogError
from fairnotice.translog.merkle import leaf_hash
from fairnotice.translog.notes import MAX_NOTE_BYTES, Verifier
from fairnotice.translog.openings import Opening, check_openings, parse_leaf
from fairnotice.translog.promise import open_promise, promise_key_name
from fairnotice.translog.proof import HEADER as PROOF_HEADER
from fairnotice.translog.proof import parse_proof, verify_proof

FORMAT = "fair-notice-evidence/1"
KINDS = ("receipt", "statement", "register-entry")
MAX_EVIDENCE_BYTES = 16 * 1024 * 1024
MAX_RECORDS = 1_000
MAX_OPENINGS = 64
_TOP = frozenset({"format", "kind", "origin", "vkey", "promise_vkey", "records"})
_RECORD = frozenset({"record", "leaf", "openings", "promise", "proof"})
_HEX = re.compile(r"(?:[0-9a-f]{2}){1,64}")
_SHOWN_CHARS = 160


@dataclass(frozen=True)
class Result:
    """What was verified.

    ``lines`` say it in plain words (they hold the file's own values, so not in ``repr``). ``entries`` are
    ``(index, size)`` of each entry proven to be in the log. ``pending``: at least one is only promised so
    far. ``key_from_file``: the caller gave no key, so the file was checked against the key that it brought
    itself.
    """

    kind: str
    origin: str
    lines: tuple[str, ...] = field(repr=False)
    entries: tuple[tuple[int, int], ...]
    pending: bool
    key_from_file: bool

    @property
    def last(self) -> tuple[int, int, str] | None:
        """``(index, size, origin)`` of the last proven entry; for people it is entry ``index + 1`` of
        ``size``.
        """
        return (*self.entries[-1], self.origin) if self.entries else None


@dataclass
class _Seen:
    """What has been found while walking through the records of one file."""

    lines: list[str] = field(default_factory=list)
    entries: list[tuple[int, int]] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    records: set[str] = field(default_factory=set)
    pending: bool = False


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _shown(value: object) -> str:
    """A value as JSON, short enough and safe for one line of a terminal."""
    safe = printable(json.dumps(value, ensure_ascii=False))
    return safe if len(safe) <= _SHOWN_CHARS else safe[: _SHOWN_CHARS - 3] + "..."


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EvidenceError("the file gives a field twice")
    return found


def _no_constant(_: str) -> NoReturn:
    raise EvidenceError("the file holds a number that is not finite")


def _load(doc: bytes) -> dict[str, Any]:
    try:
        data = json.loads(doc.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise EvidenceError("the file is not valid UTF-8") from None
    except json.JSONDecodeError as fault:
        raise EvidenceError(
            f"the file is not JSON (line {fault.lineno}, column {fault.colno}): is it whole?"
        ) from None
    except (ValueError, RecursionError):
        raise EvidenceError("the file holds a number or a nesting beyond all measure") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise EvidenceError(f"the file does not say that its format is {FORMAT}")
    if set(data) != _TOP:
        raise EvidenceError(f"the file must have exactly these fields: {', '.join(sorted(_TOP))}")
    if data["kind"] not in KINDS:
        raise EvidenceError(f"the file's kind must be one of {', '.join(KINDS)}")
    return data


def _text(value: object, what: str, longest: int) -> str:
    if not isinstance(value, str) or not value or len(value) > longest:
        raise EvidenceError(f"{what} is missing, not a text or too long")
    return value


def _key(given: str | None, found: str | None, what: str) -> Verifier:
    """The key to trust: the caller's, which the file must agree with, else the file's own."""
    if given is not None and found is not None and given != found:
        raise EvidenceError(
            f"the {what} in the file is not the one you gave: it is not from the log you trust"
        )
    chosen = given if given is not None else found
    if chosen is None:
        raise EvidenceError(f"the {what} is needed and was not given")
    return Verifier.from_vkey(chosen)


def verify_evidence(
    doc: bytes, vkey: str | None = None, *, promise_vkey: str | None = None, now: int | None = None
) -> Result:
    """Verify a file of evidence or a bare ``.tlog-proof``.

    ``vkey`` and ``promise_vkey`` are the keys that the caller trusts; they must agree with the file's.
    Without them the file's own are used and the result says so. ``now`` (POSIX seconds) lets an overdue
    promise be named. Raises :class:`~fairnotice.translog.errors.TranslogError` with a sentence that says
    what and where.
    """
    if len(doc) > MAX_EVIDENCE_BYTES:
        raise EvidenceError(f"the file is larger than {MAX_EVIDENCE_BYTES} bytes")
    if doc.startswith(PROOF_HEADER.encode("ascii")):
        return _verify_bare_proof(doc, _key(vkey, None, "log's public key"))
    data = _load(doc)
    origin = _text(data["origin"], "the origin", 1_000)
    log = _key(vkey, _text(data["vkey"], "the log's public key", 1_000), "log's public key")
    if log.name != origin:
        raise EvidenceError("the log's public key is not named after the origin")
    found = None if data["promise_vkey"] is None else _text(data["promise_vkey"], "the promise key", 1_000)
    promises = None
    if found is not None or promise_vkey is not None:
        promises = _key(promise_vkey, found, "promise key")
        if promises.name != promise_key_name(origin):
            raise EvidenceError("the promise key is not named after the origin")
    records = data["records"]
    if not isinstance(records, list) or not 1 <= len(records) <= MAX_RECORDS:
        raise EvidenceError(f"the file must hold 1 to {MAX_RECORDS} records")
    seen = _Seen()
    for number, record in enumerate(records, start=1):
        try:
            _verify_record(record, log, promises, now, seen)
        except TranslogError as fault:
            raise type(fault)(f"record {number} of {len(records)}: {fault}") from None
    if vkey is None:
        seen.lines.append(
            "The log's public key was taken from this file itself. To be sure that it is the operator's, "
            f"compare it with the published one: {printable(log.vkey)}"
        )
    if seen.pending and promise_vkey is None and promises is not None:
        seen.lines.append(f"The promise's key was taken from this file itself: {printable(promises.vkey)}")
    return Result(data["kind"], origin, tuple(seen.lines), tuple(seen.entries), seen.pending, vkey is None)


def _verify_bare_proof(doc: bytes, log: Verifier) -> Result:
    proof = parse_proof(doc)
    if proof.extra is None:
        raise EvidenceError(
            "the proof does not carry its entry (an extra line), so there is nothing to prove"
        )
    seen = _Seen()
    _verify_inclusion(doc, proof.extra, log, seen)
    return Result("proof", log.name, tuple(seen.lines), tuple(seen.entries), False, False)


def _verify_inclusion(text: bytes | str, leaf: bytes, log: Verifier, seen: _Seen) -> None:
    proof = parse_proof(text)
    if proof.extra is not None and proof.extra != leaf:
        raise EvidenceError("the proof carries another entry than the file")
    checkpoint = verify_proof(proof, leaf, log)
    if seen.roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
        raise EvidenceError(
            f"the log signed two different trees of {checkpoint.size} entries: it has forked. Keep this file"
        )
    seen.entries.append((proof.index, checkpoint.size))
    seen.lines.append(
        f"Entry {proof.index + 1} of {checkpoint.size} in {printable(log.name)}: the proof leads to the root "
        "that the log signed."
    )


def _verify_record(
    record: object, log: Verifier, promises: Verifier | None, now: int | None, seen: _Seen
) -> None:
    if not isinstance(record, dict) or set(record) != _RECORD:
        raise EvidenceError(f"it must have exactly these fields: {', '.join(sorted(_RECORD))}")
    name = _text(record["record"], "its name", 128)
    if not _HEX.fullmatch(name):
        raise EvidenceError("its name is not hexadecimal")
    if name in seen.records:
        raise EvidenceError("it is in the file twice")
    seen.records.add(name)
    leaf = decode_base64(record["leaf"], "its entry", EvidenceError, longest=MAX_ENTRY_BYTES)
    clear_type = parse_leaf(leaf).clear_type
    if not isinstance(record["openings"], list) or len(record["openings"]) > MAX_OPENINGS:
        raise EvidenceError(f"its openings are not a list of at most {MAX_OPENINGS}")
    openings = [Opening.from_json(item) for item in record["openings"]]
    check_openings(leaf, name, openings)
    if record["promise"] is None and record["proof"] is None:
        raise EvidenceError("it has neither a proof nor a promise")
    if record["proof"] is not None:
        _verify_inclusion(_text(record["proof"], "its proof", 2 * MAX_NOTE_BYTES), leaf, log, seen)
    if record["promise"] is not None:
        if promises is None:
            raise EvidenceError("it has a promise, but the file has no promise key")
        text = _text(record["promise"], "its promise", MAX_NOTE_BYTES)
        _verify_promise(text, leaf, promises, now, seen, pending=record["proof"] is None)
    if clear_type is not None:
        seen.lines.append(f"  public type = {clear_type}")
    seen.lines.extend(f"  {printable(item.path)} = {_shown(item.value)}" for item in openings)


def _verify_promise(
    text: str, leaf: bytes, verifier: Verifier, now: int | None, seen: _Seen, *, pending: bool
) -> None:
    promise = open_promise(text, verifier)
    if promise.leaf_hash != leaf_hash(leaf):
        raise EvidenceError("its promise was given for another entry")
    if not pending:
        return
    seen.pending = True
    seen.lines.append(
        f"Promised on {_time(promise.time)} to be in {printable(promise.origin)} by "
        f"{_time(promise.deadline)}; this file does not hold the proof yet. The promise is genuine."
    )
    if now is not None and now > promise.deadline:
        seen.lines.append(
            "That time has passed: fetch the proof from the operator. If there is none, this promise is "
            "evidence that the operator did not keep it."
        )
