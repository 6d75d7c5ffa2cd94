"""What every verb of the register does the same way: queue, take the time, tell copies in memory."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from fairnotice.answerable.errors import Changed
from fairnotice.answerable.models import Change, Contact, Delegation, OrganisationVersion

Row = TypeVar("Row", Contact, Delegation, OrganisationVersion)

_LOCK = 0x66_61_69_72  # any number, the same in every process
_numbering = threading.Lock()
_last_series = 0


def queue() -> None:
    """Let one transaction at a time change the register. On SQLite every writer queues already; elsewhere
    two could both find a rule kept that they break together. The lock goes with the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def moment(*rows: Contact | Delegation | OrganisationVersion) -> datetime:
    """The time at which a change is recorded: now, and later than what it closes, also where the clock was
    set back."""
    now = timezone.now()
    return max([now, *(row.recorded_from + timedelta(microseconds=1) for row in rows)])


def new_series() -> int:
    """A number for a delegation through all its rows: unlike all others, and larger than those before it, so
    that of two that are alike in all else the later one can be told. 63 bits."""
    global _last_series
    with _numbering:
        # The last 16 bits part two processes that ask at the same moment.
        _last_series = max(_last_series + 1, time.time_ns() >> 16 << 16 | secrets.randbits(16))
        return _last_series


def close(row: Row, at: datetime) -> None:
    """End what a row says. Raises Changed where somebody else ended it meanwhile."""
    from django.utils.translation import gettext as _

    if not type(row).objects.filter(pk=row.pk, recorded_until=None).update(recorded_until=at):
        raise Changed(_("Somebody changed this meanwhile. Please look at it again."))
    row.recorded_until = at


def tell(what: Change.What, refs: Iterable[int] = (0,)) -> None:
    """Leave word of a change for copies of the register in memory (`answerable.snapshot`)."""
    Change.objects.bulk_create(Change(what=what, ref=ref) for ref in refs)

    # Until this transaction ends, what it sees is not yet so for others.
    connection.register_told_in = connection.atomic_blocks[0] if connection.in_atomic_block else None  # type: ignore[attr-defined]


def told_here() -> bool:
    """Whether the transaction that this thread is in changed the register itself."""
    told = getattr(connection, "register_told_in", None)
    return told is not None and connection.in_atomic_block and connection.atomic_blocks[0] is told


def last_change() -> int:
    """The number of the last change; 0 before the first."""
    return Change.objects.aggregate(last=Max("id"))["last"] or 0
