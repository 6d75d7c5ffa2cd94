"""Rounds: waiting events enter the log in random order, the tree that comes out is signed and published."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from fairnotice.ledger import entering, logs, publishing, rollover, witnessing
from fairnotice.ledger.errors import LogAhead, LogCorrupt
from fairnotice.ledger.models import Log
from fairnotice.ledger.publishing import publish
from fairnotice.ledger.rounds import Standing

__all__ = ["LogAhead", "LogCorrupt", "enter", "publish", "run_if_full", "run_once"]

#: Entries in one transaction at most: memory stays bounded whatever has piled up.
MOST = 2000


def run_if_full() -> int:
    """A round before its time, where as many events wait as the setting `log_batch` says; otherwise 0. Cheap
    enough to be called all the time. Raises what `run_once` raises."""
    log = logs.newest()
    return run_once() if log is not None and entering.waits(log, settings.FN_LOG_BATCH) else 0


def run_once() -> int:
    """Enter all waiting events, sign, publish; returns how many entered. Call it at every interval.

    A year that is over is closed then (ledger.rollover). The lock of the published folder is held throughout,
    so that two sequencers take turns and the second finds nothing to do. Must not be called inside a
    transaction: it would publish what may still be rolled back. Raises LogAhead, LogCorrupt,
    witnessing.WitnessesMissing and WitnessSettings, keys.KeyMissing, translog's SigningError and
    TileConflict, RuntimeError inside a transaction.
    """
    with publishing.publish_lock():
        log = logs.current()
        out = False
        entered = 0
        missing: witnessing.WitnessesMissing | None = None
        if entering.waits(log) or rollover.due() or publishing.last_signed(log) is None:
            try:
                entered = _drain(publishing.before_signing(log))
                out = not rollover.roll_over_if_due()
            except witnessing.WitnessesMissing as error:
                missing = error  # they may be enough for what is signed already, above all for the old year
        # What is not out by now: a new year's first entries, or what an earlier round could not publish.
        # The newest first: what is wrong with the files of a closed year must not hold it up.
        for one in reversed(logs.everyone()[-2:]):
            if not (out and one.pk == log.pk):
                publishing.publish_locked(one, complete=False)
    if missing is not None:
        raise missing
    return entered


def _drain(stands: Standing) -> int:
    """Enter and publish until nothing waits, a bounded number at a time."""
    entered = 0
    while True:
        with transaction.atomic(durable=True):
            batch = entering.enter_waiting(stands.log, most=MOST, stands=stands)
        stands = publishing.put_out(stands, fresh=batch)
        entered += len(batch)
        if len(batch) < MOST:
            return entered


def enter(log: Log | None = None) -> int:
    """The database half of `run_once`: entries, right edge and signed checkpoint in one transaction."""
    with transaction.atomic(durable=True):
        return len(entering.enter_waiting(log or logs.current()))
