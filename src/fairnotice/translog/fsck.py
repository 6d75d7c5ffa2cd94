"""Checking a whole published tree against its signed checkpoint, file by file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fairnotice.translog import merkle
from fairnotice.translog.bundles import decode_bundle
from fairnotice.translog.checkpoint import open_checkpoint
from fairnotice.translog.errors import CheckpointError, TileError
from fairnotice.translog.notes import Verifier
from fairnotice.translog.publish import CHECKPOINT, read_checkpoint
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile, parse_tile_path, width_at


@dataclass(frozen=True)
class TreeReport:
    """A tree that holds together: ``files`` compared, and ``ahead``, written for a checkpoint still to
    come.
    """

    origin: str
    size: int
    root: bytes
    files: int
    ahead: int


def list_tiles(directory: Path) -> set[Tile]:
    """All tiles and bundles below ``directory``. Raises :class:`TileError` for a file that is none.

    Names with a leading dot are unfinished writes and are passed over.
    """
    found = set()
    for folder, _, names in os.walk(directory / "tile"):
        for name in names:
            if name.startswith("."):
                continue
            relative = (Path(folder) / name).relative_to(directory).as_posix()
            try:
                found.add(parse_tile_path(relative))
            except TileError as fault:
                raise TileError(f"{relative}: {fault}") from None
    return found


class _Check:
    """The files of one tree by level and number, ticked off as they are compared."""

    def __init__(self, directory: Path, size: int) -> None:
        self.directory = directory
        self.size = size
        self.ahead = 0
        self.files = 0
        self.widths: dict[tuple[int, int], set[int]] = {}
        for tile in list_tiles(directory):
            self.widths.setdefault((tile.level, tile.index), set()).add(tile.width)
            self.ahead += tile.end() > size
            self.files += 1

    def _bundle(self, tile: Tile) -> list[bytes]:
        try:
            return decode_bundle((self.directory / tile.path).read_bytes(), tile.width)
        except TileError as fault:
            raise TileError(f"{tile.path}: {fault}") from None

    def _hashes(self, tile: Tile) -> list[bytes]:
        data = (self.directory / tile.path).read_bytes()
        if len(data) != tile.width * merkle.HASH_SIZE:
            raise TileError(f"{tile.path} has {len(data)} bytes instead of {tile.width * merkle.HASH_SIZE}")
        return [data[at : at + merkle.HASH_SIZE] for at in range(0, len(data), merkle.HASH_SIZE)]

    def entries(self, index: int) -> list[bytes]:
        """Entries of a bundle as wide as the tree has it; every other width of it must begin alike."""
        width = width_at(ENTRIES, index, self.size)
        current = Tile(ENTRIES, index, width)
        if width not in self.widths.get((ENTRIES, index), ()):
            raise TileError(f"{current.path} is missing")
        entries = self._bundle(current)
        self._compare(current, entries)
        return entries

    def hashes(self, level: int, index: int, expected: list[bytes]) -> None:
        """Compare a tile, in all widths that lie there, with the hashes made from the level below."""
        current = Tile(level, index, width_at(level, index, self.size))
        if current.width not in self.widths.get((level, index), ()):
            raise TileError(f"{current.path} is missing")
        self._compare(current, expected)

    def _compare(self, current: Tile, expected: list[bytes]) -> None:
        for width in sorted(self.widths.pop((current.level, current.index))):
            tile = Tile(current.level, current.index, width)
            found = self._bundle(tile) if tile.level == ENTRIES else self._hashes(tile)
            common = min(width, len(expected))
            if found[:common] != expected[:common]:
                raise TileError(f"{tile.path} does not agree with the entries")


def tree_check(directory: Path, vkey: str) -> TreeReport:
    """Read every entry, rebuild every tile and the root, and compare them with the files and the checkpoint.

    Raises :class:`~fairnotice.translog.errors.TranslogError` naming the first file that is missing or does
    not fit, ``OSError`` where one cannot be read. Files ahead of the checkpoint (a publication in progress)
    must agree with it as far as it reaches.
    """
    signed = read_checkpoint(directory)
    if signed is None:
        raise CheckpointError(f"there is no file named {CHECKPOINT}")
    checkpoint = open_checkpoint(signed, Verifier.from_vkey(vkey))
    check = _Check(directory, checkpoint.size)
    pending: list[list[bytes]] = [[]]  # per level, the hashes since its last full tile
    edge = merkle.Edge()

    def close_tile(level: int, index: int) -> None:
        check.hashes(level, index, pending[level])
        if len(pending[level]) == TILE_WIDTH:
            if len(pending) == level + 1:
                pending.append([])
            pending[level + 1].append(merkle.root(pending[level]))
            pending[level] = []
            if len(pending[level + 1]) == TILE_WIDTH:
                close_tile(level + 1, index // TILE_WIDTH)

    for index in range(-(-checkpoint.size // TILE_WIDTH)):
        for entry in check.entries(index):
            hashed = merkle.leaf_hash(entry)
            pending[0].append(hashed)
            edge.append(hashed)
        if len(pending[0]) == TILE_WIDTH:
            close_tile(0, index)
    for level, hashes in enumerate(pending):
        if hashes:
            check.hashes(level, (checkpoint.size >> (8 * level)) // TILE_WIDTH, hashes)
    if edge.root() != checkpoint.root:
        raise TileError(f"the {checkpoint.size} entries do not lead to the root in the signed checkpoint")
    return TreeReport(checkpoint.origin, checkpoint.size, checkpoint.root, check.files, check.ahead)
