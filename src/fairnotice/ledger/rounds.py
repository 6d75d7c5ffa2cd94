"""What the parts of a round hand to each other: where a log stands, and what was entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.ledger.models import CheckpointRow, Log


@dataclass(frozen=True, slots=True)
class Published:
    """The checkpoint that the world can see: number of entries, 32-byte root, the signed note."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a log stands: what its database signed last, and what is published of it. They agree."""

    log: Log
    last: CheckpointRow | None
    seen: Published | None

    @property
    def published_size(self) -> int:
        """Entries that the world can see."""
        return self.seen.size if self.seen else 0


@dataclass(frozen=True, slots=True)
class Entered:
    """What one transaction entered: the tree's size before, the leaves and their hashes in their order, and
    the checkpoint that was signed over them; None where nothing was."""

    before: int
    leaves: Sequence[bytes] = ()
    hashes: Sequence[bytes] = ()
    signed: CheckpointRow | None = None

    def __len__(self) -> int:
        return len(self.leaves)
