"""What is to be sent, kept in the database until it is done: leases, back-off, and no personal data in the
clear."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from fairnotice.ledger.models import ERROR_CODES, OutboxRow
from fairnotice.vault import sealing

#: Tries before a row is dead and waits for a person; with the delays below that is about two days.
MAX_ATTEMPTS = 20
FIRST_DELAY = 60
LONGEST_DELAY = 6 * 3600
_TABLE, _FIELD = "ledger_outboxrow", "payload"
_JITTER = secrets.SystemRandom()


class LeaseLost(RuntimeError):
    """The row is not this runner's any more: done, dead, or leased again after this lease ran out."""


def new_message_id() -> str:
    """A Message-ID (RFC 5322, 3.6.4) without brackets, at our own host; random, so it tells nothing."""
    host = urlsplit(settings.FN_BASE_URL).hostname or "localhost"
    return f"{secrets.token_hex(16)}@{f'[{host}]' if ':' in host else host}"


def enqueue(
    *, kind: str, ref: str, payload: dict[str, Any], key_id: str, due_at: datetime | None = None
) -> OutboxRow:
    """Put a JSON payload, sealed under `key_id`, into the outbox in the caller's transaction."""
    message_id = new_message_id()
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    # The row number is not known yet; the message id is as unique, and ties the sealed bytes to this row.
    sealed = sealing.seal(key_id, table=_TABLE, row=message_id, field=_FIELD, plaintext=text)
    now = timezone.now()
    return OutboxRow.objects.create(
        kind=kind,
        ref=ref,
        key_id=key_id,
        sealed=sealed,
        message_id=message_id,
        due_at=due_at or now,
        queued_at=now,
    )


def lease(limit: int = 10, seconds: int = 120) -> list[OutboxRow]:
    """Take up to `limit` rows that are due, for `seconds`; two runners never get the same row.

    Rows whose lease ran out (their runner died) are taken again; each taking counts as an attempt, so that a
    payload that kills its runner ends as dead and does not loop for ever.
    """
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    waiting = OutboxRow.objects.filter(free, done_at__isnull=True, dead=False, due_at__lte=now)
    taken: list[OutboxRow] = []
    for row in list(waiting.order_by("due_at", "id")[:limit]):
        same = OutboxRow.objects.filter(
            pk=row.pk, attempts=row.attempts, leased_until=row.leased_until, done_at__isnull=True, dead=False
        )
        if row.attempts >= MAX_ATTEMPTS:
            same.update(dead=True, leased_until=None, error_code=row.error_code or "lease-expired")
            continue
        until = now + timedelta(seconds=seconds)
        # Compare and set: `attempts` grows with every lease, so only one of two runners changes the row.
        if same.update(attempts=F("attempts") + 1, leased_until=until):
            row.attempts += 1
            row.leased_until = until
            taken.append(row)
    return taken


def payload(row: OutboxRow) -> dict[str, Any]:
    """The payload in the clear. Raises vault's Erased or SealBroken, LeaseLost where the row is done
    already."""
    if row.sealed is None:
        raise LeaseLost(f"outbox row {row.pk} is done and holds nothing any more")
    text = sealing.unseal(row.key_id, bytes(row.sealed), table=_TABLE, row=row.message_id, field=_FIELD)
    return cast("dict[str, Any]", json.loads(text))


def finish(row: OutboxRow) -> None:
    """The row is sent: wipe its payload. Raises LeaseLost where another runner has it by now."""
    now = timezone.now()
    if not _held(row).update(done_at=now, sealed=None, leased_until=None, error_code=""):
        raise LeaseLost(f"outbox row {row.pk} was not ours to finish")
    row.done_at, row.sealed, row.leased_until, row.error_code = now, None, None, ""


def fail(row: OutboxRow, code: str, *, final: bool = False, after: int = 0) -> None:
    """The row could not be sent: try again later, with growing delays; after MAX_ATTEMPTS, or at once where
    `final`, it is dead until `retry`. `after`: seconds that the other side asked us to wait, honoured up to
    LONGEST_DELAY. Raises ValueError for a code that is not in ERROR_CODES, LeaseLost."""
    if code not in ERROR_CODES:
        raise ValueError(f"'{code}' is not an error code of the outbox; codes: {', '.join(ERROR_CODES)}")
    dead = final or row.attempts >= MAX_ATTEMPTS
    asked = timedelta(seconds=min(max(after, 0), LONGEST_DELAY))
    due = timezone.now() + max(delay(row.attempts), asked)
    if not _held(row).update(error_code=code, leased_until=None, due_at=due, dead=dead):
        raise LeaseLost(f"outbox row {row.pk} was not ours to fail")
    row.error_code, row.leased_until, row.due_at, row.dead = code, None, due, dead


def cancel(*, kind: str, ref: str) -> int:
    """Take back what has not gone out yet (the address was wrong, another way was chosen); wipes the
    payloads.

    A row that a runner holds at this moment is taken back too: its `finish` then fails, and with it the whole
    of what would have followed from the sending."""
    waiting = OutboxRow.objects.filter(kind=kind, ref=ref, done_at__isnull=True)
    return waiting.update(
        done_at=timezone.now(), dead=False, sealed=None, leased_until=None, error_code="cancelled"
    )


def retry(row: OutboxRow) -> None:
    """A person wants a dead row tried again now, with its same Message-ID. Raises LeaseLost unless it is
    dead."""
    now = timezone.now()
    dead = OutboxRow.objects.filter(pk=row.pk, dead=True, done_at__isnull=True)
    changes = {
        "dead": False,
        "attempts": 0,
        "due_at": now,
        "queued_at": now,
        "leased_until": None,
        "error_code": "",
    }
    if not dead.update(**changes):
        raise LeaseLost(f"outbox row {row.pk} is not dead")
    for name, value in changes.items():
        setattr(row, name, value)


def put_away(row: OutboxRow) -> None:
    """A person says that a dead row is sent to nobody any more: wipe its payload. Raises LeaseLost unless it
    is dead."""
    now = timezone.now()
    dead = OutboxRow.objects.filter(pk=row.pk, dead=True, done_at__isnull=True)
    if not dead.update(dead=False, done_at=now, sealed=None, leased_until=None, error_code="cancelled"):
        raise LeaseLost(f"outbox row {row.pk} is not dead")
    row.dead, row.done_at, row.sealed, row.error_code = False, now, None, "cancelled"


def delay(attempts: int) -> timedelta:
    """Wait after the n-th attempt: doubling from a minute to six hours, times 0.5 to 1 at random so that rows
    that failed together do not come back together."""
    seconds = min(FIRST_DELAY * 2 ** max(attempts - 1, 0), LONGEST_DELAY)
    return timedelta(seconds=seconds * _JITTER.uniform(0.5, 1.0))


def _held(row: OutboxRow) -> Any:
    return OutboxRow.objects.filter(
        pk=row.pk,
        attempts=row.attempts,
        leased_until=row.leased_until,
        leased_until__isnull=False,
        done_at__isnull=True,
        dead=False,
    )
