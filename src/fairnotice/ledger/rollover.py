"""A new year: the log of the old one is closed for good, and the new one begins where it ended.

Both happen in one transaction, and each log names the other: the last entry of the old one says where the
next is, the first entry of the new one says with which root the old one ended.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from fairnotice.ledger import entering, logs, publishing
from fairnotice.ledger.append import append
from fairnotice.ledger.errors import LogCorrupt, LogRefusal
from fairnotice.ledger.models import Event, Log
from fairnotice.translog.encoding import encode_base64

CLOSED, OPENED = "log.closed", "log.opened"
logger = logging.getLogger("fairnotice.ledger")


class NotDue(LogRefusal):
    """There is no year to close; the message says why."""


def due(now: datetime | None = None) -> int | None:
    """The year that must get a log (UTC), or None while the newest log is of this year, or of a later one:
    a clock that was set back opens nothing again."""
    newest = logs.newest()
    year = (now or timezone.now()).astimezone(UTC).year
    return year if newest is not None and year > newest.year else None


def skips(now: datetime | None = None) -> bool:
    """Whether more than one year would pass at once: a clock gone wrong looks like that, so a person
    decides."""
    newest, year = logs.newest(), due(now)
    return newest is not None and year is not None and year > newest.year + 1


def roll_over_if_due(now: datetime | None = None) -> bool:
    """Close the year that is over and open the new one; returns whether it did. Publishing is the caller's,
    who holds `publishing.publish_lock`.

    Where more than one year would be skipped nothing is closed and the old log goes on, so that no promise is
    broken; `roll` is for a person who has looked at the clock. Raises what `entering.enter_waiting` raises.
    """
    year = due(now)
    if year is None:
        return False
    if skips(now):
        logger.error("the clock says %s, more than a year after the log: see 'fairnotice log roll'", year)
        return False
    _roll(year, now or timezone.now())
    return True


def roll(now: datetime | None = None) -> Log:
    """The same, at a person's word, also over several years; returns the new log, published. Raises NotDue
    and what `roll_over_if_due` raises."""
    with publishing.publish_lock():
        year = due(now)
        newest = logs.newest()
        if newest is None:
            raise NotDue("There is no log yet; the first act opens it.")
        if year is None:
            raise NotDue(f"The year of the log {newest.origin} is not over by this machine's clock (UTC).")
        publishing.before_signing(newest)
        new = _roll(year, now or timezone.now())
        for log in (newest, new):
            publishing.publish_locked(log, complete=False)
        return new


def _roll(year: int, now: datetime) -> Log:
    with transaction.atomic(durable=True):
        old = logs.current()
        following = logs.origin_of(year)
        closed = append(kind=CLOSED, open={"log": old.origin, "next": following}, clear_type=CLOSED)
        entering.enter_waiting(old, last=closed)
        final = publishing.last_signed(old)
        assert final is not None  # noqa: S101 - just signed
        old.frozen_at, old.final_size = now, final.size
        old.save(update_fields=["frozen_at", "final_size"])
        new = begin(old, year, now, closed)
        entering.enter_waiting(new)
    return new


def begin(old: Log, year: int, now: datetime, closed: Event | None = None) -> Log:
    """Open the log of a year behind one that is closed, with the event that says where that one ended, in the
    caller's transaction. `closed` is the event that closed it, where the database has it."""
    final = publishing.last_signed(old)
    if final is None:
        raise LogCorrupt(f"the log {old.origin} is closed, and no checkpoint of it is known")
    new = logs.open_year(year, now)
    append(
        kind=OPENED,
        open={
            "log": new.origin,
            "before": old.origin,
            "before_size": final.size,
            "before_root": encode_base64(bytes(final.root)),
        },
        follows=closed,
        clear_type=OPENED,
    )
    return new
