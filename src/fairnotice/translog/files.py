"""Writing so that a crash or a power cut leaves the old bytes or the new ones, never a mixture.

Every file is written beside its place, synced, renamed, and its folder synced. Names that begin with a dot
are such unfinished files; readers pass over them. Callers hold the log's write lock: there is one writer.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fairnotice.translog.errors import TileConflict


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_beside(path: Path, data: bytes) -> str:
    """Write and sync ``data`` under a name of its own in the folder of ``path``; returns that name."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)  # published: a static web server of another user may read it
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(name)
        raise
    return name


def _move(name: str, path: Path) -> None:
    try:
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write_atomic(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, replacing what was there, durably when this returns. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _move(_write_beside(path, data), path)
    _sync_folder(path.parent)


def write_immutable(base: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files (path below ``base``, bytes) that never change once they exist, durably when this returns.

    One that exists with the same bytes is left alone, so that a publication cut short can be repeated; with
    other bytes it raises :class:`TileConflict`, and none of the call's files is written. Raises ``OSError``.
    """
    missing: list[tuple[Path, bytes]] = []
    folders: set[Path] = set()
    for relative, data in files:
        path = base / relative
        # Upwards to the base, because a crash may have left a new folder's own entry unsynced.
        folders.update(parent for parent in path.parents if parent == base or base in parent.parents)
        try:
            same = path.read_bytes() == data
        except FileNotFoundError:
            missing.append((path, data))
            continue
        if not same:
            raise TileConflict(f"{relative} exists already with other bytes; it was not replaced")
    for path, data in missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        _move(_write_beside(path, data), path)
    for folder in sorted(folders, key=lambda item: len(item.parts), reverse=True):
        if folder.is_dir():
            _sync_folder(folder)
