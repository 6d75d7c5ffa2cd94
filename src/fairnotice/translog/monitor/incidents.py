"""What a monitor found wrong, and the files that show it to others."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from fairnotice.translog.files import write_atomic

FORMAT = "fair-notice-incident/1"
KNOWN, NEW, FORK_PROOF = "checkpoint-known", "checkpoint-new", "fork-proof"
_MOST = 1_000  # a hostile server must not fill the disk with ever new nonsense

# Kind -> what the person who opens the folder a year later needs to know.
KINDS = {
    "fork": "The log signed two trees that contradict each other. Its own signatures prove it to everybody.",
    "shrunk": "The log showed a signed tree smaller than one it had signed before.",
    "signature": "The file named checkpoint is not a checkpoint signed by the log.",
    "witnesses": "The log signed the checkpoint, but not as many witnesses as the policy asks for.",
    "file": "A file of the tree does not lead to the root that the log signed.",
    "missing": "A file of the tree that the log signed is not there.",
}


class Incident(Exception):
    """Something that an honest, working log does not do. ``files``: name below the folder -> bytes."""

    def __init__(self, kind: str, text: str, files: Mapping[str, bytes]) -> None:
        super().__init__(text)
        self.kind = kind
        self.files = dict(files)
        self.known = KINDS[kind]


class TooManyIncidents(OSError):
    """No more evidence is kept."""


def write_incident(folder: Path, incident: Incident, *, url: str, origin: str) -> tuple[Path, bool]:
    """Keep the evidence in a folder of its own; returns it, and whether it is new.

    It is there whole or not at all. The same evidence found again is kept once. Raises ``OSError``.
    """
    digest = hashlib.sha256()
    for name, data in sorted(incident.files.items()):
        digest.update(f"{len(name.encode())} {name} {len(data)} ".encode() + data)
    place = folder / f"{incident.kind}-{digest.hexdigest()[:16]}"
    if place.exists():
        return place, False
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".tmp-*"):  # from a run that was killed; this folder has one writer
        shutil.rmtree(left)
    if count_incidents(folder) >= _MOST:
        raise TooManyIncidents(
            None, f"holds {_MOST} incidents; move them away before more are kept", str(folder)
        )
    unfinished = Path(tempfile.mkdtemp(prefix=".tmp-", dir=folder))
    description = {
        "format": FORMAT,
        "kind": incident.kind,
        "meaning": incident.known,
        "found": str(incident),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "origin": origin,
        "url": url,
        "files": sorted(incident.files),
    }
    for name, data in incident.files.items():
        write_atomic(unfinished / name, data)
    text = json.dumps(description, ensure_ascii=False, indent=2) + "\n"
    write_atomic(unfinished / "incident.json", text.encode("utf-8"))
    unfinished.chmod(0o755)
    os.rename(unfinished, place)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return place, True


def count_incidents(folder: Path) -> int:
    """How many are on record."""
    try:
        return sum(not name.startswith(".") for name in os.listdir(folder))
    except FileNotFoundError:
        return 0
