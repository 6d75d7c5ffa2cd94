"""A tree read from a source that nobody needs to trust: whatever it gives leads to the signed root.

The tiles on the tree's right edge together make its root (tlog-tiles: only full tiles feed the level above);
every other tile is full, and its own root stands in the tile above it. So each tile is checked when it is
read, against one signed checkpoint, and a wrong one is named. A proof reads O(log size) tiles; memory holds a
few tiles for each level, whatever the size.
"""

from __future__ import annotations

from collections import OrderedDict

from fairnotice.translog import merkle
from fairnotice.translog.bundles import decode_bundle
from fairnotice.translog.checkpoint import Checkpoint
from fairnotice.translog.errors import TileError, TreeError
from fairnotice.translog.sources import TileSource, read_at
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile, width_at

_CACHED_TILES = 32  # the way down to one leaf is eight tiles at most; more for those beside it


class WrongTile(TileError):
    """A tile or bundle does not lead to the signed root. ``files``: path and bytes of what was read."""

    def __init__(self, text: str, files: dict[str, bytes]) -> None:
        super().__init__(text)
        self.files = files


class EdgeMismatch(WrongTile):
    """The tiles of the right edge do not make the signed root: one of them is wrong, or the tree is
    another.
    """


def split_hashes(data: bytes, tile: Tile) -> list[bytes]:
    """The hashes of a tile. Raises :class:`WrongTile` where there are more or fewer than its width."""
    if len(data) != tile.width * merkle.HASH_SIZE:
        expected = tile.width * merkle.HASH_SIZE
        raise WrongTile(f"{tile.path} has {len(data)} bytes instead of {expected}", {tile.path: data})
    return [data[at : at + merkle.HASH_SIZE] for at in range(0, len(data), merkle.HASH_SIZE)]


def fold(levels: list[list[bytes]]) -> bytes:
    """Root of the tree whose right edge has these hashes, level 0 first; each level's partial tile may be
    empty.
    """
    carried: list[bytes] = []
    for hashes in levels:
        together = [*hashes, *carried]
        carried = [merkle.root(together)] if together else []
    return carried[0] if carried else merkle.EMPTY_ROOT


class VerifiedTiles:
    """The tree that ``checkpoint`` signs, read from ``source``.

    The caller has verified the checkpoint's signature. Callable as a :data:`merkle.Reader`. All methods
    raise :class:`WrongTile`, :class:`~fairnotice.translog.sources.TileMissing`, or what the source raises.
    """

    def __init__(self, source: TileSource, checkpoint: Checkpoint) -> None:
        self.source = source
        self._checkpoint = checkpoint
        self.size = checkpoint.size
        self.root = checkpoint.root
        self._edge: list[list[bytes]] | None = None
        self._cache: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def read_from(self, source: TileSource) -> VerifiedTiles:
        """The same tree, further read from another source."""
        other = VerifiedTiles(source, self._checkpoint)
        other._edge = self._edge
        return other

    def _read(self, level: int, index: int) -> tuple[list[bytes], dict[str, bytes]]:
        data, tile = read_at(self.source, level, index, self.size)
        return split_hashes(data, tile), {tile.path: data}

    def edge(self) -> list[list[bytes]]:
        """Hashes of the partial tile of each level, level 0 first. Raises :class:`EdgeMismatch`."""
        if self._edge is None:
            levels: list[list[bytes]] = []
            files: dict[str, bytes] = {}
            level = 0
            while self.size >> (8 * level):
                count = self.size >> (8 * level)
                hashes: list[bytes] = []
                if count % TILE_WIDTH:
                    hashes, read = self._read(level, count // TILE_WIDTH)
                    files |= read
                levels.append(hashes[: count % TILE_WIDTH])
                level += 1
            if fold(levels) != self.root:
                raise EdgeMismatch(
                    f"the tiles of the tree of {self.size} do not lead to the root that was signed", files
                )
            self._edge = levels
        return self._edge

    def hashes(self, level: int, index: int) -> list[bytes]:
        """The hashes of one tile, as wide as it is at this size."""
        width = width_at(level, index, self.size)
        if not width:
            raise TreeError(f"the tree of {self.size} has no tile {index} at level {level}")
        edge = self.edge()
        if width < TILE_WIDTH:
            return edge[level]
        if (level, index) in self._cache:
            self._cache.move_to_end((level, index))
            return self._cache[level, index]
        above, at = divmod(index, TILE_WIDTH)
        expected = self.hashes(level + 1, above)[at]
        hashes, files = self._read(level, index)
        if merkle.root(hashes) != expected:
            raise WrongTile(f"{Tile(level, index).path} does not lead to the root that was signed", files)
        self._cache[level, index] = hashes
        if len(self._cache) > _CACHED_TILES:
            self._cache.popitem(last=False)
        return hashes

    def __call__(self, height: int, index: int) -> bytes:
        """Hash of the complete subtree of ``2**height`` leaves that starts at leaf ``index * 2**height``."""
        if height < 0 or index < 0 or (index + 1) << height > self.size:
            raise TreeError(f"the tree of {self.size} has no node {index} at height {height}")
        level, inside = divmod(height, 8)
        number, at = divmod(index << inside, TILE_WIDTH)
        return merkle.root(self.hashes(level, number)[at : at + (1 << inside)])

    def entries(self, index: int) -> list[bytes]:
        """The entries of one bundle, each of which hashes to its leaf in the tree."""
        data, tile = read_at(self.source, ENTRIES, index, self.size)
        hashes = self.hashes(0, index)
        return check_bundle(data, tile, hashes)

    def inclusion(self, index: int) -> list[bytes]:
        """Audit path of entry ``index``."""
        return merkle.inclusion_proof(index, self.size, self)

    def consistency(self, old_size: int) -> list[bytes]:
        """Proof that this tree begins with the tree of ``old_size``."""
        return merkle.consistency_proof(old_size, self.size, self)


def check_bundle(data: bytes, tile: Tile, hashes: list[bytes]) -> list[bytes]:
    """The first ``len(hashes)`` entries of a bundle read as ``tile``; they must have these hashes."""
    try:
        entries = decode_bundle(data, tile.width)[: len(hashes)]
    except TileError as fault:
        raise WrongTile(f"{tile.path}: {fault}", {tile.path: data}) from None
    for at, (entry, expected) in enumerate(zip(entries, hashes, strict=True)):
        if merkle.leaf_hash(entry) != expected:
            number = tile.index * TILE_WIDTH + at
            raise WrongTile(
                f"{tile.path}: entry {number + 1} is not the one whose hash is in the tree",
                {tile.path: data},
            )
    return entries
