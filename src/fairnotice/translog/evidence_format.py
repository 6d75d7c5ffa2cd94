"""Reading the file that people hold, so that it can be read in one way only.

Steps 1 to 7 of "The file, exactly" in docs/verify.md, as far as they need no key. Whatever two programs could
understand differently is refused: a name given twice, another spelling of the same bytes, names that only
look alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from fairnotice.translog.bundles import MAX_ENTRY_BYTES
from fairnotice.translog.encoding import decode_base64
from fairnotice.translog.errors import EvidenceError, TranslogError
from fairnotice.translog.notes import MAX_NOTE_BYTES, Verifier
from fairnotice.translog.openings import SECRET_SIZE, Opening, check_record
from fairnotice.translog.promise import promise_key_name

FORMAT = "fair-notice-evidence/2"
_TRIAL_FORMAT = "fair-notice-evidence/1"
KINDS = ("receipt", "statement", "register-entry")
MAX_EVIDENCE_BYTES = 16 * 1024 * 1024
MAX_RECORDS = 1_000
MAX_OPENINGS = 64
_TOP = frozenset({"format", "kind", "logs", "records"})
_LOG = frozenset({"origin", "vkey", "promise_vkey"})
_RECORD = frozenset({"record", "origin", "salt", "leaf", "openings", "promise", "proof"})
_MAX_VKEY_BYTES = 1_000
# Printable ASCII but space and '+': letters of other scripts could spell one log's name in two ways.
_ORIGIN = re.compile(r"[!-*,-~]{1,255}")


@dataclass(frozen=True)
class LogKeys:
    """One log that the file speaks of, and the keys that the file itself says are its own."""

    origin: str
    key: Verifier
    promise_key: Verifier | None


@dataclass(frozen=True)
class Record:
    """One record of a file: well-formed, and nothing about it proven yet. Values stay out of ``repr``."""

    name: str
    log: LogKeys
    salt: bytes = field(repr=False)
    leaf: bytes = field(repr=False)
    openings: tuple[Opening, ...]
    promise: str | None = field(repr=False)
    proof: str | None = field(repr=False)


@dataclass(frozen=True)
class Evidence:
    """A file whose shape is in order."""

    kind: str
    logs: tuple[LogKeys, ...]
    records: tuple[Record, ...]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EvidenceError("the file gives a field twice")
    return found


def _no_constant(_: str) -> NoReturn:
    raise EvidenceError("the file holds a number that is not finite")


def _json(doc: bytes) -> object:
    if len(doc) > MAX_EVIDENCE_BYTES:
        raise EvidenceError(f"the file is larger than {MAX_EVIDENCE_BYTES} bytes")
    try:
        return json.loads(doc.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise EvidenceError("the file is not valid UTF-8") from None
    except json.JSONDecodeError as fault:
        raise EvidenceError(
            f"the file is not JSON (line {fault.lineno}, column {fault.colno}): is it whole?"
        ) from None
    except (ValueError, RecursionError):
        raise EvidenceError("the file holds a number or a nesting beyond all measure") from None


def read_evidence(doc: bytes) -> Evidence:
    """Read a file's bytes. Raises :class:`~fairnotice.translog.errors.TranslogError`."""
    data = _json(doc)
    found = data.get("format") if isinstance(data, dict) else None
    if found == _TRIAL_FORMAT:
        raise EvidenceError(
            f"the file was made by an earlier trial version ({_TRIAL_FORMAT}): ask the operator for a new one"
        )
    if not isinstance(data, dict) or found != FORMAT:
        raise EvidenceError(f"the file does not say that its format is {FORMAT}")
    _exactly(data, _TOP, "the file")
    if data["kind"] not in KINDS:
        raise EvidenceError(f"the file's kind must be one of {', '.join(KINDS)}")
    records = _list(data["records"], "records", MAX_RECORDS)
    items = _list(data["logs"], "logs", MAX_RECORDS)
    logs: dict[str, LogKeys] = {}
    for number, item in enumerate(items, start=1):
        try:
            log = _log(item)
            if log.origin in logs:
                raise EvidenceError("it is in the file twice")
        except TranslogError as fault:
            raise type(fault)(f"log {number} of {len(items)}: {fault}") from None
        logs[log.origin] = log
    seen: dict[str, Record] = {}
    for number, item in enumerate(records, start=1):
        try:
            record = _record(item, logs)
            if record.name in seen:
                raise EvidenceError("it is in the file twice")
        except TranslogError as fault:
            raise type(fault)(f"record {number} of {len(records)}: {fault}") from None
        seen[record.name] = record
    if {record.log.origin for record in seen.values()} != set(logs):
        raise EvidenceError("the file names a log that none of its records is in")
    return Evidence(data["kind"], tuple(logs.values()), tuple(seen.values()))


def _log(item: object) -> LogKeys:
    data = _exactly(item, _LOG, "it")
    origin = data["origin"]
    if not isinstance(origin, str) or not _ORIGIN.fullmatch(origin):
        raise EvidenceError("its origin is not 1 to 255 printable ASCII characters without space and '+'")
    key = Verifier.from_vkey(_text(data["vkey"], "its public key", _MAX_VKEY_BYTES))
    if key.name != origin:
        raise EvidenceError("its public key is not named after the origin")
    if data["promise_vkey"] is None:
        return LogKeys(origin, key, None)
    promise_key = Verifier.from_vkey(_text(data["promise_vkey"], "its promise key", _MAX_VKEY_BYTES))
    if promise_key.name != promise_key_name(origin):
        raise EvidenceError("its promise key is not named after the origin")
    return LogKeys(origin, key, promise_key)


def _record(item: object, logs: Mapping[str, LogKeys]) -> Record:
    data = _exactly(item, _RECORD, "it")
    name = check_record(data["record"])
    log = logs.get(data["origin"]) if isinstance(data["origin"], str) else None
    if log is None:
        raise EvidenceError("its origin is not that of one of the file's logs")
    openings = data["openings"]
    if not isinstance(openings, list) or len(openings) > MAX_OPENINGS:
        raise EvidenceError(f"its openings are not a list of at most {MAX_OPENINGS}")
    if data["promise"] is None and data["proof"] is None:
        raise EvidenceError("it has neither a proof nor a promise")
    return Record(
        name,
        log,
        decode_base64(data["salt"], "its salt", EvidenceError, length=SECRET_SIZE),
        decode_base64(data["leaf"], "its entry", EvidenceError, longest=MAX_ENTRY_BYTES),
        tuple(Opening.from_json(opening) for opening in openings),
        None if data["promise"] is None else _text(data["promise"], "its promise", MAX_NOTE_BYTES),
        None if data["proof"] is None else _text(data["proof"], "its proof", 2 * MAX_NOTE_BYTES),
    )


def _exactly(item: object, names: frozenset[str], what: str) -> dict[str, Any]:
    if not isinstance(item, dict) or set(item) != names:
        raise EvidenceError(f"{what} must have exactly these fields: {', '.join(sorted(names))}")
    return item


def _list(value: object, what: str, most: int) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise EvidenceError(f"the file must hold 1 to {most} {what}")
    return value


def _text(value: object, what: str, longest: int) -> str:
    """``value`` when it is a text of 1 to ``longest`` bytes in UTF-8."""
    if not isinstance(value, str) or not value:
        raise EvidenceError(f"{what} is missing or not a text")
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError:
        raise EvidenceError(f"{what} is not valid UTF-8") from None
    if size > longest:
        raise EvidenceError(f"{what} is too long")
    return value
