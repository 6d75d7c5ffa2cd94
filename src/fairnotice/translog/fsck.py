"""Checking a whole published tree (C2SP tlog-tiles) against its signed checkpoint, file by file.

Entries are hashed, tiles and root built from them, and every file compared with what it should be. Where a
bundle and its tile disagree, the tile above (or, at the right edge, the signed root) says which is wrong.
Memory holds one unfinished tile for each level, whatever the size.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from fairnotice.translog import merkle
from fairnotice.translog.bundles import decode_bundle
from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint
from fairnotice.translog.errors import CheckpointError, TileError
from fairnotice.translog.notes import NoteVerifier, Verifier
from fairnotice.translog.publish import CHECKPOINT
from fairnotice.translog.readahead import ReadAhead
from fairnotice.translog.sources import BadAnswer, FolderSource, TileMissing, TileSource, read_at
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile, parse_tile_path, width_at
from fairnotice.translog.verified import WrongTile, fold, split_hashes

Found = Callable[[TileError], None]
Advance = Callable[[int], None]


@dataclass(frozen=True)
class TreeReport:
    """A tree and what was looked at: ``files`` compared, and ``ahead``, written for a checkpoint still to
    come. ``problems`` were found; ``entries_lead_to_root``: whatever else is wrong, no entry is.
    """

    origin: str
    size: int
    root: bytes
    files: int
    ahead: int
    problems: int = 0
    entries_lead_to_root: bool = True


def walk_tiles(directory: Path) -> Iterator[tuple[str, Tile | None]]:
    """Every file below ``directory/tile`` and the tile it is; None where its name is not a tile's.

    Names with a leading dot are unfinished writes and are passed over.
    """
    for folder, _, names in os.walk(directory / "tile"):
        for name in names:
            if name.startswith("."):
                continue
            relative = (Path(folder) / name).relative_to(directory).as_posix()
            try:
                yield relative, parse_tile_path(relative)
            except TileError:
                yield relative, None


def list_tiles(directory: Path) -> set[Tile]:
    """All tiles and bundles below ``directory``. Raises :class:`TileError` for a file that is none."""
    found = set()
    for relative, tile in walk_tiles(directory):
        if tile is None:
            raise TileError(f"{relative}: this is not the path of a tile")
        found.add(tile)
    return found


class _Check:
    """One walk through a tree, from the first bundle to the root."""

    def __init__(self, source: TileSource, checkpoint: Checkpoint, found: Found) -> None:
        self.source = source
        self.folder = source.directory if isinstance(source, FolderSource) else None
        self.size = checkpoint.size
        self.root = checkpoint.root
        self.files = 0
        self.ahead = 0
        self.problems = 0
        self.entries_sound = True
        self._found = found
        self.pending: list[list[bytes]] = [[]]  # per level, the hashes since its last full tile
        self._full = [0]  # per level, how many tiles were full

    def _problem(self, text: str) -> None:
        self.problems += 1
        self._found(TileError(text))

    def _look_around(self) -> None:
        """Count the files of a folder, and name those that do not belong there."""
        if self.folder is None:
            return
        for relative, tile in walk_tiles(self.folder):
            if tile is None:
                self._problem(f"{relative}: this is not the path of a tile")
                continue
            self.files += 1
            self.ahead += tile.end() > self.size

    def _hashes_in(self, data: bytes, tile: Tile) -> list[bytes]:
        if tile.level != ENTRIES:
            return split_hashes(data, tile)
        try:
            return merkle.leaf_hashes(decode_bundle(data, tile.width))
        except TileError as fault:
            raise WrongTile(f"{tile.path}: {fault}", {}) from None

    def _current(self, level: int, index: int) -> tuple[Tile, list[bytes]] | None:
        """The hashes of a tile (or of a bundle's entries) as the tree of this size has it; None: a
        problem.
        """
        width = width_at(level, index, self.size)
        try:
            data, tile = read_at(self.source, level, index, self.size)
            self.files += self.folder is None
            return tile, self._hashes_in(data, tile)[:width]
        except (TileMissing, BadAnswer, WrongTile) as fault:
            self._problem(str(fault))
            return None

    def _others(self, level: int, index: int) -> Iterator[Tile]:
        """Every other width of a tile that lies in the folder."""
        if self.folder is None:
            return
        full = Tile(level, index)
        try:
            names = sorted(os.listdir(self.folder / f"{full.path}.p"))
        except (FileNotFoundError, NotADirectoryError):
            names = []
        paths = [f"{full.path}.p/{name}" for name in names if not name.startswith(".")]
        if (self.folder / full.path).is_file():
            paths.append(full.path)
        width = width_at(level, index, self.size)
        for path in paths:
            try:
                tile = parse_tile_path(path)
            except TileError:
                continue  # named in _look_around
            if tile.width != width:
                yield tile

    def _compare(self, level: int, index: int, expected: list[bytes]) -> None:
        """Every further width of a tile must begin as ``expected`` does."""
        for tile in self._others(level, index):
            try:
                hashes = self._hashes_in(self.source.tile(tile), tile)
            except (TileMissing, BadAnswer, WrongTile) as fault:
                self._problem(str(fault))
                continue
            self._agree(tile, hashes, expected)

    def _agree(self, tile: Tile, hashes: list[bytes], expected: list[bytes]) -> bool:
        common = min(len(hashes), len(expected))
        if hashes[:common] == expected[:common]:
            return True
        self._problem(f"{tile.path} does not agree with the {'tree' if tile.level == ENTRIES else 'entries'}")
        return False

    def _arbiter(self, index: int) -> Callable[[list[bytes]], bool]:
        """Whether hashes for tile ``index`` of level 0 fit what stands above them."""
        if width_at(0, index, self.size) < TILE_WIDTH:
            return lambda hashes: fold([hashes, *self.pending[1:]]) == self.root
        above, at = divmod(index, TILE_WIDTH)
        try:
            data, tile = read_at(self.source, 1, above, self.size)
            expected = split_hashes(data, tile)[at]
        except (TileMissing, BadAnswer, WrongTile):
            return lambda hashes: False
        return lambda hashes: merkle.root(hashes) == expected

    def _bundle(self, index: int) -> int:
        """Check bundle ``index`` and its tile; returns how many entries it has."""
        width = width_at(ENTRIES, index, self.size)
        entries, tile = self._current(ENTRIES, index), self._current(0, index)
        if entries is None:
            self.entries_sound = False
        if entries and tile and entries[1] != tile[1]:
            fits = self._arbiter(index)
            right = tile[1] if fits(tile[1]) else entries[1]
        else:
            right = (entries or tile or (None, [bytes(merkle.HASH_SIZE)] * width))[1]
        if entries is not None and not self._agree(*entries, right):
            self.entries_sound = False
        if tile is not None:
            self._agree(*tile, right)
        self._compare(ENTRIES, index, right)
        self._compare(0, index, right)
        self.pending[0] = right
        if width == TILE_WIDTH:
            self._close(0)
        return width

    def _close(self, level: int) -> None:
        """A tile of ``level`` is full: its root belongs to the level above."""
        if len(self.pending) == level + 1:
            self.pending.append([])
            self._full.append(0)
        self.pending[level + 1].append(merkle.root(self.pending[level]))
        self.pending[level] = []
        if len(self.pending[level + 1]) == TILE_WIDTH:
            self._tile(level + 1)
            self._full[level + 1] += 1
            self._close(level + 1)

    def _tile(self, level: int) -> None:
        """Compare the last tile of ``level`` with the hashes made from the level below."""
        index, expected = self._full[level], self.pending[level]
        found = self._current(level, index)
        if found is not None:
            self._agree(*found, expected)
        self._compare(level, index, expected)

    def run(self, advance: Advance) -> None:
        """Look at everything; ``advance`` is told how many entries were read."""
        self._look_around()
        for index in range(-(-self.size // TILE_WIDTH)):
            advance(self._bundle(index))
        for level in range(1, len(self.pending)):
            if self.pending[level]:
                self._tile(level)
        if fold(self.pending) != self.root:
            self.entries_sound = False
            self._problem(f"the {self.size} entries do not lead to the root in the signed checkpoint")


def read_signed(source: TileSource, keys: Sequence[NoteVerifier]) -> tuple[Checkpoint, bytes]:
    """The source's checkpoint, and the note it was read from.

    Raises :class:`CheckpointError` or :class:`~fairnotice.translog.errors.NoteError` where there is none or
    no given key signed it.
    """
    signed = source.checkpoint()
    if signed is None:
        raise CheckpointError(
            f"there is no file named {CHECKPOINT} in {source.name}: name the folder or address of one log"
        )
    return open_checkpoint(signed, keys), signed


def _plan(size: int) -> Iterator[Tile]:
    for index in range(-(-size // TILE_WIDTH)):
        width = width_at(0, index, size)
        yield Tile(ENTRIES, index, width)
        yield Tile(0, index, width)


def check_tree(
    source: TileSource, checkpoint: Checkpoint, *, found: Found, advance: Advance = lambda _: None
) -> TreeReport:
    """Read every entry, rebuild every tile and the root, and compare them with the files.

    ``checkpoint``: of which the caller has verified the signature. ``found`` is given each problem, in the
    order of the entries, and may raise it to stop. Raises ``OSError`` where the source cannot be read.
    """
    ahead = (
        nullcontext(source) if isinstance(source, FolderSource) else ReadAhead(source, _plan(checkpoint.size))
    )
    with ahead as reading:
        check = _Check(reading, checkpoint, found)
        check.run(advance)
    return TreeReport(
        checkpoint.origin,
        checkpoint.size,
        checkpoint.root,
        check.files,
        check.ahead,
        check.problems,
        check.entries_sound,
    )


def _raise(fault: TileError) -> None:
    raise fault


def tree_check(directory: Path, vkey: str) -> TreeReport:
    """Check a folder up to the first problem.

    Raises :class:`~fairnotice.translog.errors.TranslogError` naming the first file that is missing or does
    not fit, ``OSError`` where one cannot be read. Files ahead of the checkpoint (a publication in progress)
    must agree with it as far as it reaches.
    """
    source = FolderSource(directory)
    checkpoint, _ = read_signed(source, [Verifier.from_vkey(vkey)])
    return check_tree(source, checkpoint, found=_raise)
