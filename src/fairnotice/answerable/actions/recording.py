"""What every verb of the register does the same way: queue, take the time, tell copies in memory."""

from __future__ import annotations

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
