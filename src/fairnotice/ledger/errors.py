"""Why the log does not go on. Messages are about the log, its keys and its witnesses, never about anybody in
it: they may be printed and logged."""

from __future__ import annotations


class LogRefusal(RuntimeError):
    """Nothing was signed or published; the message says why."""


class LogAhead(LogRefusal):
    """Somebody has seen a tree of the log that this database does not hold: signing on would fork the log."""


class LogCorrupt(LogRefusal):
    """The log's tables contradict each other, or the published files."""
