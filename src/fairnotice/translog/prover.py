"""Proofs from tiles alone, with the inner nodes of the tiles that were used last kept in memory.

A tile holds 256 hashes; the 255 nodes above them are hashed once, when the tile is first used, and serve all
trees that are large enough to have them: a node over full subtrees never changes. One proof touches one tile
per 8 levels of the tree, so its cost grows with the logarithm of the tree's size.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path

from fairnotice.translog import merkle
from fairnotice.translog.encoding import require_int
from fairnotice.translog.errors import TileError, TreeError
from fairnotice.translog.tilepaths import TILE_WIDTH, width_at
from fairnotice.translog.tiles import TileRead, folder_tiles, read_tile

_CACHED_TILES = 1024  # at most 16 KiB each
_CACHED_SIZES = 16
_HEIGHTS = 8  # the tree of a full tile has a ninth, which is the first of the level above

Rows = tuple[bytes, ...]  # at each height of a tile, its complete nodes one after the other


def _rows(hashes: bytes, known: Rows) -> Rows:
    """All complete nodes above a tile's hashes; ``known`` are those of the same tile when it was narrower."""
    rows = [hashes]
    for height in range(1, _HEIGHTS):
        below = rows[-1]
        done = known[height] if known else b""
        fresh = [
            sha256(b"\x01" + below[at : at + 64]).digest() for at in range(2 * len(done), len(below) - 63, 64)
        ]
        rows.append(done + b"".join(fresh))
    return tuple(rows)


class Prover:
    """Makes proofs for trees of any size of one log, from the folder that holds ``tile/`` or from a function.

    One object serves all threads, and goes on serving while the log grows. Keeps at most ``cached_tiles``
    tiles (16 KiB each). Sizes are those of signed checkpoints: a larger one has no tiles yet. Raises
    :class:`TileError` where a file is missing or has the wrong length, :class:`TreeError` for a size or an
    index that does not exist, ``OSError`` where a file cannot be read.
    """

    def __init__(self, source: Path | TileRead, *, cached_tiles: int = _CACHED_TILES) -> None:
        self._read = folder_tiles(source) if isinstance(source, Path) else source
        self._most = cached_tiles
        self._tiles: OrderedDict[tuple[int, int], Rows] = OrderedDict()
        self._suffixes: OrderedDict[int, dict[int, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Audit path of entry ``index`` in the tree of ``size``, leaf's sibling first (RFC 6962 section
        2.1.1)."""
        require_int(size, "the tree size", TreeError)
        if require_int(index, "the index", TreeError) >= size:
            raise TreeError(f"there is no entry {index + 1} in a tree of {size}")
        return self._siblings(index, 0, size)

    def consistency(self, old_size: int, new_size: int) -> list[bytes]:
        """Proof that the tree of ``new_size`` begins with that of ``old_size`` (RFC 6962 section 2.1.2)."""
        require_int(old_size, "the old size", TreeError)
        require_int(new_size, "the new size", TreeError)
        if old_size > new_size:
            raise TreeError(f"a tree of {new_size} cannot contain one of {old_size}")
        if old_size in (0, new_size):
            return []
        height = (old_size & -old_size).bit_length() - 1
        first = []
        if old_size != 1 << height:  # else it is the whole old tree, whose root the verifier knows
            first.append(self._node(height, (old_size >> height) - 1, new_size))
        return first + self._siblings(old_size - 1, height, new_size)

    def root(self, size: int) -> bytes:
        """Root of the tree of ``size``."""
        require_int(size, "the tree size", TreeError)
        return self._suffix(0, size) if size else merkle.EMPTY_ROOT

    def forget(self) -> None:
        """Read everything anew from now on: for a folder that was put back from a copy. Done by itself where
        a tile turns out to have changed, since then nothing in memory can be relied on."""
        with self._lock:
            self._tiles.clear()
            self._suffixes.clear()

    def _siblings(self, index: int, lowest: int, size: int) -> list[bytes]:
        """What stands beside the way from leaf ``index`` to the root, from height ``lowest`` upwards."""
        path = []
        top = (size - 1).bit_length()
        for level in range(lowest // _HEIGHTS, -(-top // _HEIGHTS)):
            base = level * _HEIGHTS
            rows: Rows = ()
            for height in range(max(base, lowest), min(base + _HEIGHTS, top)):
                beside = (index >> height) ^ 1
                if (beside + 1) << height <= size:
                    rows = rows or self._tile(level, index >> (base + _HEIGHTS), size)
                    inside = height - base
                    at = (beside & ((TILE_WIDTH >> inside) - 1)) * merkle.HASH_SIZE
                    path.append(rows[inside][at : at + merkle.HASH_SIZE])
                elif beside << height < size:
                    path.append(self._suffix(beside << height, size))
        return path

    def _node(self, height: int, index: int, size: int) -> bytes:
        """Hash of the complete subtree of ``2**height`` leaves that starts at leaf ``index * 2**height``."""
        level, inside = divmod(height, _HEIGHTS)
        number, at = divmod(index, TILE_WIDTH >> inside)
        row = self._tile(level, number, size)[inside]
        return row[at * merkle.HASH_SIZE : (at + 1) * merkle.HASH_SIZE]

    def _suffix(self, start: int, size: int) -> bytes:
        """Root over the leaves from ``start`` to the end of the tree of ``size``, where a subtree begins."""
        with self._lock:
            suffixes = self._suffixes.get(size)
            if suffixes is not None:
                self._suffixes.move_to_end(size)
                return suffixes[start]
        suffixes = {}
        result = b""
        for height in range(size.bit_length()):
            if size >> height & 1:
                first = (size >> (height + 1)) << 1  # number of the subtree at this height
                node = self._node(height, first, size)
                result = merkle.node_hash(node, result) if result else node
                suffixes[first << height] = result
        with self._lock:
            self._suffixes[size] = suffixes
            while len(self._suffixes) > _CACHED_SIZES:
                self._suffixes.popitem(last=False)
        return suffixes[start]

    def _tile(self, level: int, number: int, size: int) -> Rows:
        """All nodes of a tile, at least as wide as it is in the tree of ``size``."""
        key = level, number
        width = width_at(level, number, size)
        with self._lock:
            known = self._tiles.get(key, ())
            if known and len(known[0]) >= width * merkle.HASH_SIZE:
                self._tiles.move_to_end(key)
                return known
        # Read and hashed outside the lock: at worst two threads do the same.
        data, tile = read_tile(self._read, level, number, size)
        if len(data) != tile.width * merkle.HASH_SIZE:
            raise TileError(f"{tile.path} has {len(data)} bytes instead of {tile.width * merkle.HASH_SIZE}")
        if known and not data.startswith(known[0]):
            self.forget()
            raise TileError(f"{tile.path} does not begin with what it held when it was narrower")
        rows = _rows(data, known)
        with self._lock:
            if len(self._tiles.get(key, rows)[0]) <= len(data):
                self._tiles[key] = rows
            self._tiles.move_to_end(key)
            while len(self._tiles) > self._most:
                self._tiles.popitem(last=False)
        return rows
