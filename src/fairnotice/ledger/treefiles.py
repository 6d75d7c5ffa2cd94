"""The published files of a log, made from its rows: tiles and entry bundles first, then `checkpoint`.

Callers hold `publishing.publish_lock`. Files of a tree that is larger than the published checkpoint harm
nobody: readers ask for what a checkpoint tells them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from fairnotice.ledger.errors import LogCorrupt
from fairnotice.ledger.models import CheckpointRow, Log, LogEntry
from fairnotice.ledger.rounds import Entered, Published
from fairnotice.translog import merkle
from fairnotice.translog.files import DurableFolder
from fairnotice.translog.frontier import Frontier
from fairnotice.translog.prover import Prover
from fairnotice.translog.publish import CHECKPOINT, publish_checkpoint
from fairnotice.translog.tiles import ENTRIES, TILE_WIDTH, Tile, TileReader, new_tiles, write_tiles

#: Entries per step when a lost tree is made again: one full tile of level 1.
_STEP = TILE_WIDTH * TILE_WIDTH
#: Logs of as many years are kept in mind.
_KEPT = 16


@lru_cache(maxsize=_KEPT)
def _durable(folder: Path) -> DurableFolder:
    return DurableFolder(folder)


@lru_cache(maxsize=_KEPT)
def _prover(folder: Path) -> Prover:
    return Prover(folder)


# What was published last by this process, so that its right edge need not be read back.
_frontiers: dict[Path, Frontier] = {}


def prover(log: Log) -> Prover:
    """Makes proofs from the published tiles of a log; one for all threads of this process."""
    return _prover(log.folder())


def consistency(log: Log, size: int) -> Callable[[int], Sequence[bytes]]:
    """Gives the consistency proof from a smaller tree to that of `size`, for witnesses."""
    return lambda old: prover(log).consistency(old, size)


class TreeFiles:
    """Writes the files of one log. Raises LogCorrupt where rows do not lead to what was signed, translog's
    TileConflict where a file holds other bytes, OSError where the disk refuses."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.folder = log.folder()

    def grow(
        self, seen: Published | None, last: CheckpointRow, fresh: Entered | None, head: str | None
    ) -> None:
        """Write what each signed checkpoint after `seen`, up to `last`, brings; then `head` as `checkpoint`.
        `fresh` holds the entries of the last of them, where they are known."""
        since = seen.size if seen else 0
        if fresh is not None and fresh.signed is not None and fresh.before == since:
            steps = [(since, last.size, bytes(last.root))] if fresh else []
        else:
            steps = self._steps(since, last.size)
        if not steps:
            if head is not None:
                self.put_checkpoint(head)
            return
        frontier = self._frontier(since, seen.root if seen else merkle.EMPTY_ROOT)
        for before, after, root in steps:
            if fresh is not None and (fresh.before, fresh.before + len(fresh)) == (before, after):
                frontier, files = frontier.grow(fresh.leaves, fresh.hashes)
            else:
                frontier, files = frontier.grow(self._leaves(before, after))
            # Checked before a byte is written: what is published must be what was signed.
            if frontier.root() != root:
                raise LogCorrupt(
                    f"the entries up to {after} do not lead to the root that was signed; where a published "
                    "file was changed, 'fairnotice check' names it"
                )
            with_head = head is not None and after == last.size
            _durable(self.folder).write(files, (CHECKPOINT, head.encode()) if head and with_head else None)
        _frontiers[self.folder] = frontier

    def put_checkpoint(self, note: str) -> None:
        """Replace `checkpoint` alone, by another signed note of the same tree or a larger one."""
        publish_checkpoint(self.folder, note)

    def complete(self, size: int) -> None:
        """Make missing files of the tree of `size` again from the rows: whole first, so that then every step
        that lacks a partial finds the right edge that it starts from."""
        steps = [(before, after) for before, after, _ in self._steps(0, size)]
        if not any(self._missing(before, after) for before, after in steps):
            return
        _frontiers.pop(self.folder, None)
        for start in range(0, size, _STEP):
            write_tiles(self.folder, start, self._leaves(start, min(start + _STEP, size)))
        for before, after in steps:
            if self._missing(before, after):
                write_tiles(self.folder, before, self._leaves(before, after))

    def prune(self, since: int, size: int) -> None:
        """Drop the partials of tiles that are full now, as tlog-tiles allows: with a batch of one they would
        take a hundred times the room of the tree. Readers, `/log/` among them, cut them from the full
        tile."""
        for level in range(ENTRIES, 64):
            shift = 8 * max(level, 0)
            full = (size >> shift) // TILE_WIDTH
            if full == 0 and level >= 0:
                return
            for index in range((since >> shift) // TILE_WIDTH, full):
                shutil.rmtree(self._file(Tile(level, index, 1)).parent, ignore_errors=True)

    def _frontier(self, size: int, root: bytes) -> Frontier:
        kept = _frontiers.pop(self.folder, None)  # after a fault it is read again
        if kept is not None and kept.size == size and kept.root() == root:
            return kept
        return Frontier.read(TileReader(self.folder, size))

    def _steps(self, start: int, end: int) -> list[tuple[int, int, bytes]]:
        """(size before, size, root) of each signed checkpoint after `start`, up to `end`."""
        signed = self.log.checkpoints.filter(size__gt=start, size__lte=end).order_by("size")
        rows = list(signed.values_list("size", "root"))
        before = [start, *(size for size, _ in rows)]
        return [(old, size, bytes(root)) for old, (size, root) in zip(before, rows, strict=False)]

    def _missing(self, before: int, size: int) -> bool:
        """Whether the step from one checkpoint to the next still lacks a file. Files appear whole or not at
        all, so it is enough that they are there; a partial has done its duty when its full tile is there."""
        return not all(
            self._file(tile).exists()
            or (tile.width < TILE_WIDTH and self._file(Tile(tile.level, tile.index)).exists())
            for tile in new_tiles(before, size)
        )

    def _leaves(self, start: int, end: int) -> list[bytes]:
        rows = LogEntry.objects.filter(log=self.log, index__gte=start, index__lt=end).order_by("index")
        leaves = [bytes(own or of_event) for own, of_event in rows.values_list("leaf", "event__leaf")]
        if len(leaves) != end - start:
            raise LogCorrupt(
                f"the database holds {len(leaves)} of the {end - start} entries from {start + 1} to {end}"
            )
        return leaves

    def _file(self, tile: Tile) -> Path:
        return self.folder / tile.path
