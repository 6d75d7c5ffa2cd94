"""How many automatic letters may go out, counted without knowing anybody.

Under a keyed hash, in memory, for one day: the key exists in this process alone and is replaced each day.
Unlike limits at a door, these fail closed: where counting is not possible nothing is sent, because a program
that answers without bound is a weapon against whoever it answers (RFC 3834, 2 and 4).
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter, deque
from datetime import UTC, date, datetime

MOST_ADDRESSES = 50_000
_HOUR = 3600.0

_guard = threading.Lock()
_counts: Counter[bytes] = Counter()
_lately: dict[str, deque[float]] = {}
_salt = secrets.token_bytes(32)
_salt_day: date | None = None


def may_answer(kind: str, address: str, *, per_day: int, per_hour: int | None = None) -> bool:
    """Whether one more letter of this kind may go to this address, and counts it.

    `per_day`: to one address in a day (UTC). `per_hour`: to all together within an hour, None for no bound.
    Never raises.
    """
    try:
        with _guard:
            return _may(kind, address, per_day, per_hour)
    except Exception:
        return False


def _may(kind: str, address: str, per_day: int, per_hour: int | None) -> bool:
    _change_salt(datetime.now(UTC).date())
    key = hashlib.blake2b(f"{kind}\0{_mailbox(address)}".encode(), key=_salt, digest_size=16).digest()
    known = _counts[key]
    if known >= per_day or (not known and len(_counts) >= MOST_ADDRESSES):
        return False
    if per_hour is not None:
        now, lately = time.monotonic(), _lately.setdefault(kind, deque())
        while lately and now - lately[0] >= _HOUR:
            lately.popleft()
        if len(lately) >= per_hour:
            return False
        lately.append(now)
    _counts[key] = known + 1
    return True


def _mailbox(address: str) -> str:
    """Plus-addresses are one mailbox, or a forger would have as many as they like."""
    local, _at, host = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{host}"


def _change_salt(today: date) -> None:
    global _salt, _salt_day
    if today != _salt_day:
        _salt = secrets.token_bytes(32)
        _salt_day = today
        _counts.clear()
