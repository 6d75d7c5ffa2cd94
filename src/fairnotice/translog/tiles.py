"""Tiles on disk (C2SP tlog-tiles): the published tree as files that are written once and read for proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from fairnotice.translog import merkle
from fairnotice.translog.bundles import MAX_ENTRY_BYTES, decode_bundle, encode_bundle
from fairnotice.translog.encoding import require_int
from fairnotice.translog.errors import TileError, TreeError
from fairnotice.translog.files import write_immutable
from fairnotice.translog.frontier import Frontier
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile, new_tiles, parse_tile_path, width_at

__all__ = [
    "ENTRIES",
    "MAX_ENTRY_BYTES",
    "TILE_WIDTH",
    "Tile",
    "TileRead",
    "TileReader",
    "decode_bundle",
    "encode_bundle",
    "folder_tiles",
    "new_tiles",
    "parse_tile_path",
    "read_tile",
    "width_at",
    "write_tiles",
]

_CACHED_TILES = 64  # 8 KiB each


#: Gives the bytes of exactly this tile or bundle, or None where it is not there. Raises ``OSError``.
TileRead = Callable[[Tile], bytes | None]


def folder_tiles(directory: Path) -> TileRead:
    """Reads tiles from the folder that holds ``tile/``."""
    base = str(directory)

    def read(tile: Tile) -> bytes | None:
        try:
            with open(f"{base}/{tile.path}", "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    return read


def read_tile(read: TileRead, level: int, index: int, size: int) -> tuple[bytes, Tile]:
    """Bytes of a tile as it is in the tree of ``size``, and the tile that they are of.

    Where the partial tile is gone, the full one serves: a log may delete partials that have been filled.
    Raises :class:`TileError` where neither is there.
    """
    width = width_at(level, index, size)
    if not width:
        raise TileError(f"the tree of {size} has no tile {index} at level {level}")
    tile = Tile(level, index, width)
    data = read(tile)
    if data is None:
        full = Tile(level, index)
        data = read(full)
        if data is None:
            raise TileError(f"{tile.path} is missing")
        return data, full
    return data, tile


class TileReader:
    """The tree of the first ``size`` entries, read from the folder that holds ``tile/`` or by a function.

    Callable as a :data:`~fairnotice.translog.merkle.Reader`; a proof reads O(log size) files. Who makes many
    proofs uses :class:`~fairnotice.translog.prover.Prover`. Raises :class:`TileError` where a file is missing
    or has the wrong length, ``OSError`` where it cannot be read.
    """

    def __init__(self, source: Path | TileRead, size: int) -> None:
        self.size = require_int(size, "the tree size", TreeError)
        self._source = folder_tiles(source) if isinstance(source, Path) else source
        self._hashes = lru_cache(maxsize=_CACHED_TILES)(self._read_hashes)
        self._bundle = lru_cache(maxsize=_CACHED_TILES)(self._read_bundle)

    def _read(self, level: int, index: int) -> tuple[bytes, Tile, int]:
        """Bytes of a tile, the tile they are of, and how wide it is at this size."""
        data, tile = read_tile(self._source, level, index, self.size)
        return data, tile, width_at(level, index, self.size)

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
    under the log's write lock and before the checkpoint is published. Who publishes often keeps a
    :class:`~fairnotice.translog.frontier.Frontier` and a :class:`~fairnotice.translog.files.DurableFolder`.

    Raises :class:`TileConflict` (and writes nothing) where a file exists with other bytes,
    :class:`TileError` for an entry over 65,535 bytes or a damaged right edge, ``OSError`` where the disk
    refuses.
    """
    new_size = old_size + len(entries)
    if entries:
        frontier = Frontier.read(TileReader(directory, old_size), new_size)
        write_immutable(directory, frontier.grow(entries)[1])
    return new_size
