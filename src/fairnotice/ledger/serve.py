"""Reading the published tree for `/log/`, by the strict grammar of tlog-tiles."""

from __future__ import annotations

from pathlib import Path

from fairnotice.ledger.models import Log
from fairnotice.translog.errors import TileError
from fairnotice.translog.merkle import HASH_SIZE
from fairnotice.translog.publish import read_checkpoint as _published
from fairnotice.translog.tiles import ENTRIES, TILE_WIDTH, Tile, decode_bundle, encode_bundle, parse_tile_path


def read_checkpoint(log: Log) -> bytes | None:
    """The bytes of a log's published checkpoint, or None before the first."""
    return _published(log.folder())


def read_tile(log: Log, path: str) -> bytes | None:
    """Bytes of a tile or an entry bundle at `tile/...`; None where the path is not canonical or not
    published.

    A partial that gave way to its full tile is cut from that.
    """
    try:
        tile = parse_tile_path(path)
    except TileError:
        return None
    data = _read(log.folder() / tile.path)
    if data is not None or tile.width == TILE_WIDTH:
        return data
    full = _read(log.folder() / Tile(tile.level, tile.index).path)
    if full is None:
        return None
    if tile.level == ENTRIES:
        return encode_bundle(decode_bundle(full, TILE_WIDTH)[: tile.width])
    return full[: tile.width * HASH_SIZE]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
