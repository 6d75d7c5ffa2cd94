"""What SQLite itself gives on the same file: one row, as long as what a notice stores, made durable."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    "recursive_triggers = ON",
)


class Raw:
    """Its table is its own; no other table, index, key or rule is touched."""

    def __init__(self, file: Path, size: int) -> None:
        self._bytes = bytes(size)
        self._connection = sqlite3.connect(file, isolation_level=None, timeout=30)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE bench_raw (id INTEGER PRIMARY KEY, held BLOB)")

    def insert(self, count: int) -> float:
        """So many, each in a transaction of its own; seconds by the clock."""
        start = time.perf_counter()
        for _ in range(count):
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT INTO bench_raw (held) VALUES (?)", (self._bytes,))
            self._connection.execute("COMMIT")
        return time.perf_counter() - start
