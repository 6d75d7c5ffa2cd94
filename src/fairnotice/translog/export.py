"""A copy of the published tree that any static web server, disk or archive can hold and anyone can check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from fairnotice.translog.bundles import decode_bundle, encode_bundle
from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint, read_unverified
from fairnotice.translog.errors import CheckpointError
from fairnotice.translog.files import write_atomic, write_immutable
from fairnotice.translog.fsck import list_tiles
from fairnotice.translog.merkle import HASH_SIZE
from fairnotice.translog.notes import Verifier
from fairnotice.translog.progress import Progress
from fairnotice.translog.publish import publish_checkpoint, read_checkpoint, refuse_regression
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile
from fairnotice.translog.tiles import folder_tiles, read_tile

VKEY = "vkey"


def export_static(source: Path, destination: Path, vkey: str) -> Checkpoint:
    """Copy tiles, bundles and ``checkpoint`` and write ``vkey`` beside it; returns the checkpoint.

    The checkpoint is read first and written last, and partials that the log drops meanwhile are cut from
    their full tiles, so a copy made while the log grows is whole. An earlier
    export in ``destination`` is brought up to date; it never goes back and no tile of it is ever replaced.

    Raises :class:`~fairnotice.translog.errors.TranslogError` (no or wrong checkpoint, another log or a
    larger tree at the destination, ``TileConflict``) and ``OSError``.
    """
    verifier = Verifier.from_vkey(vkey)
    signed = read_checkpoint(source)
    if signed is None:
        raise CheckpointError("nothing has been published yet: there is no checkpoint to export")
    checkpoint = open_checkpoint(signed, verifier)
    earlier = read_checkpoint(destination)
    if earlier is not None:
        refuse_regression(read_unverified(earlier), checkpoint)
    tiles = [tile for tile in sorted(list_tiles(source)) if tile.end() <= checkpoint.size]
    with Progress(f"Copying {checkpoint.origin}", len(tiles), unit="files") as bar:
        for tile in tiles:
            with suppress(FileNotFoundError):  # a partial that gave way to a fuller one since
                write_immutable(destination, [(tile.path, (source / tile.path).read_bytes())])
            bar.advance(1)
    write_immutable(destination, _right_edge(source, checkpoint.size))
    write_atomic(destination / VKEY, f"{vkey}\n".encode())
    publish_checkpoint(destination, signed.decode("utf-8"))
    return checkpoint


def _right_edge(source: Path, size: int) -> Iterator[tuple[str, bytes]]:
    """The partials of the tree of ``size``, cut from the full tile where the log has grown past them."""
    for level in range(ENTRIES, 64):
        count = size >> (8 * max(level, 0))
        index, width = divmod(count, TILE_WIDTH)
        if width:
            data, tile = read_tile(folder_tiles(source), level, index, size)
            if tile.width != width and level == ENTRIES:
                data = encode_bundle(decode_bundle(data, tile.width)[:width])
            elif tile.width != width:
                data = data[: width * HASH_SIZE]
            yield Tile(level, index, width).path, data
