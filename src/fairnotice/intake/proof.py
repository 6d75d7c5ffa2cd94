"""Proof of work: a sum that costs a device about a second and a flood of programs much more.

A notice with one is never held back for coming in a crowd. A notice without one is no worse otherwise:
browsers without scripts, and people who send at once, have none. The format is ALTCHA's, version 2: PBKDF2
over a nonce and a counter that the server has fixed beforehand, so that the sum is of bounded length and
checking it is one HMAC. A proof counts once; which ones were used is kept in memory until they expire.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
import time
from collections import OrderedDict
from typing import Any

import altcha

from fairnotice.vault.keys import named_secret

FIELD = "altcha"
ALGORITHM = "PBKDF2/SHA-256"
COST = 5_000
#: Each step is one derivation at COST, some milliseconds in a browser.
STEPS = (100, 300)
#: Long enough to read the last page once more; then the page asks for another.
VALID_SECONDS = 30 * 60
LONGEST = 4_000
MOST_USED = 100_000

_guard = threading.Lock()
_used: OrderedDict[str, float] = OrderedDict()


def challenge() -> dict[str, Any]:
    """A fresh one, signed, as the browser gets it."""
    first, last = STEPS
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=first + secrets.randbelow(last - first),
        expires_at=int(time.time()) + VALID_SECONDS,
        hmac_secret=_secret(b"challenge"),
        hmac_key_secret=_secret(b"answer"),
    )
    return dict(made.to_dict())


def spend(text: str) -> bool:
    """Whether this is a proof that was not used before; it is used now. Never raises for what it holds."""
    signature = _signature(text)
    if not signature:
        return False
    try:
        result = altcha.verify_solution(text, _secret(b"challenge"), hmac_key_secret=_secret(b"answer"))
    except Exception:
        return False
    return bool(result.verified) and _first_time(signature)


def _signature(text: str) -> str:
    """The name under which it counts as used, in one spelling only; "" for what cannot be one."""
    if not text or len(text) > LONGEST:
        return ""
    try:
        signature = json.loads(base64.b64decode(text, validate=True))["challenge"]["signature"]
        return signature.lower() if isinstance(signature, str) else ""
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _first_time(signature: str) -> bool:
    now = time.time()
    with _guard:
        while _used and next(iter(_used.values())) < now:
            _used.popitem(last=False)
        if signature in _used or len(_used) >= MOST_USED:
            return False
        _used[signature] = now + VALID_SECONDS
        return True


def _secret(purpose: bytes) -> bytes:
    return hmac.digest(named_secret("proof-of-work"), purpose, "sha256")
