"""Entries of a published tree become rows of the log again, behind those that an older copy still has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fairnotice.ledger.errors import LogCorrupt
from fairnotice.ledger.models import Edge, Log, Waiting
from fairnotice.translog import merkle
from fairnotice.translog.openings import parse_leaf
from fairnotice.translog.progress import Progress
from fairnotice.translog.tilepaths import TILE_WIDTH
from fairnotice.translog.verified import VerifiedTiles

#: What the log says about itself in the clear begins so.
_OWN = "log."
_INSERT = (
    'INSERT INTO ledger_logentry (log_id, "index", leaf, leaf_hash, event_id, recovered) '
    "VALUES (%s, %s, %s, %s, %s, %s)"
)


@dataclass
class ReadBack:
    """What was read: `linked` entries belong to events that waited; `own` are the public types of entries
    about the log itself; `last` is the public type of the last entry."""

    linked: int = 0
    own: tuple[str, ...] = ()
    last: str | None = None


def read_back(log: Log, tree: VerifiedTiles) -> ReadBack:
    """Store the entries that the tree has behind the log's right edge, and move the edge, in the caller's
    transaction. A bundle at a time, each checked against the signed root.

    Raises LogCorrupt where right edge and entries do not lead to that root, and what the tree raises.
    """
    row = Edge.objects.select_for_update().get(log=log)
    edge = merkle.Edge.from_json(row.edge)
    read = ReadBack()
    start = edge.size
    with Progress(f"Reading {log.origin} back", tree.size - start) as progress:
        for index in range(start // TILE_WIDTH, -(-tree.size // TILE_WIDTH)):
            leaves = tree.entries(index)[max(0, edge.size - index * TILE_WIDTH) :]
            hashes = merkle.leaf_hashes(leaves)
            _store(log, edge.size, leaves, hashes, read)
            edge.extend(hashes)
            progress.advance(len(leaves))
    if (edge.size, edge.root()) != (tree.size, tree.root):
        raise LogCorrupt(
            f"the entries that were read back of {log.origin} do not continue those of the database"
        )
    row.size, row.edge = edge.size, edge.to_json()
    row.save(update_fields=["size", "edge"])
    return read


def _store(log: Log, at: int, leaves: Sequence[bytes], hashes: Sequence[bytes], read: ReadBack) -> None:
    waiting = Waiting.objects.filter(event__log=log, event__leaf_hash__in=hashes)
    events = {bytes(digest): pk for pk, digest in waiting.values_list("pk", "event__leaf_hash")}
    rows = [
        (log.pk, at + number, None if digest in events else leaf, digest, events.get(digest), True)
        for number, (leaf, digest) in enumerate(zip(leaves, hashes, strict=True))
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
    Waiting.objects.filter(pk__in=events.values()).delete()
    read.linked += len(events)
    for leaf in leaves:
        # Only the log's own entries are few enough to be read whole.
        read.last = parse_leaf(leaf).clear_type if b'"t":"' in leaf else None
        if read.last is not None and read.last.startswith(_OWN):
            read.own += (read.last,)
