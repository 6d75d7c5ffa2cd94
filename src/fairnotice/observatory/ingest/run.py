"""Dumps read into the store by several processes. Needs the extra `data`.

A day is put in its place when all its parts are read and its sha1 was found right, and not before: so it is
whole or absent, and a run that was stopped goes on where it was with the first day that is absent.
"""

from __future__ import annotations

import errno
import fcntl
import os
import queue
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from fairnotice.observatory.ingest import building, writing
from fairnotice.observatory.ingest.archive import DumpError
from fairnotice.observatory.ingest.building import Dump
from fairnotice.observatory.ingest.crew import Crew, Died, Event, Failed, Told, inline
from fairnotice.observatory.ingest.memory import Share
from fairnotice.observatory.ingest.plan import Left, Plan
from fairnotice.observatory.ingest.work import Done, Task
from fairnotice.observatory.store import Day, Manifest, Store, StoreError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Stopped(Exception):
    """Nothing more could be read; the message is a sentence that says what to do."""


class Watcher(Protocol):
    """Told what happens while it happens."""

    def told(self, rows: int, size: int) -> None:
        """So many rows and bytes of CSV more."""

    def read(self, manifest: Manifest) -> None:
        """A day is at its place."""

    def left(self, left: Left) -> None:
        """A dump was given up."""


class Silent:
    """A watcher that tells nobody."""

    def told(self, rows: int, size: int) -> None:
        """Nothing."""

    def read(self, manifest: Manifest) -> None:
        """Nothing."""

    def left(self, left: Left) -> None:
        """Nothing."""


@dataclass(slots=True)
class Outcome:
    """What was read, and what was not."""

    days: list[Day] = field(default_factory=list)
    manifests: list[Manifest] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows that are in the store now."""
        return sum(one.rows for one in self.manifests)


@dataclass(slots=True)
class _Reading:
    """A dump that is being read."""

    dump: Dump
    folder: Path
    waiting: int
    done: list[Done] = field(default_factory=list)
    sha1: tuple[str, bool] | None = None


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Nobody else writes to the store meanwhile. Raises StoreError where somebody does, OSError."""
    store.path.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(store.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                "another command is writing to this store: wait for it, or name another store"
            ) from error
        writing.tidy(store)
        yield
    finally:
        os.close(descriptor)


def ingest(store: Store, plan: Plan, share: Share, watcher: Watcher, *, texts: bool = False) -> Outcome:
    """Read all dumps of a plan, in the store that `alone` holds. `share.workers` 0: in this process.

    Raises Stopped where nothing more can be read (the disk is full, a process was ended); the days that were
    read until then stay. What is wrong with one dump is told, and the others are read.
    """
    return _Run(store, plan, share, watcher, texts).all()


class _Run:
    def __init__(self, store: Store, plan: Plan, share: Share, watcher: Watcher, texts: bool) -> None:
        self._store, self._plan, self._share, self._watcher = store, plan, share, watcher
        self._texts = texts
        self._outcome = Outcome(left=list(plan.left))
        self._readings: dict[Path, _Reading] = {}
        self._over: set[Path] = set()
        self._tasks = self._all_tasks()
        self._hashed: queue.SimpleQueue[tuple[Path, tuple[str, bool] | Exception]] = queue.SimpleQueue()

    def all(self) -> Outcome:
        try:
            if self._share.workers:
                with Crew(self._share.workers) as crew:
                    self._follow(crew.events(self._next))
            else:
                self._follow(inline(self._next))
        except Died as died:
            raise Stopped(str(died)) from died
        except OSError as error:
            raise Stopped(_words(error, self._store.path)) from error
        finally:
            for reading in self._readings.values():
                shutil.rmtree(reading.folder, ignore_errors=True)
        return self._outcome

    def _follow(self, events: Iterator[Event]) -> None:
        for event in events:
            match event:
                case Told(_, rows, size):
                    self._watcher.told(rows, size)
                case Failed(task, error):
                    self._refused(task, error)
                case (task, done):
                    reading = self._readings.get(task.dump)
                    if reading is not None:
                        reading.done.append(done)
                        reading.waiting -= 1
            self._settle()
        while self._readings:
            self._settle(wait=True)

    def _next(self) -> Task | None:
        return next((task for task in self._tasks if task.dump not in self._over), None)

    def _all_tasks(self) -> Iterator[Task]:
        for dump in self._plan.dumps:
            folder = writing.new_folder(self._store, dump.named.day, dump.named.scope)
            tasks = building.tasks(
                dump, folder, texts=self._texts, workers=self._share.workers, room=self._share.room
            )
            self._readings[dump.path] = _Reading(dump, folder, len(tasks))
            # Meanwhile, as reading and hashing wait for the disk.
            threading.Thread(target=self._hash, args=(dump.path,), daemon=True).start()
            yield from tasks

    def _hash(self, path: Path) -> None:
        try:
            self._hashed.put((path, building.checked(path)))
        except Exception as error:
            self._hashed.put((path, error))

    def _settle(self, *, wait: bool = False) -> None:
        """Put each day in its place of which everything is known."""
        while wait or not self._hashed.empty():
            wait = False
            path, found = self._hashed.get()
            reading = self._readings.get(path)
            if reading is None:
                continue
            if isinstance(found, DumpError):
                self._give_up(reading, str(found))
            elif isinstance(found, Exception):
                self._give_up(reading, f"it cannot be read: {found}")
            else:
                reading.sha1 = found
        for reading in list(self._readings.values()):
            if reading.sha1 is not None and reading.waiting == 0:
                self._finish(reading, *reading.sha1)

    def _finish(self, reading: _Reading, sha1: str, published: bool) -> None:
        reasons = [part.reason for one in reading.done for part in one.damaged if part.rows is None]
        reasons += [part.reason for part in reading.dump.contents.broken]
        if not any(one.members for one in reading.done):
            self._give_up(reading, f"no part of it can be read ({reasons[0]}): download it again")
            return
        day = building.finish(
            self._store,
            reading.dump,
            reading.folder,
            reading.done,
            sha1=sha1,
            published=published,
            texts=self._texts,
        )
        del self._readings[reading.dump.path]
        self._outcome.days.append(day)
        self._outcome.manifests.append(day.manifest())
        self._watcher.read(self._outcome.manifests[-1])

    def _refused(self, task: Task, error: OSError) -> None:
        reading = self._readings.get(task.dump)
        if reading is None:
            return
        if error.errno in _FULL or error.errno == errno.ENOMEM or error.filename != str(task.dump):
            raise Stopped(_words(error, self._store.path)) from error
        self._give_up(reading, f"it cannot be read: {error.strerror}")

    def _give_up(self, reading: _Reading, reason: str) -> None:
        """The day stays as it was."""
        path = reading.dump.path
        self._over.add(path)
        del self._readings[path]
        shutil.rmtree(reading.folder, ignore_errors=True)
        left = Left(path.name, reason, True)
        self._outcome.left.append(left)
        self._watcher.left(left)


def _words(error: OSError, store: Path) -> str:
    if error.errno in _FULL:
        return f"there is no room left for {store}: make some, then run the same command again"
    if error.errno == errno.ENOMEM:
        return "the memory is full: run the same command again with a lower --memory or with --workers 1"
    return f"{error.filename or store}: {error.strerror or 'cannot be used'}: then run the same command again"
