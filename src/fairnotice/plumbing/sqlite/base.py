"""SQLite for a service that must not lose or starve a write.

WAL, `synchronous=FULL` (NORMAL loses acknowledged commits at a power cut), overwritten deletes, and one queue
of writers: every transaction is BEGIN IMMEDIATE and holds the write lock from BEGIN to COMMIT, ROLLBACK or
close. A single write in autocommit mode is its own transaction inside SQLite and relies on SQLite's busy
timeout alone: it holds nothing while Python runs, so it can neither starve others for long nor be deadlocked.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from fairnotice.plumbing.sqlite.writelock import WriteLock, WriteLockTimeout, lock_of

DEFAULT_TIMEOUT = 20.0

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    # Freed pages are overwritten with zeros: erased rows do not stay readable in the file.
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    # Without it INSERT OR REPLACE deletes the old row past the append-only triggers.
    "PRAGMA recursive_triggers = ON",
    # Sorting and temporary tables never spill readable rows into the system's temporary folder.
    "PRAGMA temp_store = MEMORY",
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection, with the settings and the lock described above."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params.setdefault("timeout", DEFAULT_TIMEOUT)
        self.transaction_mode = "IMMEDIATE"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            if not self.is_in_memory_db():
                self._use_wal(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _use_wal(self, connection: sqlite3.Connection) -> None:
        """The first connection ever switches the file to WAL. SQLite refuses at once, without waiting, when
        two try together, so this takes the write lock too.
        """
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        lock = self._write_lock()
        mine_already = lock.held_by(self)
        self._acquire()
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            if not mine_already:
                lock.release(self)

    def _start_transaction_under_autocommit(self) -> None:
        if self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # private, so django-stubs has it not
            return
        self._acquire()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # private, so django-stubs has it not
        except BaseException:
            self._write_lock().release(self)
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # private, so django-stubs has it not
        finally:
            self._release_unless_in_transaction()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # private, so django-stubs has it not
        finally:
            self._release_unless_in_transaction()

    def _close(self) -> None:
        try:
            if self._in_transaction():
                # A cursor that was not read to its end would keep the transaction open past the close.
                with suppress(sqlite3.Error):
                    self.connection.rollback()
            super()._close()  # type: ignore[misc]  # private, so django-stubs has it not
        finally:
            if not self.is_in_memory_db():
                self._write_lock().release(self)

    def _release_unless_in_transaction(self) -> None:
        # A failed COMMIT leaves the transaction open; Django then rolls back or closes, which comes by here
        # again.
        if not self.is_in_memory_db() and not self._in_transaction():
            self._write_lock().release(self)

    def _in_transaction(self) -> bool:
        try:
            return self.connection is not None and bool(self.connection.in_transaction)
        except sqlite3.ProgrammingError:
            return False  # closed already

    def _write_lock(self) -> WriteLock:
        return lock_of(self.settings_dict["NAME"])

    def _acquire(self) -> None:
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT))
        try:
            self._write_lock().acquire(self, timeout)
        except WriteLockTimeout:
            raise OperationalError(
                f"The database was busy: another writer held it for more than {timeout:g} seconds. "
                "Nothing was written; try again."
            ) from None
        except OSError as error:
            raise OperationalError(
                f"The lock file beside the database cannot be used: {error.strerror}. "
                "Check that the data folder exists and that this user may write in it."
            ) from error
