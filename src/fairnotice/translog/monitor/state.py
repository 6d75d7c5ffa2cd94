"""What a monitor remembers: a folder that survives being killed at any moment.

``state.json`` is replaced as a whole; ``seen.jsonl`` gets one line for each checkpoint; ``checkpoints/``
keeps every signed one. The tiles lead from the last verified checkpoint to everything else, so no hashes of
the tree are kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from fairnotice.translog.checkpoint import Checkpoint, read_unverified
from fairnotice.translog.encoding import MAX_INT64
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.files import write_atomic

FORMAT = "fair-notice-monitor/1"
_LONGEST_LINE = 262_144


class StateDamaged(OSError):
    """The folder cannot be used as it is. ``filename`` and ``strerror`` say what and why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(None, reason, str(path))


@dataclass
class Position:
    """How far a monitor has come with one log.

    ``note`` is the last checkpoint whose tree was found to continue all earlier ones; ``start`` the entry it
    began with, ``read`` how many entries of that tree are checked or lie before the start, ``told`` how many
    the last line told of, ``types`` what was counted since. ``said``: SHA-256 of the last line's note, hex.
    """

    origin: str
    note: str
    start: int
    read: int
    told: int
    said: str = ""
    types: dict[str, int] = field(default_factory=dict)

    @property
    def checkpoint(self) -> Checkpoint:
        """The content of ``note``, whose signature was verified before it came here."""
        return read_unverified(self.note)


def _position(data: Mapping[str, Any]) -> Position:
    fields = dict(data)
    if fields.pop("format", None) != FORMAT:
        raise ValueError(f"it does not say that its format is {FORMAT}")
    position = Position(**fields)
    numbers = (position.start, position.read, position.told, *position.types.values())
    if not all(type(number) is int and 0 <= number <= MAX_INT64 for number in numbers):
        raise ValueError("a number in it is none")
    checkpoint = position.checkpoint
    if checkpoint.origin != position.origin or max(position.read, position.told) > checkpoint.size:
        raise ValueError("it contradicts itself")
    return position


class StateFolder:
    """The folder of one monitor, held alone while open. Raises :class:`StateDamaged` and ``OSError``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._lock: TextIO = (directory / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise StateDamaged(directory, "another monitor is using this folder") from None

    def close(self) -> None:
        """Give the folder back."""
        self._lock.close()

    @property
    def incidents(self) -> Path:
        """Where evidence is kept."""
        return self.directory / "incidents"

    def load(self) -> Position | None:
        """Where the last run stopped; None when there was none."""
        path = self.directory / "state.json"
        try:
            return _position(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, AttributeError, TranslogError) as fault:
            raise StateDamaged(path, f"is damaged ({fault}); begin again with another folder") from None

    def save(self, position: Position) -> None:
        """Remember ``position``, durably."""
        text = json.dumps({"format": FORMAT} | asdict(position), ensure_ascii=False, indent=1)
        write_atomic(self.directory / "state.json", text.encode("utf-8") + b"\n")

    def keep_checkpoint(self, checkpoint: Checkpoint, note: bytes) -> None:
        """Keep a signed checkpoint: the first note that was seen with this content."""
        digest = hashlib.sha256(checkpoint.to_text().encode("utf-8")).hexdigest()
        path = self.directory / "checkpoints" / f"{checkpoint.size:019d}-{digest[:16]}"
        if not path.exists():
            write_atomic(path, note)

    def add_line(self, line: Mapping[str, object]) -> None:
        """Add a line to ``seen.jsonl``, durably, unless a run that was killed has added it already."""
        path = self.directory / "seen.jsonl"
        with path.open("a+b") as file:
            length = file.seek(0, os.SEEK_END)
            start = max(0, length - _LONGEST_LINE)
            file.seek(start)
            tail = file.read()
            whole, _, torn = tail.rpartition(b"\n")
            if torn:
                file.truncate(length - len(torn))
            last = whole.rpartition(b"\n")[2]
            try:
                if last and json.loads(last).get("note") == line["note"]:
                    return
            except (ValueError, AttributeError):
                pass  # somebody edited it; what is new is still worth a line
            file.write(json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())
