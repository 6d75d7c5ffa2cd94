"""Keeps what proves that a log cheated: two checkpoints of one size with different roots, both signed by it.

Only these. A proof that does not hold is no evidence, because anybody can send a sound checkpoint with a bad
proof.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from fairnotice.translog.files import write_atomic
from fairnotice.translog.witness.rules import Admitted
from fairnotice.translog.witness.state import Remembered

_MOST = 200  # files; a log that forks without end must not fill the disk


def keep_fork(folder: Path, submitted: Admitted, signed: Remembered | None) -> Path | None:
    """Write both checkpoints, ours first, into one file; returns it, or None where nothing is proved.

    The name comes from the content: the same fork is written once. Raises ``OSError``.
    """
    new = submitted.checkpoint
    if signed is None or signed.cosigned.size != new.size or signed.cosigned.root == new.root:
        return None
    name = hashlib.sha256(
        f"{new.origin}\n{signed.cosigned.root.hex()}\n{new.root.hex()}".encode()
    ).hexdigest()
    path = folder / f"fork-{name[:32]}.txt"
    if path.exists():
        return path
    if folder.is_dir() and sum(1 for _ in folder.iterdir()) >= _MOST:
        return None
    theirs = f"{submitted.text}\n{submitted.signatures}"
    write_atomic(path, f"{signed.note}\n\n{theirs}".encode())
    return path
