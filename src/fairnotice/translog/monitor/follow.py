"""One look at a log: is what it shows now a continuation of all it has shown before, and is it whole?"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from fairnotice.translog.checkpoint import Checkpoint
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import CheckpointError, NoteError, PolicyError, TranslogError
from fairnotice.translog.forks import find_fork
from fairnotice.translog.monitor.incidents import FORK_PROOF, KNOWN, NEW, Incident
from fairnotice.translog.monitor.state import Position, StateDamaged, StateFolder
from fairnotice.translog.monitor.trust import Cosignature, SignedCheckpoint, Trust
from fairnotice.translog.openings import parse_leaf
from fairnotice.translog.progress import Progress
from fairnotice.translog.readahead import ReadAhead
from fairnotice.translog.sources import BadAnswer, FolderSource, TileMissing, TileSource, Unreachable
from fairnotice.translog.tilepaths import ENTRIES, TILE_WIDTH, Tile, width_at
from fairnotice.translog.verified import VerifiedTiles, WrongTile

_SAVE_EVERY = 2.0  # seconds of reading that may have to be repeated after a kill
_MOST_TYPES = 64  # counted by name; a log of somebody else's making must not fill our memory
_OTHER = "(other)"


@dataclass(frozen=True)
class Look:
    """What one look found: the checkpoint and who cosigned it, how many entries of it are new since the last
    line, and how many of each public type. ``changed``: it is not, or not cosigned by the same, as it was
    told last.
    """

    signed: SignedCheckpoint
    cosignatures: tuple[Cosignature, ...]
    new: int
    types: dict[str, int]
    changed: bool
    first: bool


def public_type(entry: bytes) -> str | None:
    """The type that an entry of a Fair Notice log shows to everybody; None where there is none, and for
    entries of other logs.
    """
    if b'"t":' not in entry or not entry.startswith(b'{"c":['):
        return None
    try:
        return parse_leaf(entry).clear_type
    except TranslogError:
        return None


class Follower:
    """Follows one log. ``entries``: read every entry too, not only the hashes."""

    def __init__(
        self,
        source: TileSource,
        trust: Trust,
        folder: StateFolder,
        *,
        entries: bool = True,
        from_start: bool = False,
    ) -> None:
        self.source = source
        self.trust = trust
        self.folder = folder
        self.entries = entries
        self.from_start = from_start

    def look(self) -> Look:
        """Fetch the checkpoint and everything that is new, check it all, and remember it.

        Raises :class:`Incident` for what an honest log does not do, and
        :class:`~fairnotice.translog.sources.Unreachable` and other ``OSError`` where nothing is known.
        """
        position = self.folder.load()
        if position is not None and position.origin != self.trust.origin:
            raise StateDamaged(
                self.folder.directory, f"follows {position.origin}; {self.trust.origin} needs one of its own"
            )
        if position is not None and self.from_start and position.start:
            raise StateDamaged(
                self.folder.directory,
                f"began after {position.start} entries; --from-start needs a new folder",
            )
        signed = self._fetch(position)
        first = position is None
        if position is None:
            position, tree = self._begin(signed)
        else:
            tree = self._advance(position, signed)
        self._read(position, tree)
        return self._tell(position, signed, first)

    def _fetch(self, position: Position | None) -> SignedCheckpoint:
        with _blaming({}):
            note = self.source.checkpoint()
        if note is None:
            if position is None:
                raise Unreachable(self.source.name, "there is no checkpoint: is this the address of a log?")
            known = {KNOWN: position.note.encode("utf-8")}
            raise Incident("missing", "there is no checkpoint any more", known)
        try:
            signed = self.trust.open(note)
        except (NoteError, CheckpointError) as fault:
            raise Incident("signature", str(fault), {"checkpoint": note}) from None
        # Kept before anything else is looked at: whatever comes now, the log has signed this.
        self.folder.keep_checkpoint(signed.checkpoint, note)
        return signed

    def _witnessed(self, signed: SignedCheckpoint) -> tuple[Cosignature, ...]:
        """Asked last, so that a fork is called a fork whoever has cosigned it."""
        try:
            return self.trust.cosignatures(signed.note, int(time.time()))
        except (PolicyError, NoteError) as fault:
            raise Incident("witnesses", str(fault), {"checkpoint": signed.note}) from None

    def _begin(self, signed: SignedCheckpoint) -> tuple[Position, VerifiedTiles]:
        tree = VerifiedTiles(self.source, signed.checkpoint)
        with _blaming({"checkpoint": signed.note}):
            tree.edge()
        self._witnessed(signed)
        start = 0 if self.from_start else signed.checkpoint.size
        position = Position(self.trust.origin, signed.note.decode("utf-8"), start, read=start, told=start)
        self.folder.save(position)
        return position, tree

    def _advance(self, position: Position, signed: SignedCheckpoint) -> VerifiedTiles:
        """Make ``signed`` the known checkpoint, if it continues the one known so far."""
        old, new = position.checkpoint, signed.checkpoint
        files = {KNOWN: position.note.encode("utf-8"), NEW: signed.note}
        if new.size < old.size:
            raise self._shrunk(old, new, files)
        if new.size == old.size and new.root != old.root:
            raise Incident("fork", f"two different trees of {new.size} entries are signed", files)
        tree = VerifiedTiles(self.source, new)
        with _blaming(files):
            require_continuation(tree, old, files)
        self._witnessed(signed)
        if new.size > old.size:
            position.note = signed.note.decode("utf-8")
            self.folder.save(position)
        return tree

    def _shrunk(self, old: Checkpoint, new: Checkpoint, files: dict[str, bytes]) -> Incident:
        text = f"a tree of {new.size} entries is shown as the newest; {old.size} were signed before"
        try:
            require_continuation(VerifiedTiles(self.source, old), new, files)
        except Incident as fork:
            return fork
        except (TranslogError, OSError):
            return Incident("shrunk", text, files)
        return Incident("shrunk", f"{text}. It is the beginning of that one: perhaps an old copy", files)

    def _plan(self, first: int, size: int) -> Iterator[Tile]:
        for index in range(first, -(-size // TILE_WIDTH)):
            width = width_at(0, index, size)
            if width == TILE_WIDTH:  # a partial one is part of the edge, which has been read
                yield Tile(0, index)
            if self.entries:
                yield Tile(ENTRIES, index, width)

    def _read(self, position: Position, tree: VerifiedTiles) -> None:
        """Check everything from ``position.read`` on, bundle by bundle."""
        size = tree.size
        if position.read >= size:
            return
        files = {"checkpoint": position.note.encode("utf-8")}
        plan = self._plan(position.read // TILE_WIDTH, size)
        saved = time.monotonic()
        with ExitStack() as stack:
            if not isinstance(self.source, FolderSource):
                tree = tree.read_from(stack.enter_context(ReadAhead(self.source, plan)))
            stack.callback(self.folder.save, position)
            bar = stack.enter_context(Progress("checking", size, done=position.read))
            stack.enter_context(_blaming(files))
            while position.read < size:
                index, skip = divmod(position.read, TILE_WIDTH)
                if self.entries:
                    found = tree.entries(index)[skip:]
                    types, count = _counted(position.types, found), len(found)
                else:
                    types, count = position.types, len(tree.hashes(0, index)) - skip
                position.types, position.read = types, position.read + count
                bar.advance(count)
                if time.monotonic() - saved >= _SAVE_EVERY:
                    self.folder.save(position)
                    saved = time.monotonic()

    def _tell(self, position: Position, signed: SignedCheckpoint, first: bool) -> Look:
        checkpoint = signed.checkpoint
        digest = hashlib.sha256(signed.note).hexdigest()
        look = Look(
            signed,
            self._witnessed(signed),
            position.read - position.told,
            position.types,
            digest != position.said,
            first,
        )
        if look.changed:
            self.folder.add_line(
                {
                    "time": datetime.now(UTC).isoformat(timespec="seconds"),
                    "origin": checkpoint.origin,
                    "size": checkpoint.size,
                    "root": encode_base64(checkpoint.root),
                    "new": look.new,
                    "types": look.types if self.entries else None,
                    "cosignatures": [asdict(item) for item in look.cosignatures],
                    "note": digest,
                }
            )
            position.said, position.told, position.types = digest, position.read, {}
            self.folder.save(position)
        return look


def _counted(before: dict[str, int], entries: list[bytes]) -> dict[str, int]:
    types = dict(before)
    for entry in entries:
        kind = public_type(entry)
        if kind is not None:
            name = kind if kind in types or len(types) < _MOST_TYPES else _OTHER
            types[name] = types.get(name, 0) + 1
    return types


def require_continuation(tree: VerifiedTiles, old: Checkpoint, files: dict[str, bytes]) -> None:
    """Raise :class:`Incident` (a fork, with the proof) unless ``tree`` begins with the tree of ``old``."""
    proof = find_fork(tree, old)
    if proof is not None:
        text = (
            f"the tree of {tree.size} entries does not begin with the tree of {old.size}, which is signed too"
        )
        raise Incident("fork", text, files | {FORK_PROOF: proof.to_text().encode("ascii")})


@contextmanager
def _blaming(files: dict[str, bytes]) -> Iterator[None]:
    """Make an incident, with ``files`` as evidence, of a file that is wrong or missing."""
    try:
        yield
    except TileMissing as fault:
        raise Incident("missing", str(fault), files) from None
    except WrongTile as fault:
        raise Incident("file", str(fault), files | fault.files) from None
    except BadAnswer as fault:
        raise Incident("file", str(fault), files | {"received": fault.received}) from None
