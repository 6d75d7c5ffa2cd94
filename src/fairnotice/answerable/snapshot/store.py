"""One view of the register per process and database, kept fresh.

A look-up asks the database for the number of the last change. What is new goes into a copy of the edits, at
once; when they become many, a thread reads the whole register anew, and look-ups go on with what there is.
Until the first snapshot of a process is ready, and inside a transaction that itself changed the register and
may yet be rolled back, there is no view, and the caller asks the database.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from django.db import connection, connections

from fairnotice.answerable.actions.recording import last_change, told_here
from fairnotice.answerable.snapshot.edits import Gathered
from fairnotice.answerable.snapshot.load import everything
from fairnotice.answerable.snapshot.snapshot import Snapshot
from fairnotice.answerable.snapshot.view import View

_log = logging.getLogger(__name__)
#: Seconds after a failed reading of the register before the next.
_RETRY = 5.0


@dataclass(frozen=True, slots=True)
class _State:
    base: Snapshot
    base_seen: int
    gathered: Gathered
    view: View


class Store:
    """The view of one database. All methods may be called by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._state: _State | None = None
        self._reading = False
        self._wanted = False
        self._failed_at = -_RETRY
        self.built = 0

    def view(self) -> View | None:
        """The register as it is now, all committed changes included but those of a bulk that is being read;
        None: ask the database."""
        if told_here():
            return None
        state, last = self._state, last_change()
        if state is not None and last < state.base_seen:
            # The numbers of changes only grow: this is another register, put back from a backup.
            with self._lock:
                state = self._state = None
        if state is None:
            self.want()
            return None
        return state.view if last <= state.gathered.seen else self._fresh(last)

    def want(self) -> None:
        """Have the whole register read in the background, unless that goes on already."""
        with self._lock:
            self._wanted = True
            if self._reading or time.monotonic() - self._failed_at < _RETRY:
                return
            self._reading = True
        threading.Thread(target=self._work, name="register", daemon=True).start()

    def wait(self, built: int = 1, timeout: float = 60.0) -> bool:
        """Wait until so many snapshots were made by this process, and none is being made."""
        with self._changed:
            return self._changed.wait_for(lambda: self.built >= built and not self._reading, timeout)

    def _fresh(self, last: int) -> View | None:
        with self._lock:
            state = self._state
            if state is None:
                return None
            if last > state.gathered.seen:
                gathered = state.gathered.more(last)
                state = _State(state.base, state.base_seen, gathered, View(state.base, gathered.edits()))
                self._state = state
        if state.gathered.due:
            self.want()
        return state.view

    def _work(self) -> None:
        try:
            while self._read_once():
                pass
        except Exception:
            # Look-ups go on with what there is, and the next one that finds it old tries again.
            _log.exception("The register could not be read into memory.")
            with self._changed:
                self._failed_at = time.monotonic()
                self._reading = False
                self._changed.notify_all()
        finally:
            connections.close_all()

    def _read_once(self) -> bool:
        """Read everything; whether more was asked for meanwhile."""
        with self._lock:
            self._wanted = False
        started = time.monotonic()
        # First the number, then the rows: what is written in between is met once more among the edits.
        seen = last_change()
        base = everything()
        gathered = Gathered(seen).more(last_change())
        with self._changed:
            self._state = _State(base, seen, gathered, View(base, gathered.edits()))
            self.built += 1
            more = self._wanted and gathered.due
            self._reading = more
            self._changed.notify_all()
        if more:
            # A long import says "bulk" many times; no more than half of the time goes into reading.
            time.sleep(time.monotonic() - started)
        return more


_stores: dict[tuple[str, str, str, str], Store] = {}


def store() -> Store:
    """The store of the database that this thread is connected to."""
    settings = connection.settings_dict
    key = (connection.vendor, str(settings["HOST"]), str(settings["PORT"]), str(settings["NAME"]))
    return _stores.setdefault(key, Store())
