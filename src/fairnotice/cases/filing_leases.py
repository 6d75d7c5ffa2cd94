"""Who sends which statement now: leases, so that two runners never hold the same one, and so that what a
killed one left behind is asked about before anything is sent again. No events: nothing was done yet."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from fairnotice.cases.models import Filing, FilingGate
from fairnotice.ledger.outbox import LONGEST_DELAY, delay

#: Statements in one call, at most: the database's own limit.
CALL = 100
#: A call must be over, one way or the other, before its lease is.
LEASE = timedelta(seconds=180)
#: So long after an unclear ending it is asked what became of it: a slow server may still be at work.
SETTLE = timedelta(seconds=60)


@dataclass(frozen=True)
class Call:
    """Some statements that one runner holds, in the order in which they are sent."""

    name: str
    filings: list[Filing]


def place() -> str:
    """The database that the settings name: "production" or "sandbox"."""
    return str(settings.FN_STATEMENTS["place"])


def gate() -> FilingGate:
    """The row that says whether anything may be sent now."""
    return FilingGate.objects.get_or_create(one=1)[0]


def may_send(now: datetime) -> bool:
    """Whether nothing stands against sending at this moment."""
    found = gate()
    return not found.stopped_for and (found.not_before is None or found.not_before <= now)


def wait(seconds: int, now: datetime) -> None:
    """The database asked us to wait: nothing is sent before. A slip of its clock stops nothing for days."""
    until = now + timedelta(seconds=min(max(seconds, 1), LONGEST_DELAY))
    gate()
    FilingGate.objects.filter(one=1).update(not_before=until)


@transaction.atomic
def take(limit: int = CALL) -> Call | None:
    """Take up to `limit` that are due into a call of their own; None where there is none. One whose last call
    was refused without saying for what goes alone."""
    now = timezone.now()
    ready = Filing.objects.filter(state="queued", place=place(), due_at__lte=now).order_by("due_at", "id")
    first = ready.first()
    if first is None:
        return None
    wanted = [first] if first.alone else list(ready.filter(alone=False)[:limit])
    name = secrets.token_hex(16)
    taken = []
    for filing in wanted:
        # Compare and set: only one of two runners changes the row.
        same = Filing.objects.filter(pk=filing.pk, state="queued", version=filing.version)
        if same.update(
            state="sending",
            call=name,
            leased_until=now + LEASE,
            attempts=F("attempts") + 1,
            version=F("version") + 1,
        ):
            filing.refresh_from_db()
            taken.append(filing)
    return Call(name, taken) if taken else None


def give_back(call: Call, *, after: timedelta = timedelta(), code: str = "", alone: bool = False) -> int:
    """Nothing of this call was stored: what is left of it is sent again after a while. Returns how many."""
    return _left(call).update(
        state="queued",
        call="",
        leased_until=None,
        due_at=timezone.now() + after,
        error_code=code,
        alone=alone,
        version=F("version") + 1,
    )


def give_back_one(filing: Filing) -> bool:
    """The database does not know this one: it is sent again. Whether it was still ours."""
    held = Filing.objects.filter(pk=filing.pk, state="sending", call=filing.call)
    return bool(
        held.update(
            state="queued", call="", leased_until=None, due_at=timezone.now(), version=F("version") + 1
        )
    )


def unclear(call: Call, code: str, after: int = 0) -> int:
    """Nobody knows whether this call was taken: each of it is asked about before it is sent again."""
    attempts = max((filing.attempts for filing in call.filings), default=1)
    wait_for = max(SETTLE, delay(attempts), timedelta(seconds=min(after, LONGEST_DELAY)))
    return _left(call).update(
        leased_until=None, due_at=timezone.now() + wait_for, error_code=code, version=F("version") + 1
    )


def _left(call: Call) -> QuerySet[Filing]:
    return Filing.objects.filter(call=call.name, state="sending")


@transaction.atomic
def take_unclear() -> Filing | None:
    """One whose last call ended in the dark, or whose runner died in the middle; None where there is none."""
    now = timezone.now()
    over = Q(leased_until__isnull=True, due_at__lte=now) | Q(leased_until__lte=now)
    found = Filing.objects.filter(over, state="sending", place=place()).order_by("due_at", "id").first()
    if found is None:
        return None
    name = secrets.token_hex(16)
    same = Filing.objects.filter(pk=found.pk, state="sending", version=found.version)
    if not same.update(
        call=name, leased_until=now + LEASE, attempts=F("attempts") + 1, version=F("version") + 1
    ):
        return None
    found.refresh_from_db()
    return found
