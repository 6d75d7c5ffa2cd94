"""The one file of the published tree that changes: ``checkpoint`` (C2SP tlog-tiles, "Checkpoints")."""

from __future__ import annotations

from pathlib import Path

from fairnotice.translog.checkpoint import Checkpoint, read_unverified
from fairnotice.translog.errors import CheckpointError
from fairnotice.translog.files import write_atomic

CHECKPOINT = "checkpoint"


def read_checkpoint(directory: Path) -> bytes | None:
    """Bytes of the published checkpoint, or None when none was published yet."""
    try:
        return (directory / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return None


def refuse_regression(seen: Checkpoint, following: Checkpoint) -> None:
    """Raise :class:`CheckpointError` when ``following`` cannot come after ``seen``: other log, smaller, or
    forked.
    """
    if seen.origin != following.origin:
        raise CheckpointError("the published checkpoint is of another log")
    if seen.size > following.size:
        raise CheckpointError(
            f"a checkpoint of {seen.size} entries is published; {following.size} would go back"
        )
    if seen.size == following.size and seen.root != following.root:
        raise CheckpointError(f"another tree of {seen.size} entries is published: this would fork the log")


def publish_checkpoint(directory: Path, text: str) -> None:
    """Replace the published checkpoint atomically and durably; the last step, after all tiles are written.

    Never goes back: raises :class:`CheckpointError` when a larger tree, or another of the same size, is
    published. Raises ``OSError`` where the disk refuses.
    """
    following = read_unverified(text)
    published = read_checkpoint(directory)
    if published is not None:
        refuse_regression(read_unverified(published), following)
    write_atomic(directory / CHECKPOINT, text.encode("utf-8"))
