"""A place on disk for what an import has to remember while it runs, however large its file is.

A database of its own in the data folder, unlinked as soon as it is open: nothing of it is left when the
process ends, however it ends. One import runs at a time in one data folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from fairnotice.answerable.imports.shape import Unusable

_CHUNK = 500


class Busy(Unusable):
    """Another import is at work in this data folder; nothing was done."""

    def __init__(self) -> None:
        super().__init__(_("Another import is at work. Start this one again when it has finished."))


def folder() -> Path:
    """Where imports may put files of their own, inside the data folder."""
    found = Path(settings.FN_DATA) / "imports"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


@contextmanager
def alone() -> Iterator[None]:
    """Hold the one place at work. Raises Busy."""
    descriptor = os.open(folder() / "import.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """An empty database that goes away by itself."""
    path = folder() / f"scratch-{secrets.token_hex(8)}"
    connection = sqlite3.connect(
        path, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES, check_same_thread=False
    )
    try:
        # It is never read again, so it needs no journal and no sync.
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA cache_size = -32768")
        path.unlink()
        yield connection
    finally:
        connection.close()
        path.unlink(missing_ok=True)


@contextmanager
def together(connection: sqlite3.Connection) -> Iterator[None]:
    """Many statements as one transaction, which is quicker; a reader that puts its file in order may be in
    the middle of one already."""
    apart = not connection.in_transaction
    if apart:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if apart:
            connection.execute("COMMIT")


def key_of(*parts: str) -> bytes:
    """Sixteen bytes that tell one fact from every other."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "backslashreplace"), digest_size=16).digest()


class Facts:
    """What the file has said about what, in a table of its own: so that two of its lines cannot contradict
    each other, or so that it is known what a whole dump no longer says."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self._connection, self._table = connection, table
        connection.execute(f"CREATE TABLE {table} (key BLOB PRIMARY KEY, line INT, said TEXT) WITHOUT ROWID")

    def of(self, keys: Iterable[bytes]) -> dict[bytes, tuple[int, str]]:
        """Line and words of those facts that are known."""
        found: dict[bytes, tuple[int, str]] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(part))
            sql = f"SELECT key, line, said FROM {self._table} WHERE key IN ({marks})"  # noqa: S608
            rows = self._connection.execute(sql, part)
            found.update((key, (line, said)) for key, line, said in rows)
        return found

    def note(self, facts: dict[bytes, tuple[int, str]]) -> None:
        """Remember them, in the place of what was known of the same."""
        rows = [(key, *fact) for key, fact in sorted(facts.items())]
        with together(self._connection):
            sql = f"INSERT OR REPLACE INTO {self._table} VALUES (?, ?, ?)"  # noqa: S608
            self._connection.executemany(sql, rows)
