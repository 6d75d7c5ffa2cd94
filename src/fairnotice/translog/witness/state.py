"""What a witness has cosigned, so that it never cosigns anything that contradicts it.

One row per origin in SQLite. Check, cosignature and new row are one transaction, and the mark
(:mod:`.marks`) follows; only then may the cosignature leave. Where any of that fails, nothing is answered.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fairnotice.translog.witness.errors import Locked, StateError
from fairnotice.translog.witness.marks import Mark, Marks
from fairnotice.translog.witness.owner import Owner
from fairnotice.translog.witness.rules import Admitted, Cosigned, check, next_timestamp

_BUSY_SECONDS = 30
_SCHEMA = """
CREATE TABLE IF NOT EXISTS cosigned (
    origin TEXT PRIMARY KEY,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    timestamp INTEGER NOT NULL CHECK (timestamp > 0),
    note TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS cosigned_never_goes_back BEFORE UPDATE ON cosigned
WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.timestamp < OLD.timestamp
    OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
BEGIN SELECT RAISE(ABORT, 'a witness never goes back'); END;
CREATE TRIGGER IF NOT EXISTS cosigned_is_never_forgotten BEFORE DELETE ON cosigned
BEGIN SELECT RAISE(ABORT, 'a witness never forgets'); END;
"""
_PUT = """
INSERT INTO cosigned (origin, size, root, timestamp, note) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (origin) DO UPDATE
SET size = excluded.size, root = excluded.root, timestamp = excluded.timestamp, note = excluded.note
"""

Sign = Callable[[str, int], str]  # text of a checkpoint and POSIX second -> signature lines


@dataclass(frozen=True)
class Remembered:
    """Size, root and time of what was cosigned last, and the checkpoint with its signatures."""

    cosigned: Cosigned
    note: str


class State:
    """Database and marks. One process at a time owns them; its threads may share this object."""

    def __init__(self, database: Path, marks: Path, *, patience: float = 0) -> None:
        """Raises :class:`StateError` where another process still owns the state after ``patience`` seconds,
        or where it cannot be opened.
        """
        self._marks = Marks(marks)
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._owner = Owner(database.with_name(database.name + ".owner"))
        self._owner.acquire(patience)
        try:
            self._writer = _connect(database)
            self._writer.executescript(_SCHEMA)
            self._reader = _connect(database)
        except sqlite3.Error as fault:
            self._owner.release()
            raise StateError(f"the state {database} cannot be opened: {fault}") from None

    def close(self) -> None:
        """Give the state back."""
        self._writer.close()
        self._reader.close()
        self._owner.release()

    def cosign(self, admitted: Admitted, sign: Sign, now: int) -> str:
        """Check the submission against what was cosigned last, sign, store, and return the signature lines.

        Raises :class:`~.rules.Rejected` (409, 422), :class:`Locked`, :class:`StateError`, and whatever
        ``sign`` raises; in each case nothing was given out.
        """
        origin = admitted.checkpoint.origin
        with self._lock:
            with self._transaction():
                mark = self._marks.read(origin)
                row = read_row(self._writer, origin)
                last = compare(origin, row, mark)
                check(admitted, last)
                timestamp = next_timestamp(now, last)
                lines = sign(admitted.text, timestamp)
                note = f"{admitted.text}\n{admitted.signatures}{lines}"
                if mark is None:
                    # A row without a mark is a mark that was lost, so the mark comes first, if an empty one.
                    self._marks.write(Mark(origin, 0, ""))
                size, root = admitted.checkpoint.size, admitted.checkpoint.root
                self._writer.execute(_PUT, (origin, size, root, timestamp, note))
            self._marks.write(Mark(origin, timestamp, note))
        return lines

    def last(self, origin: str) -> Remembered | None:
        """What was cosigned last for this log. Raises :class:`Locked`, :class:`StateError`."""
        # The mark first: read after the row, it could belong to a later answer and look like a lost row.
        mark = self._marks.read(origin)
        with self._reading:
            try:
                row = read_row(self._reader, origin)
            except sqlite3.Error as fault:
                raise StateError(f"the state cannot be read: {fault}") from None
        compare(origin, row, mark)
        return row

    def unlock(self, origin: str, seen: Remembered | None = None) -> Remembered:
        """Go on from the larger one of row, mark and ``seen``, a checkpoint that bears our own cosignature.

        Nothing is ever forgotten by this. Raises :class:`StateError` where they contradict one another or
        where there is nothing to go on from.
        """
        with self._lock:
            with self._transaction():
                row = read_row(self._writer, origin)
                try:
                    mark = self._marks.read(origin)
                except Locked:
                    mark = None  # damaged: the operator has decided that the rest is all there is
                found = [item for item in (row, _remembered(mark), seen) if item is not None]
                if not found:
                    raise StateError(f"nothing is known about {origin}: nothing was cosigned for it")
                roots: dict[int, bytes] = {}
                for item in found:
                    if roots.setdefault(item.cosigned.size, item.cosigned.root) != item.cosigned.root:
                        raise StateError(
                            f"two trees of {item.cosigned.size} entries were cosigned for {origin}: this key "
                            "must not be used any more"
                        )
                best = max(found, key=lambda item: (item.cosigned.size, item.cosigned.timestamp))
                timestamp = max(item.cosigned.timestamp for item in found)
                size, root = best.cosigned.size, best.cosigned.root
                self._writer.execute(_PUT, (origin, size, root, timestamp, best.note))
            self._marks.write(Mark(origin, timestamp, best.note))
        return Remembered(Cosigned(size, root, timestamp), best.note)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """BEGIN IMMEDIATE to COMMIT; rolled back, and nothing kept, where the block raises."""
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
        except sqlite3.Error as fault:
            raise StateError(f"the state cannot be written: {fault}") from None


def _connect(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        database, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    # In WAL mode FULL syncs at each commit: what was committed outlives a power cut.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def read_row(connection: sqlite3.Connection, origin: str) -> Remembered | None:
    """What the database says was cosigned last. Raises ``sqlite3.Error``."""
    found = connection.execute(
        "SELECT size, root, timestamp, note FROM cosigned WHERE origin = ?", (origin,)
    ).fetchone()
    return Remembered(Cosigned(found[0], found[1], found[2]), found[3]) if found else None


def _remembered(mark: Mark | None) -> Remembered | None:
    cosigned = mark.cosigned if mark else None
    return Remembered(cosigned, mark.note) if mark and cosigned else None


def compare(origin: str, row: Remembered | None, mark: Mark | None) -> Cosigned | None:
    """What was cosigned last, by row and mark together. Raises :class:`Locked` where the row is behind."""
    marked = mark.cosigned if mark else None
    if row is None and marked is None:
        return None
    if row is None or (marked and marked.size > row.cosigned.size):
        size, signed = row.cosigned.size if row else 0, marked.size if marked else 0
        raise Locked(
            f"the state knows {origin} up to size {size}, but size {signed} was cosigned: an older copy of "
            "the state was put back"
        )
    if mark is None:
        raise Locked(f"the mark of {origin} is missing")
    if marked and marked.size == row.cosigned.size and marked.root != row.cosigned.root:
        raise Locked(f"state and mark name two different trees of {marked.size} entries for {origin}")
    timestamp = max(row.cosigned.timestamp, marked.timestamp if marked else 0)
    return Cosigned(row.cosigned.size, row.cosigned.root, timestamp)
