"""Where a published log is read from: a folder, or the address under which its files are served.

What comes from a source is not trusted: :class:`~fairnotice.translog.verified.VerifiedTiles` checks it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from fairnotice.translog import merkle
from fairnotice.translog.bundles import MAX_ENTRY_BYTES
from fairnotice.translog.errors import TileError
from fairnotice.translog.notes import MAX_NOTE_BYTES
from fairnotice.translog.publish import CHECKPOINT
from fairnotice.translog.tilepaths import ENTRIES, Tile, width_at

KEPT_BYTES = 65536  # of an answer that is no tile: enough to see what it is


class TileMissing(TileError):
    """The source does not have a file."""


class BadAnswer(TileError):
    """What the source gave cannot be that file; ``received`` is the beginning of it."""

    def __init__(self, text: str, received: bytes = b"") -> None:
        super().__init__(text)
        self.received = received[:KEPT_BYTES]


class Unreachable(OSError):
    """The source did not answer, or refused: nothing is known about the log. ``filename`` is the address."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(None, reason, where)

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}"


class TileSource(Protocol):
    """Read access to the files of one log (C2SP tlog-tiles). Methods may be called from several threads."""

    name: str

    def checkpoint(self) -> bytes | None:
        """The signed checkpoint, or None where there is none."""

    def tile(self, tile: Tile) -> bytes:
        """The bytes of one tile or bundle, of exactly this width. Raises :class:`TileMissing`."""


def longest(tile: Tile) -> int:
    """The most bytes that a tile, or a bundle of so many entries, can have."""
    return tile.width * (2 + MAX_ENTRY_BYTES if tile.level == ENTRIES else merkle.HASH_SIZE)


def read_at(source: TileSource, level: int, index: int, size: int) -> tuple[bytes, Tile]:
    """A tile as it is in the tree of ``size``, and the tile that was found.

    Where the partial tile is gone the full one serves, because a log may delete partials that have been
    filled (tlog-tiles). No other width is ever asked for. Raises :class:`TileMissing` naming the one wanted.
    """
    width = width_at(level, index, size)
    if not width:
        raise TileError(f"the tree of {size} has no tile {index} at level {level}")
    wanted, full = Tile(level, index, width), Tile(level, index)
    try:
        return source.tile(wanted), wanted
    except TileMissing:
        if wanted == full:
            raise
        missing = wanted.path
    try:
        return source.tile(full), full
    except TileMissing:
        raise TileMissing(f"{missing} is missing") from None


class FolderSource:
    """A log as a folder: what ``fairnotice log export`` writes, or anybody's copy."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.name = str(directory)

    def _read(self, path: str, most: int) -> bytes | None:
        try:
            with (self.directory / path).open("rb") as file:
                data = file.read(most + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if len(data) > most:
            raise BadAnswer(f"{path} is longer than {most} bytes", data)
        return data

    def checkpoint(self) -> bytes | None:
        """See :class:`TileSource`."""
        return self._read(CHECKPOINT, MAX_NOTE_BYTES)

    def tile(self, tile: Tile) -> bytes:
        """See :class:`TileSource`."""
        data = self._read(tile.path, longest(tile))
        if data is None:
            raise TileMissing(f"{tile.path} is missing")
        return data


def open_source(text: str) -> TileSource:
    """The source that somebody named: an address with ``://`` in it, else a folder.

    Raises ``ValueError`` with a sentence for an address that may not be used.
    """
    if "://" in text:
        from fairnotice.translog.httpsource import HttpSource

        return HttpSource(text)
    return FolderSource(Path(text))
