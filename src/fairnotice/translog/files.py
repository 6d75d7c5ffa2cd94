"""Writing so that a crash or a power cut leaves the old bytes or the new ones, never a mixture.

Every file is written beside its place, synced, renamed, and its folder synced. Names that begin with a dot
are such unfinished files; readers pass over them. Callers hold the log's write lock: there is one writer.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from fairnotice.translog.errors import TileConflict

_AT_ONCE = 64  # files open at the same time
_THREADS = 8
_SLOW_SYNC = 0.0005  # seconds; what is faster is not worth a thread
_UNFINISHED = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_count = itertools.count()


class _Syncs:
    """Syncs of several files or folders; on a slow disk at the same time, which the disk does together.

    Measured: where one sync takes 3 milliseconds, six at once take 5, and one by one 25. Where one takes a
    twentieth of a millisecond, threads only cost.
    """

    def __init__(self) -> None:
        self._slow = False
        self._threads: ThreadPoolExecutor | None = None
        self._process = 0

    def _pool(self) -> ThreadPoolExecutor:
        if self._threads is None or self._process != os.getpid():  # a forked process has no threads
            self._threads, self._process = ThreadPoolExecutor(_THREADS), os.getpid()
        return self._threads

    def run(self, descriptors: Sequence[int]) -> None:
        """Sync all; raises the first ``OSError``."""
        rest = list(descriptors)
        while rest and not (self._slow and len(rest) > 1):
            start = time.perf_counter()
            os.fsync(rest.pop(0))
            self._slow = time.perf_counter() - start > _SLOW_SYNC
        if rest:
            start = time.perf_counter()
            running = [self._pool().submit(os.fsync, descriptor) for descriptor in rest]
            wait(running)  # all, before the first fault is raised: the caller closes the files then
            for done in running:
                done.result()
            self._slow = time.perf_counter() - start > _SLOW_SYNC

    def folders(self, names: Iterable[str]) -> None:
        """Sync folders, so that the names in them are on the disk. Raises ``OSError``."""
        descriptors: list[int] = []
        try:
            for name in names:
                descriptors.append(os.open(name, os.O_RDONLY | os.O_CLOEXEC))
            self.run(descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


def _open_beside(path: str) -> tuple[str, int]:
    """A new file, open for writing, in the folder of ``path``; its name and descriptor."""
    folder, _, name = path.rpartition("/")
    while True:
        # Not from a random source: a number is enough, since what exists is never opened.
        beside = f"{folder}/.{name}.{os.getpid()}-{next(_count)}.tmp"
        try:
            return beside, os.open(beside, _UNFINISHED, 0o600)
        except FileExistsError:  # left behind by a crash of an earlier process of the same number
            continue


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


class _Batch:
    """Files that are on the disk under names of their own, until they are moved to their places together."""

    def __init__(self, syncs: _Syncs) -> None:
        self.moves: list[tuple[str, str]] = []
        self._syncs = syncs

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write (path, bytes) and sync them. Folders must be there. Raises ``OSError``."""
        descriptors = []
        try:
            for path, data in files:
                beside, descriptor = _open_beside(path)
                descriptors.append(descriptor)
                self.moves.append((beside, path))
                # Published: a static web server of another user may read it, whatever the umask.
                os.fchmod(descriptor, 0o644)
                _write_all(descriptor, data)
                if hasattr(os, "posix_fadvise"):
                    # All are on their way to the disk before the first is waited for: fewer journal commits.
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            self._syncs.run(descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def move(self, count: int) -> None:
        """Give the next so many files their names, in the order in which they were written."""
        for _ in range(count):
            os.replace(*self.moves[0])
            del self.moves[0]

    def __enter__(self) -> _Batch:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not moved, so that a fault leaves nothing behind."""
        for beside, _path in self.moves:
            os.unlink(beside)


class DurableFolder:
    """A folder of published files, written by one writer.

    Keeps in mind which folders below it are known to be on the disk, so that a second call syncs only where
    it wrote. A folder that somebody removed and made again is noticed by its inode.
    """

    def __init__(self, base: Path) -> None:
        self.base = str(base.absolute())
        self._settled: dict[str, int] = {}
        self._syncs = _Syncs()

    def write(self, files: Iterable[tuple[str, bytes]], head: tuple[str, bytes] | None = None) -> None:
        """Write files (path below the folder, bytes) that never change once they exist; durable on return.

        One that exists with the same bytes is left alone, so that a publication cut short can be repeated;
        with other bytes it raises :class:`TileConflict`, and none of the call's files is written. ``head`` is
        a file in the folder itself that may be replaced: it gets its name after all others are durable.
        Raises ``OSError``.
        """
        missing, folders = self._missing(files)
        settled, self._settled = self._settled, {}  # after a fault nothing is known
        touched = {path.rpartition("/")[0] for path, _ in missing}
        for folder in folders:
            inode = _inode(folder)
            if inode is None:
                os.makedirs(folder)
                inode = os.stat(folder).st_ino
            if settled.get(folder) != inode:
                touched.update(self._upwards(folder))
                settled[folder] = inode
        whole = missing if head is None else [*missing, (f"{self.base}/{head[0]}", head[1])]
        with _Batch(self._syncs) as batch:
            for start in range(0, len(whole), _AT_ONCE):
                batch.write(whole[start : start + _AT_ONCE])
            batch.move(len(missing))
            self._syncs.folders(sorted(touched, reverse=True))
            if head is not None:
                batch.move(1)
                self._syncs.folders([self.base])
        self._settled = settled

    def _missing(self, files: Iterable[tuple[str, bytes]]) -> tuple[list[tuple[str, bytes]], set[str]]:
        """Files that are not there yet, with whole paths, and the folders of all files."""
        missing: list[tuple[str, bytes]] = []
        folders: set[str] = set()
        for relative, data in files:
            path = f"{self.base}/{relative}"
            folders.add(path.rpartition("/")[0])
            try:
                with open(path, "rb") as file:
                    same = file.read() == data
            except FileNotFoundError:
                missing.append((path, data))
                continue
            if not same:
                raise TileConflict(f"{relative} exists already with other bytes; it was not replaced")
        return missing, folders

    def _upwards(self, folder: str) -> Iterator[str]:
        """The folder and those above it, to the base: a crash may have left any of their entries unsynced."""
        while len(folder) >= len(self.base):
            yield folder
            folder = folder.rpartition("/")[0]


def _inode(folder: str) -> int | None:
    try:
        return os.stat(folder).st_ino
    except FileNotFoundError:
        return None


def write_atomic(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, replacing what was there, durably when this returns. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    syncs = _Syncs()
    with _Batch(syncs) as batch:
        batch.write([(str(path.absolute()), data)])
        batch.move(1)
    syncs.folders([str(path.absolute().parent)])


def write_immutable(base: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """:meth:`DurableFolder.write` for a caller who writes once."""
    DurableFolder(base).write(files)
