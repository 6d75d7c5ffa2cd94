"""Take old copies of changed rows out of a database's files."""

from __future__ import annotations

from django.db import connections


def scrub(alias: str) -> None:
    """On SQLite: fold the write-ahead log in and cut it to nothing.

    Until then the main file and the log keep what was deleted or changed, `secure_delete` or not. Readers in
    the middle of something can hold that back; the next call finishes it. Inside a transaction, and on other
    databases, nothing happens.
    """
    connection = connections[alias]
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
