"""Another key for the log that is written to: beside the old one for a while, or at once in an emergency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from fairnotice.ledger import entering, keys, logs, publishing
from fairnotice.ledger.append import append
from fairnotice.ledger.errors import LogRefusal
from fairnotice.ledger.models import Log, LogKey

KEY = "log.key"
Reason = Literal["rotated", "lost", "stolen"]


class CannotRotate(LogRefusal):
    """No other key begins to sign; the message says why and what to do."""


@dataclass(frozen=True)
class Rotation:
    """What a rotation did. `ends`: until when the keys before sign as well; `moved`: the key is the same, and
    only the place of its secret half is another."""

    log: Log
    vkey: str
    before: tuple[str, ...]
    ends: datetime
    moved: bool = False


def rotate(
    *, purpose: str = LogKey.CHECKPOINT, overlap: timedelta = timedelta(), reason: Reason = "rotated"
) -> Rotation:
    """Let a new key, from where the settings say, sign for the log that is written to.

    With an overlap the keys before sign beside it until then, so that whoever checks can change over;
    otherwise they end now. The change is an event in the clear, entered, signed and published before this
    returns. Raises CannotRotate, LogAhead, keys.KeyMissing where a key that is to go on is gone, translog's
    SigningError. Must not be called inside a transaction.
    """
    with publishing.publish_lock():
        log = logs.current()
        publishing.before_signing(log)
        now = timezone.now()
        ends = now + overlap
        rows = keys.rows_of(log, purpose)
        signed = publishing.last_signed(log)
        new = keys.new_key(log, purpose, since=now, since_size=signed.size if signed else 0)
        if any(row.vkey == new.vkey for row in rows):
            return _moved(log, rows, new)
        going = keys.valid(log, purpose, now)
        if overlap:
            # Looked for before anything is written: a key that is gone cannot sign beside the new one.
            for row in going:
                keys.signer_of(row)
        with transaction.atomic(durable=True):
            for row in going:
                if row.until is None or row.until > ends:
                    row.until, row.ended = ends, reason
                    row.save(update_fields=["until", "ended"])
            new.save(force_insert=True)
            append(kind=KEY, open=_said(log, new, going, ends if overlap else None, reason), clear_type=KEY)
            entering.enter_waiting(log)
        publishing.publish_locked(log, complete=False)
    return Rotation(log, new.vkey, tuple(row.vkey for row in going), ends)


def _said(
    log: Log, new: LogKey, going: list[LogKey], ends: datetime | None, reason: str
) -> dict[str, str | list[str]]:
    """The open fields of the event."""
    return {
        "log": log.origin,
        "purpose": new.purpose,
        "key": new.vkey,
        "before": [row.vkey for row in going],
        "both_sign_until": ends.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if ends else "",
        "reason": reason,
    }


def _moved(log: Log, rows: list[LogKey], new: LogKey) -> Rotation:
    newest = rows[-1]
    if new.vkey != newest.vkey:
        raise CannotRotate(
            "The key that the setting 'log_key' leads to signed for this log before and has ended. Put a new "
            "one there, and run this again."
        )
    if new.source == newest.source:
        raise CannotRotate(
            "The key that the setting 'log_key' leads to is the one that signs already. Put a new one there, "
            "or name another place, and run this again."
        )
    newest.source = new.source
    newest.save(update_fields=["source"])
    return Rotation(log, newest.vkey, (), newest.since, moved=True)
