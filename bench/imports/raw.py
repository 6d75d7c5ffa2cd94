"""What SQLite itself gives: the rows of the import put into the same tables by `executemany` alone."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

BATCH = 2000
# As fairnotice.plumbing.sqlite opens it, with the memory that an import allows itself.
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "temp_store = MEMORY",
    "cache_size = -65536",
)
TABLES = (
    "answerable_organisation",
    "answerable_organisationversion",
    "answerable_resource",
    "answerable_contact",
    "answerable_delegation",
)


def copy(full: Path, empty: Path, *, bare: bool) -> tuple[int, float]:
    """Put all rows of the register in `full` into `empty`, 2,000 in a transaction; delegations, and seconds.

    `bare`: into tables without keys, indexes, constraints and triggers. Reading is not counted.
    """
    source, target = sqlite3.connect(full), sqlite3.connect(empty, isolation_level=None)
    for pragma in PRAGMAS:
        target.execute(f"PRAGMA {pragma}")
    seconds, count = 0.0, 0
    for table in TABLES:
        rows = source.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 - names of our own
        columns = [column[0] for column in rows.description]
        into = table
        if bare:
            into = f"bare_{table}"
            target.execute(f"CREATE TABLE {into} ({', '.join(columns)})")
        marks = ",".join("?" * len(columns))
        statement = f"INSERT INTO {into} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        count = 0
        while batch := rows.fetchmany(BATCH):
            start = time.perf_counter()
            target.execute("BEGIN IMMEDIATE")
            target.executemany(statement, batch)
            target.execute("COMMIT")
            seconds += time.perf_counter() - start
            count += len(batch)
    source.close()
    target.close()
    return count, seconds
