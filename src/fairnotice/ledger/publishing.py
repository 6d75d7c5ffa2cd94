"""From the committed checkpoint to files: tiles and entry bundles first, then `checkpoint` (public-proof.md).

The published tree is a copy: everything in it can be made again from the database, byte for byte.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fairnotice.ledger import keys, logs
from fairnotice.ledger.models import CheckpointRow, Log, LogEntry
from fairnotice.translog.checkpoint import open_checkpoint
from fairnotice.translog.errors import CheckpointError, NoteError
from fairnotice.translog.publish import publish_checkpoint, read_checkpoint
from fairnotice.translog.tiles import ENTRIES, TILE_WIDTH, Tile, new_tiles, write_tiles

#: Entries per step when a lost tree is made again: one full tile of level 1.
_STEP = TILE_WIDTH * TILE_WIDTH


class LogAhead(RuntimeError):
    """The published checkpoint has seen a tree that this database does not hold: signing on would fork the
    log."""


class LogCorrupt(RuntimeError):
    """The log's tables contradict each other. Nothing is signed; a person must look."""


@dataclass(frozen=True, slots=True)
class Published:
    """The checkpoint that the world can see: number of entries, 32-byte root, the signed note."""

    size: int
    root: bytes
    note: str


def log_dir(log: Log | None = None) -> Path:
    """The folder of a log's published tree (without a log: of the one that is written to), made on first
    use."""
    return (log or logs.current()).folder()


@contextmanager
def publish_lock() -> Iterator[None]:
    """One sequencer at a time, for all logs, over all processes and threads: others wait. Freed by the system
    on a crash."""
    root = Path(settings.FN_LOG_DIR)
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def published(log: Log | None = None) -> Published | None:
    """The published checkpoint of a log (without one: of the log that is written to), or None before the
    first. Raises LogAhead where it is not signed by our key.
    """
    log = log or logs.current()
    data = read_checkpoint(log.folder())
    if data is None:
        return None
    try:
        seen = open_checkpoint(data, keys.verifiers(log))
    except (NoteError, CheckpointError) as error:
        raise LogAhead(
            "the published checkpoint is not signed by this log's key: it is another log's folder, the "
            "origin in the settings was changed, the file was damaged, or the signing key was lost"
        ) from error
    return Published(seen.size, seen.root, data.decode())


def guard_years() -> None:
    """Raise LogAhead where a log was published that the database does not know: it is then an older copy."""
    known = set(Log.objects.values_list("place", flat=True))
    for path in sorted(Path(settings.FN_LOG_DIR).glob("[1-9][0-9][0-9][0-9]/checkpoint")):
        if path.parent.name not in known:
            raise LogAhead(
                f"a log of {path.parent.name} is published, and the database knows none: the database was "
                "rolled back. Restore a newer copy of it; nothing is signed until then"
            )


def guard(log: Log) -> Published | None:
    """Compare what is published of a log with the database's last checkpoint; returns what is published.

    Raises LogAhead where the published tree is larger than ours, or has another root at a size that we
    signed: the database is then an older copy, and its next checkpoint would contradict one already given
    out.
    """
    guard_years()
    seen = published(log)
    if seen is None:
        return None
    last = last_signed(log)
    ours = last.size if last else -1
    if seen.size > ours:
        raise LogAhead(
            f"the published checkpoint has {seen.size} entries, the database {max(ours, 0)}: the database "
            "was rolled back. Restore a newer copy of it; nothing is signed until then"
        )
    same = log.checkpoints.filter(size=seen.size).first()
    if same is None or bytes(same.root) != seen.root:
        raise LogAhead(
            f"the published checkpoint of {seen.size} entries has another root than the database's"
        )
    return seen


def last_signed(log: Log) -> CheckpointRow | None:
    """The last checkpoint of a log that was committed to the database."""
    return log.checkpoints.order_by("-size").first()


def publish(*, complete: bool = True) -> int:
    """Bring the published files of every log up to its last committed checkpoint; returns the size of the one
    that is written to (0 before the first).

    Idempotent; call it at every start. With `complete` missing files of any age are made again, otherwise
    only what came after the published checkpoint is written. Nothing is signed here. Raises LogAhead,
    translog's TileConflict where a file holds other bytes than the database, OSError where the disk refuses.
    """
    size = 0
    with publish_lock():
        guard_years()
        for log in logs.everyone():
            size = publish_locked(log, complete=complete)
    return size


def publish_locked(log: Log, *, complete: bool) -> int:
    """`publish` of one log, for a caller that holds `publish_lock` already."""
    seen = guard(log)
    last = last_signed(log)
    if last is None:
        return 0
    since = seen.size if seen else 0
    if complete and any(_missing(log, before, size) for before, size in _steps(log, 0, since)):
        _rebuild(log, since)
    # Written even where all files are there: what a crash left behind may not be synced yet.
    for before, size in _steps(log, since, last.size):
        write_tiles(log.folder(), before, _leaves(log, before, size))
    if seen is None or seen.note != last.note:
        publish_checkpoint(log.folder(), last.note)
    _prune(log, 0 if complete else since, last.size)
    return last.size


def _steps(log: Log, start: int, end: int) -> list[tuple[int, int]]:
    """(size before, size) of each signed checkpoint after `start`, up to `end`."""
    signed = log.checkpoints.filter(size__gt=start, size__lte=end).order_by("size")
    sizes = list(signed.values_list("size", flat=True))
    return list(zip([start, *sizes], sizes, strict=False))


def _missing(log: Log, before: int, size: int) -> bool:
    """Whether the step from one checkpoint to the next still lacks a file. Files appear whole or not at all,
    so it is enough that they are there; a partial has done its duty when its full tile is there."""
    return not all(
        _file(log, tile).exists()
        or (tile.width < TILE_WIDTH and _file(log, Tile(tile.level, tile.index)).exists())
        for tile in new_tiles(before, size)
    )


def _rebuild(log: Log, size: int) -> None:
    """Make the tree of `size` again from the database: whole first, so that then every step that lacks a
    partial finds the right edge that it starts from."""
    for start in range(0, size, _STEP):
        write_tiles(log.folder(), start, _leaves(log, start, min(start + _STEP, size)))
    for before, after in _steps(log, 0, size):
        if _missing(log, before, after):
            write_tiles(log.folder(), before, _leaves(log, before, after))


def _leaves(log: Log, start: int, end: int) -> list[bytes]:
    rows = (
        LogEntry.objects.filter(log=log, index__gte=start, index__lt=end)
        .order_by("index")
        .values_list("leaf", flat=True)
    )
    leaves = [bytes(leaf) for leaf in rows]
    if len(leaves) != end - start:
        raise LogCorrupt(
            f"the database holds {len(leaves)} of the {end - start} entries from {start + 1} to {end}"
        )
    return leaves


def _prune(log: Log, since: int, size: int) -> None:
    """Drop the partials of tiles that are full now, as tlog-tiles allows: with a batch of one they would take
    a hundred times the room of the tree. Readers, `/log/` among them, cut them from the full tile."""
    for level in range(ENTRIES, 64):
        shift = 8 * max(level, 0)
        full = (size >> shift) // TILE_WIDTH
        if full == 0 and level >= 0:
            return
        for index in range((since >> shift) // TILE_WIDTH, full):
            shutil.rmtree(_file(log, Tile(level, index, 1)).parent, ignore_errors=True)


def _file(log: Log, tile: Tile) -> Path:
    return log.folder() / tile.path
