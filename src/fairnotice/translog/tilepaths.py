"""Names of tiles and entry bundles, and which of them a growing tree brings (C2SP tlog-tiles)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fairnotice.translog.encoding import MAX_INT64
from fairnotice.translog.errors import TileError

TILE_WIDTH = 256
ENTRIES = -1  # the "level" of entry bundles, below the leaf hashes of level 0
_MAX_LEVEL = 63

_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, order=True)
class Tile:
    """Tile ``index`` of ``level`` (0 to 63, or :data:`ENTRIES`), ``width`` 1 to 256 hashes or entries
    wide.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if not ENTRIES <= self.level <= _MAX_LEVEL or not 1 <= self.width <= TILE_WIDTH:
            raise TileError("a tile has a level or width that does not exist")
        if not 0 <= self.index <= MAX_INT64 // TILE_WIDTH:
            raise TileError("a tile has a number that does not exist")

    @property
    def path(self) -> str:
        """Path below the log's prefix, e.g. ``tile/0/x001/x234/067`` or ``tile/entries/000.p/12``."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = f".p/{self.width}" if self.width < TILE_WIDTH else ""
        return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"

    def end(self) -> int:
        """Smallest tree size that has this tile this wide."""
        return (self.index * TILE_WIDTH + self.width) << (8 * max(self.level, 0))


def parse_tile_path(path: str) -> Tile:
    """The tile that ``path`` names. Raises :class:`TileError` for every spelling but the canonical one."""
    match = _PATH.fullmatch(path)
    if not match:
        raise TileError("this is not the path of a tile")
    level, groups, width = match.groups()
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(groups.replace("x", "").replace("/", "")),
        int(width) if width else TILE_WIDTH,
    )
    if tile.path != path:
        raise TileError("this is not the canonical path of a tile")
    return tile


def width_at(level: int, index: int, size: int) -> int:
    """How many hashes (or entries) tile ``index`` of ``level`` holds in a tree of ``size``; 0 when it is not
    there.
    """
    count = size >> (8 * max(level, 0))
    return max(0, min(TILE_WIDTH, count - index * TILE_WIDTH))


def new_tiles(old_size: int, new_size: int) -> Iterator[Tile]:
    """Tiles and bundles of the tree of ``new_size`` that the tree of ``old_size`` does not have, bundles
    first.

    A partial tile that grew is a new tile of another width. None is ever empty.
    """
    if not 0 <= old_size <= new_size <= MAX_INT64:
        raise TileError("a log only grows")
    for level in range(ENTRIES, _MAX_LEVEL + 1):
        shift = 8 * max(level, 0)
        old_count, new_count = old_size >> shift, new_size >> shift
        if old_count == new_count:
            return
        full = new_count // TILE_WIDTH
        for index in range(old_count // TILE_WIDTH, full):
            yield Tile(level, index)
        if new_count % TILE_WIDTH:
            yield Tile(level, full, new_count % TILE_WIDTH)
