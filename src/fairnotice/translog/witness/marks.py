"""High-water marks: a second memory of what was cosigned, one file per log, apart from the database.

Somebody who restores an older copy of the database makes the witness forget, and it would sign a fork. The
marks are not part of that copy, if the operator keeps them elsewhere, so the loss is noticed.

A mark is written after the database's commit and before the answer. So it may lag behind the database by an
answer that was never given, but it is never ahead, unless the database was put back.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from fairnotice.translog.checkpoint import read_unverified
from fairnotice.translog.encoding import require_int
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.files import write_atomic
from fairnotice.translog.witness.errors import Locked, StateError
from fairnotice.translog.witness.rules import Cosigned

_FORMAT = "fair-notice-witness-mark/1"
_MAX_BYTES = 1_000_000
_NAMES = {"format", "origin", "timestamp", "note"}


@dataclass(frozen=True)
class Mark:
    """The last cosigned checkpoint with its signatures, and the time of the cosignature.

    ``note`` is "" where the first one was about to be stored.
    """

    origin: str
    timestamp: int
    note: str

    @property
    def cosigned(self) -> Cosigned | None:
        """Size, root and time; None where nothing was cosigned."""
        if not self.note:
            return None
        checkpoint = read_unverified(self.note)
        if checkpoint.origin != self.origin:
            raise StateError(f"a mark of the log {self.origin} holds a checkpoint of another")
        return Cosigned(checkpoint.size, checkpoint.root, self.timestamp)


def origin_hash(origin: str) -> str:
    """Hexadecimal SHA-256 of the origin line, as in the address of the last checkpoint (tlog-witness)."""
    return hashlib.sha256(origin.encode("utf-8")).hexdigest()


class Marks:
    """The folder of marks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, origin: str) -> Path:
        """Where the mark of this log lies."""
        return self.folder / f"{origin_hash(origin)}.json"

    def read(self, origin: str) -> Mark | None:
        """The mark, or None where there is none. Raises :class:`Locked` for a damaged one."""
        path = self.path(origin)
        try:
            with path.open("rb") as file:
                raw = file.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise StateError(f"the mark {path} cannot be read: {fault.strerror}") from None
        try:
            mark = _parse(raw, origin)
            mark.cosigned  # noqa: B018  read for its checks
        except (TranslogError, ValueError, RecursionError) as fault:
            raise Locked(f"the mark {path} is damaged ({fault})") from None
        return mark

    def write(self, mark: Mark) -> None:
        """Store the mark durably. Raises :class:`StateError`."""
        document = {
            "format": _FORMAT,
            "origin": mark.origin,
            "timestamp": mark.timestamp,
            "note": mark.note,
        }
        try:
            write_atomic(self.path(mark.origin), (json.dumps(document, indent=1) + "\n").encode("ascii"))
        except OSError as fault:
            raise StateError(f"a mark in {self.folder} cannot be written: {fault.strerror}") from None


def _parse(raw: bytes, origin: str) -> Mark:
    document = json.loads(raw)
    if not isinstance(document, dict) or set(document) != _NAMES or document["format"] != _FORMAT:
        raise StateError(f"it is no {_FORMAT}")
    if document["origin"] != origin or not isinstance(document["note"], str):
        raise StateError("it is the mark of another log")
    timestamp = require_int(document["timestamp"], "the time", StateError)
    return Mark(origin, timestamp, document["note"])
