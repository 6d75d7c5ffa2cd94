"""A copy of the published tree that any static web server, disk or archive can hold and anyone can check."""

from __future__ import annotations

from pathlib import Path

from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint, read_unverified
from fairnotice.translog.errors import CheckpointError
from fairnotice.translog.files import write_atomic, write_immutable
from fairnotice.translog.fsck import list_tiles
from fairnotice.translog.notes import Verifier
from fairnotice.translog.publish import publish_checkpoint, read_checkpoint, refuse_regression

VKEY = "vkey"


def export_static(source: Path, destination: Path, vkey: str) -> Checkpoint:
    """Copy tiles, bundles and ``checkpoint`` and write ``vkey`` beside it; returns the checkpoint.

    The checkpoint is read first and written last, so a copy made while the log grows is whole. An earlier
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
    for tile in sorted(list_tiles(source)):
        if tile.end() <= checkpoint.size:
            write_immutable(destination, [(tile.path, (source / tile.path).read_bytes())])
    write_atomic(destination / VKEY, f"{vkey}\n".encode())
    publish_checkpoint(destination, signed.decode("utf-8"))
    return checkpoint
