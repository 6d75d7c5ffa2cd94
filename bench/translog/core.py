"""Durable appends with the log's core alone: SQLite, tiles, signature, checkpoint, and no Django.

One batch is one transaction with the entries, the right edge and the signed checkpoint, synced at its commit;
then its tiles and bundles are written and synced; then `checkpoint` is replaced and synced.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
from pathlib import Path

from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.files import DurableFolder
from fairnotice.translog.frontier import Frontier
from fairnotice.translog.notes import Signer
from fairnotice.translog.publish import CHECKPOINT

SIGNER = Signer("log.example.org/log", bytes(range(32)))
_TABLES = """
CREATE TABLE entry (number INTEGER PRIMARY KEY, leaf BLOB NOT NULL, leaf_hash BLOB NOT NULL);
CREATE TABLE edge (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, edge TEXT NOT NULL);
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL);
INSERT INTO edge VALUES (1, 0, '[]');
"""


class CoreLog:
    """A log of random entries of `entry_bytes` each, appended in batches of one size."""

    def __init__(self, folder: Path, batch: int, entry_bytes: int) -> None:
        folder.mkdir()
        self._database = sqlite3.connect(folder / "log.sqlite3", isolation_level=None)
        # The same as the site's own database (fairnotice.plumbing.sqlite).
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(_TABLES)
        self._folder = DurableFolder(folder / "log")
        self._frontier = Frontier()
        self._random = random.Random(1)
        self._batch = batch
        self._entry_bytes = entry_bytes

    def once(self) -> tuple[int, float]:
        """Ten entries or one batch; entries, and the seconds that they took. Making them is not counted."""
        batches = [
            [self._random.randbytes(self._entry_bytes) for _ in range(self._batch)]
            for _ in range(max(1, 10 // self._batch))
        ]
        start = time.perf_counter()
        for entries in batches:
            self.append(entries)
        return len(batches) * self._batch, time.perf_counter() - start

    def append(self, entries: list[bytes]) -> None:
        """Enter, sign and publish."""
        start = self._frontier.size
        hashes = merkle.leaf_hashes(entries)
        grown, files = self._frontier.grow(entries, hashes)
        root = grown.root()
        note = sign_checkpoint(Checkpoint(SIGNER.name, grown.size, root), SIGNER)
        run = self._database
        run.execute("BEGIN IMMEDIATE")
        run.executemany(
            "INSERT INTO entry VALUES (?, ?, ?)",
            zip(range(start, grown.size), entries, hashes, strict=True),
        )
        run.execute("UPDATE edge SET size = ?, edge = ?", (grown.size, json.dumps(grown.edge.to_json())))
        run.execute("INSERT INTO checkpoint VALUES (?, ?, ?)", (grown.size, root, note))
        run.execute("COMMIT")
        self._folder.write(files, head=(CHECKPOINT, note.encode()))
        self._frontier = grown
