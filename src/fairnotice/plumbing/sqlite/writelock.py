"""One writer at a time per database, in turn, across threads and processes.

SQLite lets waiting writers poll, and a busy neighbour can starve them for seconds. Here writers queue
instead: first the threads of one process, first come first served, then the processes by `flock` on
`<database file>.write.lock`. The kernel frees the `flock` of a process that is killed.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path


class WriteLockTimeout(Exception):
    """The lock stayed taken for the whole waiting time."""


class _Queue:
    """A lock among threads that is handed over in order of arrival, so that no thread starves."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def enter(self, deadline: float) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        try:
            turn.wait(max(0.0, deadline - time.monotonic()))
        except BaseException:
            self._give_up(turn)
            raise
        if not turn.is_set() and self._withdraw(turn):
            raise WriteLockTimeout

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _withdraw(self, turn: threading.Event) -> bool:
        """Step out of the queue; False where the turn came in the meantime."""
        with self._guard:
            if turn.is_set():
                return False
            self._waiting.remove(turn)
            return True

    def _give_up(self, turn: threading.Event) -> None:
        if not self._withdraw(turn):
            self.leave()


class _FileWait:
    """A wait for `flock` that can end at a deadline.

    `flock` itself knows no deadline, and polling it loses the race against a process that writes without
    pause; so a thread waits in the kernel's queue and gives the lock straight back if nobody wants it any
    more.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._guard = threading.Lock()
        self._granted = threading.Event()
        self._error: OSError | None = None
        self._abandoned = False
        threading.Thread(target=self._run, name="write-lock", daemon=True).start()

    def _run(self) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except OSError as error:
            self._error = error
        with self._guard:
            if self._abandoned:
                _close(self._descriptor)
            else:
                self._granted.set()

    def until(self, deadline: float) -> None:
        """Return when granted; WriteLockTimeout at the deadline, and the descriptor is then closed for us."""
        try:
            self._granted.wait(max(0.0, deadline - time.monotonic()))
        except BaseException:
            if not self._abandon():
                _close(self._descriptor)
            raise
        if not self._granted.is_set() and self._abandon():
            raise WriteLockTimeout
        if self._error is not None:
            _close(self._descriptor)
            raise self._error

    def _abandon(self) -> bool:
        with self._guard:
            if self._granted.is_set():
                return False
            self._abandoned = True
            return True


class WriteLock:
    """The lock of one database. `owner` is the connection that holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._queue = _Queue()
        self._owner: object | None = None
        self._descriptor = -1

    def acquire(self, owner: object, timeout: float) -> None:
        """Take the lock for `owner`; nothing happens where `owner` already has it.

        Raises WriteLockTimeout after `timeout` seconds, OSError where the lock file cannot be opened.
        """
        if self._owner is owner:
            return
        deadline = time.monotonic() + timeout
        self._queue.enter(deadline)
        try:
            self._descriptor = self._lock_file(deadline)
            self._owner = owner
        except BaseException:
            self._queue.leave()
            raise

    def release(self, owner: object) -> None:
        """Give the lock back; nothing happens where `owner` does not have it."""
        if self._owner is not owner:
            return
        descriptor, self._descriptor, self._owner = self._descriptor, -1, None
        try:
            # Said aloud and not only by closing: a forked child may hold a copy of the descriptor.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            _close(descriptor)
            self._queue.leave()

    def held_by(self, owner: object) -> bool:
        return self._owner is owner

    def _lock_file(self, deadline: float) -> int:
        # Opened anew each time: a lock on a file that was since moved or deleted would guard nothing.
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _descriptors.add(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _FileWait(descriptor).until(deadline)
        except BaseException:
            _close(descriptor)
            raise
        return descriptor


_registry_guard = threading.Lock()
_registry: dict[str, WriteLock] = {}
_descriptors: set[int] = set()


def _close(descriptor: int) -> None:
    _descriptors.discard(descriptor)
    os.close(descriptor)


def lock_of(database: str | Path) -> WriteLock:
    """The process-wide lock of a database file, by its real path."""
    path = os.path.realpath(database) + ".write.lock"
    with _registry_guard:
        if path not in _registry:
            _registry[path] = WriteLock(Path(path))
        return _registry[path]


def _forget_in_child() -> None:
    """A forked child holds no lock. Closing its copies keeps it from holding its parent's lock after the
    parent's death; closing a copy does not free the parent's lock."""
    global _registry_guard
    _registry_guard = threading.Lock()
    _registry.clear()
    for descriptor in list(_descriptors):
        _close(descriptor)


os.register_at_fork(after_in_child=_forget_in_child)
