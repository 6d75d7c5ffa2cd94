"""The database half of a round: waiting events become entries, and the tree that comes out is signed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence

from django.db import connection
from django.utils import timezone

from fairnotice.ledger import keys, publishing
from fairnotice.ledger.errors import LogCorrupt
from fairnotice.ledger.models import CheckpointRow, Event, Log
from fairnotice.ledger.rounds import Entered, Standing
from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint

_ORDER = secrets.SystemRandom()
#: Values in one statement; SQLite takes 999 in its oldest builds.
_AT_ONCE = 500

# Plain SQL: the query builder costs more than the disk, for one entry as for a thousand.
_WAITING = (
    "SELECT w.event_id FROM ledger_waiting w JOIN ledger_event e ON e.id = w.event_id WHERE e.log_id = %s"
)
_EDGE = "SELECT size, edge FROM ledger_edge WHERE log_id = %s"
_NEW_EDGE = "UPDATE ledger_edge SET size = %s, edge = %s WHERE log_id = %s"
_LEAVES = "SELECT id, leaf, leaf_hash FROM ledger_event WHERE id IN ({marks})"
_ENTER = (
    'INSERT INTO ledger_logentry (log_id, "index", leaf, leaf_hash, event_id, recovered) '
    "VALUES (%s, %s, NULL, %s, %s, %s)"
)
_DONE = "DELETE FROM ledger_waiting WHERE event_id IN ({marks})"


def waits(log: Log, count: int = 1) -> bool:
    """Whether at least so many events wait for this log."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_WAITING} LIMIT %s", [log.pk, count])
        return len(cursor.fetchall()) >= count


def enter_waiting(
    log: Log,
    *,
    last: Event | None = None,
    most: int | None = None,
    stands: Standing | None = None,
) -> Entered:
    """Enter events that wait for this log, and sign, inside the caller's transaction. `last` is one of them
    that must stand behind all others; `most` takes so many of them at random and leaves the rest waiting.
    `stands` is where the log stands, from a caller that holds `publishing.publish_lock` since it looked.

    Before the first event a checkpoint of the empty tree is signed once, so that the log can be looked at
    from the start. Later, nothing waiting means nothing signed: one state never carries two signatures.
    Raises LogAhead, LogCorrupt, keys.KeyMissing, translog's SigningError.
    """
    edge = _right_edge(log)
    signed = (stands or publishing.standing(log)).last
    if edge.size != (signed.size if signed else 0):
        raise LogCorrupt(f"the right edge has {edge.size} entries, the last checkpoint another number")
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [log.pk])
        waiting = [pk for (pk,) in cursor.fetchall()]
    if not waiting and signed is not None:
        return Entered(edge.size)
    # Random order: the place in the log must not tell who came first (public-proof.md).
    _ORDER.shuffle(waiting)
    waiting = waiting[:most]
    if last is not None:
        waiting.sort(key=lambda pk: pk == last.pk)
    before = edge.size
    leaves, hashes = _move(log, before, waiting)
    edge.extend(hashes)
    with connection.cursor() as cursor:
        cursor.execute(_NEW_EDGE, [edge.size, json.dumps(edge.to_json()), log.pk])
    tree = Checkpoint(log.origin, edge.size, edge.root())
    first, *further = keys.log_signers(log)
    note = sign_checkpoint(tree, first, further)
    made = CheckpointRow.objects.create(log=log, size=tree.size, root=tree.root, note=note, at=timezone.now())
    return Entered(before, leaves, hashes, made)


def _right_edge(log: Log) -> merkle.Edge:
    # The row lock makes sequencers on PostgreSQL take turns; SQLite has one writer anyway.
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(_EDGE + lock, [log.pk])
        row = cursor.fetchone()
    if row is None:
        raise LogCorrupt(f"the log {log.origin} has no right edge")
    size, stored = row
    edge = merkle.Edge.from_json(json.loads(stored) if isinstance(stored, str) else stored)
    if edge.size != size:
        raise LogCorrupt(f"the right edge has {edge.size} entries, its row says {size}")
    return edge


def _move(log: Log, start: int, events: Sequence[int]) -> tuple[list[bytes], list[bytes]]:
    """Make entries of these events, in their order, and let them wait no more; leaves and leaf hashes."""
    found: dict[int, tuple[bytes, bytes]] = {}
    with connection.cursor() as cursor:
        for some, marks in _chunks(events):
            cursor.execute(_LEAVES.format(marks=marks), some)
            found |= {pk: (bytes(leaf), bytes(digest)) for pk, leaf, digest in cursor.fetchall()}
        leaves, hashes = [found[pk][0] for pk in events], [found[pk][1] for pk in events]
        for pk, made, stored in zip(events, merkle.leaf_hashes(leaves), hashes, strict=True):
            if made != stored:
                raise LogCorrupt(f"event {pk} holds a leaf that does not fit its hash")
        rows = [(log.pk, start + at, found[pk][1], pk, False) for at, pk in enumerate(events)]
        cursor.executemany(_ENTER, rows)
        for some, marks in _chunks(events):
            cursor.execute(_DONE.format(marks=marks), some)
    return leaves, hashes


def _chunks(events: Sequence[int]) -> Iterator[tuple[Sequence[int], str]]:
    for start in range(0, len(events), _AT_ONCE):
        some = events[start : start + _AT_ONCE]
        yield some, ", ".join(["%s"] * len(some))
