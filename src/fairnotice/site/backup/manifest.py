"""What is in one file of a backup: the last entry of its archive, so that it also proves it whole."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from fairnotice.site.backup.errors import BackupRefused

NAME = "manifest.json"
FORMAT = "fair-notice-backup/1"
DATA, KEYS = "data", "keys"


@dataclass(frozen=True)
class Packed:
    """One file: its name in the archive, its length in bytes, its SHA-256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass
class Manifest:
    """`made`: when its database was copied (UTC, ISO 8601). `counts`: rows of each table. `logs`: what was
    signed of each log, as (origin, entries, root in hexadecimal digits). `pair` joins data and keys that were
    made together."""

    part: str
    made: str
    pair: str
    program: str
    counts: dict[str, int] = field(default_factory=dict)
    logs: list[tuple[str, int, str]] = field(default_factory=list)
    files: list[Packed] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        """As it lies in the archive."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Raises BackupRefused where it is none, or of a later version of the program."""
        try:
            raw: dict[str, Any] = json.loads(data)
            found = raw.pop("format")
            if found != FORMAT:
                raise BackupRefused(f"The backup has the format '{found}', which this version cannot read.")
            raw["files"] = [Packed(**one) for one in raw["files"]]
            raw["logs"] = [(str(origin), int(size), str(root)) for origin, size, root in raw["logs"]]
            made = cls(**raw)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackupRefused("The backup's own list of its files cannot be read.") from None
        if made.part not in (DATA, KEYS):
            raise BackupRefused("The backup says neither that it holds data nor that it holds keys.")
        return made

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)
