"""Writing so that a crash or a power cut leaves the old bytes or the new ones, never a mixture.

Every file is written beside its place, synced, renamed, and its folder synced. Names that begin with a dot
are such unfinished files; readers pass over them. Callers hold the log's write lock: there is one writer.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from fairnotice.translog.errors import TileConflict

_AT_ONCE = 64  # files open at the same time
_UNFINISHED = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_count = itertools.count()


def _sync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
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

    def __init__(self) -> None:
        self.moves: list[tuple[str, str]] = []

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
            for descriptor in descriptors:
                os.fsync(descriptor)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def move(self) -> None:
        """Give each file its name, in the order in which they were written."""
        while self.moves:
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
        for folder in touched:
            os.makedirs(folder, exist_ok=True)
        inodes = {folder: os.stat(folder).st_ino for folder in folders}
        touched |= {folder for folder, inode in inodes.items() if settled.get(folder) != inode}
        with _Batch() as last:
            with _Batch() as batch:
                for start in range(0, len(missing), _AT_ONCE):
                    batch.write(missing[start : start + _AT_ONCE])
                if head is not None:
                    last.write([(f"{self.base}/{head[0]}", head[1])])
                batch.move()
            for folder in sorted(touched, key=lambda name: name.count("/"), reverse=True):
                _sync_folder(folder)
            if head is not None:
                last.move()
                _sync_folder(self.base)
        self._settled = settled | inodes

    def _missing(self, files: Iterable[tuple[str, bytes]]) -> tuple[list[tuple[str, bytes]], Sequence[str]]:
        """Files that are not there yet, with whole paths; and all folders of all files up to the base."""
        missing: list[tuple[str, bytes]] = []
        folders: dict[str, None] = {}
        for relative, data in files:
            path = f"{self.base}/{relative}"
            # Upwards to the base, because a crash may have left a new folder's own entry unsynced.
            folder = path.rpartition("/")[0]
            while folder not in folders and len(folder) >= len(self.base):
                folders[folder] = None
                folder = folder.rpartition("/")[0]
            try:
                with open(path, "rb") as file:
                    same = file.read() == data
            except FileNotFoundError:
                missing.append((path, data))
                continue
            if not same:
                raise TileConflict(f"{relative} exists already with other bytes; it was not replaced")
        return missing, list(folders)


def write_atomic(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, replacing what was there, durably when this returns. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _Batch() as batch:
        batch.write([(str(path.absolute()), data)])
        batch.move()
    _sync_folder(str(path.absolute().parent))


def write_immutable(base: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """:meth:`DurableFolder.write` for a caller who writes once."""
    DurableFolder(base).write(files)
