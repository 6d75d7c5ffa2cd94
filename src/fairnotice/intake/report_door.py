"""Reports of programs over REST: kept whole, read, and settled in one transaction, so that an answer means
that all of it is on the disk."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.cases.actions import receive
from fairnotice.cases.actions.submit import Submitted, sent_before
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import ActionError, Conflict
from fairnotice.cases.models import Received
from fairnotice.intake import report_reader
from fairnotice.intake.json_body import NotJson, read_json
from fairnotice.intake.reading import settle
from fairnotice.intake.report_reader import JSON_TYPE, NoReport, Read

__all__ = ["MAX_BYTES", "NoReport", "Taken", "take"]
logger = logging.getLogger("fairnotice.intake")
MAX_BYTES = report_reader.MAX_BYTES
#: Read at the door of mail, with all that holds for mail; in these the report is one part of several.
MAIL_TYPES = frozenset({"message/rfc822", "multipart/report"})


@dataclass(frozen=True)
class Taken:
    """What became of a report. `submitted` where it is a notice; `again` for one that was here before."""

    received: Received
    submitted: Submitted | None = None
    again: bool = False
    faults: list[Fault] = field(default_factory=list)


def take(
    raw: bytes,
    content_type: str = JSON_TYPE,
    *,
    full_type: str = "",
    idempotency_key: str = "",
) -> Taken:
    """Keep the report and settle it.

    `content_type` without parameters, `full_type` with them. Under the same `idempotency_key` the same report
    is one, and the answer the same for 24 hours; other bytes under it raise Conflict. Without one, the same
    content is the same report. Raises NoReport where it is none, and then nothing is kept.
    """
    if content_type in MAIL_TYPES:
        return _keep_mail(raw, content_type, full_type or content_type, idempotency_key)
    read = report_reader.read(raw, content_type)
    key = f"key {idempotency_key}" if idempotency_key else _natural_key(raw, content_type)
    kept = f"reports {idempotency_key}" if idempotency_key else ""
    try:
        with transaction.atomic():
            received, again = _receive(raw, content_type, key, bool(idempotency_key))
            if again:
                return _again(received, read, kept)
            submitted = settle(received, read.reading, idempotency_key=kept)
            return Taken(received, submitted, faults=_faults(received, read))
    except ActionError:
        raise
    except Exception as error:
        # Its class alone: an exception's text may quote the report.
        logger.error("report not settled: %s", type(error).__name__)
    # Whatever went wrong: the report is kept, and read again by the runner.
    received, again = _receive(raw, content_type, key, bool(idempotency_key))
    return Taken(received, again=again)


def _receive(raw: bytes, content_type: str, key: str, own_key: bool) -> tuple[Received, bool]:
    envelope = {} if content_type == JSON_TYPE else {"content_type": content_type}
    received, again = receive.receive(door="xarf", raw=raw, key=key, envelope=envelope, machine=True)
    if again and own_key and bytes(received.sha256) != hashlib.sha256(raw).digest():
        raise Conflict(
            _("This idempotency key was used with a different report. Use a new key for a new report.")
        )
    return received, again


def _again(received: Received, read: Read, kept: str) -> Taken:
    """The answer to a retry: with the code for 24 hours, where a key of the sender's own seals it."""
    submitted = None
    if received.notice is not None and read.reading.draft is not None and kept:
        submitted = sent_before(kept, read.reading.draft)
    return Taken(received, submitted, again=True, faults=_faults(received, read))


def _faults(received: Received, read: Read) -> list[Fault]:
    if received.state != "waiting":
        return []
    if read.faults or not received.reason:
        return read.faults
    return [Fault("", received.reason, receive.detail_of(received) or received.reason)]


def _keep_mail(raw: bytes, content_type: str, full_type: str, idempotency_key: str) -> Taken:
    """A letter, or one part of one, which gets the header that it came with. The runner reads it."""
    if not raw.strip():
        raise NoReport("The body is empty.")
    if content_type != "message/rfc822":
        kind = " ".join(full_type.split()).encode("ascii", "ignore")
        raw = b"MIME-Version: 1.0\r\nContent-Type: " + kind + b"\r\n\r\n" + raw
    key = f"reports key {idempotency_key}" if idempotency_key else ""
    received, again = receive.receive(door="mail", raw=raw, key=key)
    if again and key and bytes(received.sha256) != hashlib.sha256(raw).digest():
        raise Conflict(
            _("This idempotency key was used with a different report. Use a new key for a new report.")
        )
    return Taken(received, again=again)


def _natural_key(raw: bytes, content_type: str) -> str:
    """The same report is the same content, however it is spaced: `report_id` and sender are in it. Only
    both would let a stranger who guesses them keep another's report out."""
    if content_type == JSON_TYPE:
        try:
            plain = json.dumps(read_json(raw.removeprefix(b"\xef\xbb\xbf")), sort_keys=True)
        except (NotJson, RecursionError, ValueError):
            return ""
        return "content " + hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
    return ""
