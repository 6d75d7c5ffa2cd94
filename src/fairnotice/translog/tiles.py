"""Tiles on disk: the published tree as a folder of files, written once and read for proofs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from fairnotice.translog import merkle
from fairnotice.translog.bundles import MAX_ENTRY_BYTES, decode_bundle, encode_bundle
from fairnotice.translog.encoding import require_int
from fairnotice.translog.errors import TileError, TreeError
from fairnotice.translog.files import write_immutable
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile, new_tiles, parse_tile_path, width_at

__all__ = [
    "ENTRIES",
    "MAX_ENTRY_BYTES",
    "TILE_WIDTH",
    "Tile",
    "TileReader",
    "decode_bundle",
    "encode_bundle",
    "new_tiles",
    "parse_tile_path",
    "width_at",
    "write_tiles",
]

_CACHED_TILES = 64  # 8 KiB each


class TileReader:
    """The tree of the first ``size`` entries, read from the folder that holds ``tile/``.

    Callable as a :data:`~fairnotice.translog.merkle.Reader`; a proof reads O(log size) files. Raises
    :class:`TileError` where a file is missing or has the wrong length, ``OSError`` where it cannot be read.
    """

    def __init__(self, directory: Path, size: int) -> None:
        self.directory = directory
        self.size = require_int(size, "the tree size", TreeError)
        self._hashes = lru_cache(maxsize=_CACHED_TILES)(self._read_hashes)
        self._bundle = lru_cache(maxsize=_CACHED_TILES)(self._read_bundle)

    def _read(self, level: int, index: int) -> tuple[bytes, Tile, int]:
        """Bytes of a tile, the tile they are of, and how wide it is at this size.

        Where the partial tile is gone, the full one serves: a log may delete partials that have been filled.
        """
        width = width_at(level, index, self.size)
        if not width:
            raise TileError(f"the tree of {self.size} has no tile {index} at level {level}")
        tile = Tile(level, index, width)
        try:
            return (self.directory / tile.path).read_bytes(), tile, width
        except FileNotFoundError:
            full = Tile(level, index)
        try:
            return (self.directory / full.path).read_bytes(), full, width
        except FileNotFoundError:
            raise TileError(f"{tile.path} is missing") from None

    def _read_hashes(self, level: int, index: int) -> tuple[bytes, ...]:
        data, tile, width = self._read(level, index)
        if len(data) != tile.width * merkle.HASH_SIZE:
            raise TileError(f"{tile.path} has {len(data)} bytes instead of {tile.width * merkle.HASH_SIZE}")
        return tuple(data[at * merkle.HASH_SIZE : (at + 1) * merkle.HASH_SIZE] for at in range(width))

    def _read_bundle(self, index: int) -> tuple[bytes, ...]:
        data, tile, width = self._read(ENTRIES, index)
        try:
            return tuple(decode_bundle(data, tile.width)[:width])
        except TileError as fault:
            raise TileError(f"{tile.path}: {fault}") from None

    def hashes(self, level: int, index: int) -> tuple[bytes, ...]:
        """The hashes of one tile, as wide as it is at this size."""
        return self._hashes(level, index)

    def __call__(self, height: int, index: int) -> bytes:
        """Hash of the complete subtree of ``2**height`` leaves that starts at leaf ``index * 2**height``."""
        if height < 0 or index < 0 or (index + 1) << height > self.size:
            raise TreeError(f"the tree of {self.size} has no node {index} at height {height}")
        level, inside = divmod(height, 8)
        number, at = divmod(index << inside, TILE_WIDTH)
        return merkle.root(self._hashes(level, number)[at : at + (1 << inside)])

    def root(self) -> bytes:
        """Root of the tree."""
        return merkle.tree_root(self.size, self)

    def inclusion(self, index: int) -> list[bytes]:
        """Audit path of entry ``index`` in this tree."""
        return merkle.inclusion_proof(index, self.size, self)

    def consistency(self, old_size: int) -> list[bytes]:
        """Proof that this tree begins with the tree of ``old_size``."""
        return merkle.consistency_proof(old_size, self.size, self)

    def bundle(self, index: int) -> tuple[bytes, ...]:
        """The entries of one bundle, as many as there are at this size."""
        return self._bundle(index)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entries ``start`` up to but not including ``end``."""
        if not 0 <= start <= end <= self.size:
            raise TreeError(f"the tree of {self.size} has no entries {start} to {end}")
        for position in range(start, end):
            yield self._bundle(position // TILE_WIDTH)[position % TILE_WIDTH]


def write_tiles(directory: Path, old_size: int, entries: Sequence[bytes]) -> int:
    """Publish the tiles and bundles of ``entries`` behind the tree of ``old_size``; returns the new size.

    Reads only the right edge of the old tree, which must lie in ``directory``. Repeating a call that was cut
    short is harmless. To be called once per checkpoint, so that each published size has its partial tiles,
    under the log's write lock and before the checkpoint is published.

    Raises :class:`TileConflict` (and writes nothing) where a file exists with other bytes,
    :class:`TileError` for an entry over 65,535 bytes or a damaged right edge, ``OSError`` where the disk
    refuses.
    """
    old = TileReader(directory, old_size)
    new_size = old_size + len(entries)
    contents: dict[int, list[bytes]] = {}  # level -> what that level holds from its first unfinished tile on
    starts: dict[int, int] = {}
    fresh = list(entries)
    for level in range(ENTRIES, 64):
        count = old_size >> (8 * max(level, 0))
        starts[level], kept = divmod(count, TILE_WIDTH)
        held: Sequence[bytes] = ()
        if fresh and kept:
            held = old.bundle(starts[level]) if level == ENTRIES else old.hashes(level, starts[level])
        contents[level] = [*held, *fresh]
        if level == ENTRIES:
            fresh = [merkle.leaf_hash(entry) for entry in entries]
        else:
            full = len(contents[level]) // TILE_WIDTH * TILE_WIDTH
            fresh = [merkle.root(contents[level][at : at + TILE_WIDTH]) for at in range(0, full, TILE_WIDTH)]
            if not fresh:
                break
    files = []
    for tile in new_tiles(old_size, new_size):
        at = (tile.index - starts[tile.level]) * TILE_WIDTH
        part = contents[tile.level][at : at + tile.width]
        files.append((tile.path, encode_bundle(part) if tile.level == ENTRIES else b"".join(part)))
    write_immutable(directory, files)
    return new_size
