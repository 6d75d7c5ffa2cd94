"""What the verification of a file says to people: short lines that no value in the file can disturb."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fairnotice.translog.encoding import printable
from fairnotice.translog.openings import Json, canonical_json

if TYPE_CHECKING:
    from fairnotice.translog.evidence import Result
    from fairnotice.translog.notes import Verifier
    from fairnotice.translog.openings import Opening
    from fairnotice.translog.promise import Promise

_SHOWN_CHARS = 160


def time_words(seconds: int) -> str:
    """POSIX seconds as ``2026-01-31 12:00 UTC``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def value_words(value: Json) -> str:
    """A value in its one JSON spelling (RFC 8785), short enough and safe for one line of a terminal."""
    safe = printable(canonical_json(value).decode("utf-8"))
    return safe if len(safe) <= _SHOWN_CHARS else safe[: _SHOWN_CHARS - 3] + "..."


def opening_words(opening: Opening) -> str:
    """One field that the file opens."""
    return f"  {opening.path} = {value_words(opening.value)}"


def inclusion_words(origin: str, index: int, size: int) -> str:
    """An entry that is proven to be in a log."""
    return f"Entry {index + 1} of {size} in {printable(origin)}: the proof leads to the root that was signed."


def promise_words(promise: Promise) -> str:
    """A promise whose entry the file does not prove yet."""
    return (
        f"Promised on {time_words(promise.time)} to be in {printable(promise.origin)} by "
        f"{time_words(promise.deadline)}; this file does not hold the proof yet. The signature is genuine."
    )


OVERDUE = (
    "That time has passed: fetch the proof from the operator. If there is none, this promise is "
    "evidence that the operator did not keep it."
)


def log_key_words(key: Verifier) -> str:
    """Said where nobody gave a key for the log."""
    return (
        "The log's public key was taken from this file itself. To be sure that it is the operator's, "
        f"compare it with the published one: {printable(key.vkey)}"
    )


def promise_key_words(key: Verifier) -> str:
    """Said where nobody gave a key for the promises."""
    return f"The promise's key was taken from this file itself: {printable(key.vkey)}"


def closing_line(result: Result) -> str:
    """The last line, the conclusion: which entry was verified, or that there is only a promise so far."""
    if result.overdue:
        first = min(result.overdue, key=lambda promise: promise.deadline)
        line = f"overdue: promised by {time_words(first.deadline)}, and the file holds no proof"
        own_key = result.promise_key_from_file
    elif not result.entries:
        origins = ", ".join(sorted({printable(promise.origin) for promise in result.promised}))
        own_key = result.promise_key_from_file
        line = f"promised: not in the log yet, by a {'' if own_key else 'genuine '}promise of {origins}"
    else:
        origin, index, size = result.entries[-1]
        line = f"verified: entry {index + 1} of {size} in {printable(origin)}"
        if len(result.entries) > 1:
            line += f", and {len(result.entries) - 1} more"
        if result.promised:
            line += f"; {len(result.promised)} only promised so far"
        own_key = result.key_from_file
    return f"{line} (with the key in the file itself)" if own_key else line
