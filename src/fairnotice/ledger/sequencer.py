"""Rounds: waiting events enter the log in random order, the tree that comes out is signed and published."""

from __future__ import annotations

from django.db import transaction

from fairnotice.ledger import entering, logs, publishing, rollover
from fairnotice.ledger.models import Log
from fairnotice.ledger.publishing import LogAhead, LogCorrupt, publish

__all__ = ["LogAhead", "LogCorrupt", "enter", "publish", "run_once"]


def run_once() -> int:
    """Enter all waiting events, sign, publish; returns how many entered. Call it at every interval.

    A year that is over is closed first (ledger.rollover). The lock of the published folder is held
    throughout, so that two sequencers take turns and the second finds nothing to do. Must not be called
    inside a transaction: it would publish what may still be rolled back. Raises LogAhead, LogCorrupt,
    keys.KeyMissing, translog's SigningError and TileConflict, RuntimeError inside a transaction.
    """
    with publishing.publish_lock():
        rollover.roll_over_if_due()
        log = logs.current()
        entered = enter(log)
        # The log before it as well: its last checkpoint may not be out yet.
        for one in logs.everyone()[-2:]:
            publishing.publish_locked(one, complete=False)
    return entered


def enter(log: Log | None = None) -> int:
    """The database half of `run_once`: entries, right edge and signed checkpoint in one transaction."""
    with transaction.atomic(durable=True):
        return entering.enter_waiting(log or logs.current())
