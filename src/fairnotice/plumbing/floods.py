"""Floods: more through one door in a minute than people send. Numbers alone; who sent what is not looked at.

Counts live in memory and are gone with the process. They fail open.
"""

from __future__ import annotations

import threading

_MINUTE = 60.0
_guard = threading.Lock()
# Door -> the moment (seconds since 1970) at which its allowance is whole again.
_full_again: dict[str, float] = {}


def flooded(door: str, per_minute: int, at: float) -> bool:
    """Whether what came in at this moment (seconds since 1970) is more than `per_minute`; 0 is never.

    The allowance can be used at once and refills evenly (generic cell rate algorithm), so also in a flood
    that many go through, whoever they are from. What is too much does not count.
    """
    if per_minute < 1:
        return False
    step = _MINUTE / per_minute
    with _guard:
        whole = max(_full_again.get(door, at), at)
        if whole > at + 2 * _MINUTE:
            # The clock was set back: that must not hold the door shut until it is there again.
            whole = at
        if whole - at > _MINUTE - step:
            return True
        _full_again[door] = whole + step
        return False


def forget() -> None:
    """Every allowance is whole again."""
    with _guard:
        _full_again.clear()
