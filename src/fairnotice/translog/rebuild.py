"""A whole new tree from the entry bundles alone: what is left of a log when its tiles are lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

from fairnotice.translog.bundles import decode_bundle
from fairnotice.translog.checkpoint import Checkpoint
from fairnotice.translog.errors import TileError
from fairnotice.translog.files import write_atomic
from fairnotice.translog.frontier import Frontier
from fairnotice.translog.publish import CHECKPOINT
from fairnotice.translog.readahead import ReadAhead
from fairnotice.translog.sources import FolderSource, TileSource, read_at
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile, parse_tile_path, width_at


def _bundles(size: int) -> Iterator[Tile]:
    for index in range(-(-size // TILE_WIDTH)):
        yield Tile(ENTRIES, index, width_at(ENTRIES, index, size))


def _write_new(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)


def rebuild(
    source: TileSource,
    checkpoint: Checkpoint,
    note: bytes,
    destination: Path,
    *,
    advance: Callable[[int], None] = lambda _: None,
) -> int:
    """Write every file of the tree that ``checkpoint`` signs into a new folder; returns how many.

    ``note`` is the signed checkpoint, verified by the caller. It is written last, when all else is on the
    disk and the entries have led to its root: a folder with a checkpoint is whole. Raises
    ``FileExistsError`` for a folder that holds something, :class:`TileError` where an entry is missing or
    wrong, ``OSError`` where the source cannot be read or the disk refuses.
    """
    destination.mkdir(parents=True, exist_ok=True)
    if any(destination.iterdir()):
        raise FileExistsError(None, "is not empty: a tree is rebuilt into a new folder", str(destination))
    frontier, files, size = Frontier(), 0, checkpoint.size
    ahead = nullcontext(source) if isinstance(source, FolderSource) else ReadAhead(source, _bundles(size))
    with ahead as reading:
        for wanted in _bundles(size):
            data, tile = read_at(reading, ENTRIES, wanted.index, size)
            try:
                entries = decode_bundle(data, tile.width)[: wanted.width]
            except TileError as fault:
                raise TileError(f"{tile.path}: {fault}") from None
            frontier, made = frontier.grow(entries)
            for path, content in made:
                part = parse_tile_path(path)
                # Growing step by step passes through sizes that nobody signed; their partials stay away.
                if part.width == width_at(part.level, part.index, size):
                    _write_new(destination / path, content)
                    files += 1
            advance(len(entries))
    if frontier.root() != checkpoint.root:
        raise TileError(f"the {size} entries do not lead to the root in the signed checkpoint")
    os.sync()
    write_atomic(destination / CHECKPOINT, note)
    return files
