"""The right edge of a published tree (C2SP tlog-tiles, "Merkle Tree"): what is needed to publish more without
reading anything back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fairnotice.translog import merkle
from fairnotice.translog.bundles import encode_bundle
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile, new_tiles

if TYPE_CHECKING:
    from fairnotice.translog.tiles import TileReader

_TILE_BYTES = TILE_WIDTH * merkle.HASH_SIZE


@dataclass(frozen=True)
class Frontier:
    """The unfinished tile of each level and the unfinished bundle of a tree of ``size`` entries.

    Never changed: :meth:`grow` gives a new one, so that a caller keeps it only once the files are on the
    disk.
    """

    size: int = 0
    edge: merkle.Edge = field(default_factory=merkle.Edge)
    hashes: tuple[bytes, ...] = ()  # level by level, one after the other; levels above are empty
    bundle: bytes = b""

    @classmethod
    def read(cls, reader: TileReader, until: int | None = None) -> Frontier:
        """The right edge of the reader's tree, from at most one bundle and one tile per level.

        With ``until`` only the levels that growing to that size touches; :meth:`root` is then not its root.
        Raises what the reader raises.
        """
        size = reader.size
        bundle = encode_bundle(reader.bundle(size // TILE_WIDTH)) if size % TILE_WIDTH else b""
        hashes = []
        nodes: list[tuple[int, bytes]] = []
        level = 0
        while count := size >> (8 * level):
            if until is not None and count == until >> (8 * level):
                break
            index, width = divmod(count, TILE_WIDTH)
            held = reader.hashes(level, index) if width else ()
            hashes.append(b"".join(held))
            edge = merkle.Edge()
            edge.extend(held)
            nodes = [(8 * level + height, node) for height, node in edge.nodes] + nodes
            level += 1
        return cls(size, merkle.Edge(nodes), tuple(hashes), bundle)

    def root(self) -> bytes:
        """Root of the tree."""
        return self.edge.root()

    def grow(
        self, entries: Sequence[bytes], leaves: Sequence[bytes] | None = None
    ) -> tuple[Frontier, list[tuple[str, bytes]]]:
        """The frontier behind more entries, and the files (path, bytes) that the larger tree brings.

        ``leaves`` are the entries' leaf hashes, where the caller has them already. To be called once per
        checkpoint, so that each published size has its partial tiles. Raises
        :class:`~fairnotice.translog.errors.TileError` for an entry over 65,535 bytes.
        """
        size = self.size + len(entries)
        edge = merkle.Edge(list(self.edge.nodes))
        made = edge.extend(merkle.leaf_hashes(entries) if leaves is None else leaves)
        rows: list[bytes] = []
        while fresh := made.get(8 * len(rows)):
            held = self.hashes[len(rows)] if len(rows) < len(self.hashes) else b""
            rows.append(held + b"".join(fresh))
        starts = [(self.size >> (8 * level)) // TILE_WIDTH for level in range(len(rows))]
        bundle = self.bundle
        files = []
        for tile in new_tiles(self.size, size):
            if tile.level == ENTRIES:
                bundle = self._bundle(tile, entries)
                files.append((tile.path, bundle))
            else:
                at = (tile.index - starts[tile.level]) * _TILE_BYTES
                files.append((tile.path, rows[tile.level][at : at + tile.width * merkle.HASH_SIZE]))
        unfinished = [row[len(row) // _TILE_BYTES * _TILE_BYTES :] for row in rows]
        kept = (*unfinished, *self.hashes[len(rows) :])
        return Frontier(size, edge, kept, bundle if size % TILE_WIDTH else b""), files

    def _bundle(self, tile: Tile, entries: Sequence[bytes]) -> bytes:
        start, end = tile.index * TILE_WIDTH - self.size, tile.end() - self.size
        if start < 0:
            return self.bundle + encode_bundle(entries[:end])
        return encode_bundle(entries[start:end])
