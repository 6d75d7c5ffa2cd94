"""A log that grows behind a web server, and a monitor that follows it, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.httpsource import HttpSource
from fairnotice.translog.merkle import root
from fairnotice.translog.monitor.follow import Follower, Look
from fairnotice.translog.monitor.state import StateFolder
from fairnotice.translog.monitor.trust import Trust
from fairnotice.translog.notes import Signer
from fairnotice.translog.sources import FolderSource, TileSource
from fairnotice.translog.tiles import write_tiles
from tests.translog.build import LOG_KEY, ORIGIN, Log
from tests.translog.server import Server


@dataclass
class Growing:
    """A published log whose next checkpoints are made one after the other."""

    directory: Path
    log: Log = field(default_factory=Log)

    def grow(self, *entries: bytes) -> None:
        write_tiles(self.directory, len(self.log.entries), entries)
        self.log.entries.extend(entries)
        self.sign()

    def sign(self, size: int | None = None, root_hash: bytes | None = None, signer: Signer = LOG_KEY) -> None:
        """Put a checkpoint there, whatever it says."""
        count = len(self.log.entries) if size is None else size
        tree = root(self.log.hashes[:count]) if root_hash is None else root_hash
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "checkpoint").write_text(
            sign_checkpoint(Checkpoint(ORIGIN, count, tree), signer), "utf-8"
        )


def numbers(start: int, end: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(start, end)]


def http(server: Server) -> HttpSource:
    return HttpSource(server.url, timeout=0.3, patience=0.6, tries=2, sleep=lambda _: None)


def look(source: TileSource | Path, state: Path, *, from_start: bool = False, entries: bool = True) -> Look:
    """One run of the monitor, from opening its folder to closing it."""
    folder = StateFolder(state)
    try:
        return Follower(
            FolderSource(source) if isinstance(source, Path) else source,
            Trust([LOG_KEY.verifier]),
            folder,
            entries=entries,
            from_start=from_start,
        ).look()
    finally:
        folder.close()
