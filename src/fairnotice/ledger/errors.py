"""Why the log does not go on. Nothing is signed or published after one of these; a person must look."""

from __future__ import annotations


class LogAhead(RuntimeError):
    """Somebody has seen a tree of the log that this database does not hold: signing on would fork the log."""


class LogCorrupt(RuntimeError):
    """The log's tables contradict each other, or the published files."""
