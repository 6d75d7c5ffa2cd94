"""Enters waiting events into the log, in random order, and signs the tree that comes out."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from fairnotice.ledger import keys, logs, publishing
from fairnotice.ledger.models import CheckpointRow, Edge, Event, Log, LogEntry, Waiting
from fairnotice.ledger.publishing import LogAhead, LogCorrupt, publish
from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint

__all__ = ["LogAhead", "LogCorrupt", "enter", "publish", "run_once"]
_ORDER = secrets.SystemRandom()
_BATCH = 200


def run_once() -> int:
    """Enter all waiting events, sign, publish; returns how many entered. Call it at every interval.

    The lock of the published folder is held throughout, so that two sequencers take turns and the second
    finds nothing to do. Must not be called inside a transaction: it would publish what may still be rolled
    back. Raises LogAhead, LogCorrupt, translog's TileConflict, RuntimeError inside a transaction.
    """
    with publishing.publish_lock():
        log = logs.current()
        entered = enter(log)
        publishing.publish_locked(log, complete=False)
    return entered


def enter(log: Log | None = None) -> int:
    """The database half of `run_once`: entries, right edge and signed checkpoint in one transaction.

    Before the first event a checkpoint of the empty tree is signed once, so that the log can be looked at
    from the start. Later, nothing waiting means nothing signed: one state never carries two signatures.
    """
    with transaction.atomic(durable=True):
        log = log or logs.current()
        # The row lock makes sequencers on PostgreSQL take turns; SQLite has one writer anyway.
        row = Edge.objects.select_for_update().get(log=log)
        last = publishing.last_signed(log)
        publishing.guard(log)
        edge = merkle.Edge.from_json(row.edge)
        if not edge.size == row.size == (last.size if last else 0):
            raise LogCorrupt(f"the right edge has {edge.size} entries, the last checkpoint another number")
        waiting = list(Event.objects.filter(waiting__isnull=False, log=log).only("id", "leaf", "leaf_hash"))
        if not waiting and last is not None:
            return 0
        # Random order: the place in the log must not tell who came first (public-proof.md).
        _ORDER.shuffle(waiting)
        entries = []
        for index, event in enumerate(waiting, row.size):
            leaf, digest = bytes(event.leaf), bytes(event.leaf_hash)
            if merkle.leaf_hash(leaf) != digest:
                raise LogCorrupt(f"event {event.pk} holds a leaf that does not fit its hash")
            edge.append(digest)
            entries.append(LogEntry(log=log, index=index, leaf=leaf, leaf_hash=digest, event_id=event.pk))
        LogEntry.objects.bulk_create(entries, batch_size=_BATCH)
        for start in range(0, len(waiting), _BATCH):
            chunk = [event.pk for event in waiting[start : start + _BATCH]]
            Waiting.objects.filter(pk__in=chunk).delete()
        row.size, row.edge = edge.size, edge.to_json()
        row.save(update_fields=["size", "edge"])
        tree = Checkpoint(log.origin, edge.size, edge.root())
        note = sign_checkpoint(tree, keys.log_signer(log))
        CheckpointRow.objects.create(log=log, size=tree.size, root=tree.root, note=note, at=timezone.now())
    return len(entries)
