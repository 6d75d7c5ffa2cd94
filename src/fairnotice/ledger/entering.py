"""The database half of a round: waiting events become entries, and the tree that comes out is signed."""

from __future__ import annotations

import secrets

from django.utils import timezone

from fairnotice.ledger import keys, publishing
from fairnotice.ledger.models import CheckpointRow, Edge, Event, Log, LogEntry, Waiting
from fairnotice.ledger.publishing import LogCorrupt
from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint

_ORDER = secrets.SystemRandom()
_BATCH = 200


def enter_waiting(log: Log, *, last: Event | None = None) -> int:
    """Enter all events that wait for this log, and sign, inside the caller's transaction; returns how many
    entered. `last` is one of them that must stand behind all others.

    Before the first event a checkpoint of the empty tree is signed once, so that the log can be looked at
    from the start. Later, nothing waiting means nothing signed: one state never carries two signatures.
    Raises LogAhead, LogCorrupt, keys.KeyMissing, translog's SigningError.
    """
    # The row lock makes sequencers on PostgreSQL take turns; SQLite has one writer anyway.
    row = Edge.objects.select_for_update().get(log=log)
    signed = publishing.last_signed(log)
    publishing.guard(log)
    edge = merkle.Edge.from_json(row.edge)
    if not edge.size == row.size == (signed.size if signed else 0):
        raise LogCorrupt(f"the right edge has {edge.size} entries, the last checkpoint another number")
    waiting = list(Event.objects.filter(waiting__isnull=False, log=log).only("id", "leaf", "leaf_hash"))
    if not waiting and signed is not None:
        return 0
    # Random order: the place in the log must not tell who came first (public-proof.md).
    _ORDER.shuffle(waiting)
    if last is not None:
        waiting.sort(key=lambda event: event.pk == last.pk)
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
    first, *further = keys.log_signers(log)
    note = sign_checkpoint(tree, first, further)
    CheckpointRow.objects.create(log=log, size=tree.size, root=tree.root, note=note, at=timezone.now())
    return len(entries)
