"""Rate limits that know no visitor.

Counts live in memory under a keyed hash of the visitor's network; the hash key exists only in this process
and is replaced each day, so nothing here can say afterwards who came. Limits fail open: where counting is not
possible, the visitor is let in, because a lost notice harms more than a fast one.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from fairnotice.plumbing import visitors

MAX_VISITORS = 50_000
_MINUTE = 60.0

_log = logging.getLogger("fairnotice.limits")
_guard = threading.Lock()
# Hash of door and network -> the moment (time.monotonic) at which the visitor's allowance is whole again.
_full_again: OrderedDict[bytes, float] = OrderedDict()
_salt = secrets.token_bytes(32)
_salt_day: date | None = None

P = ParamSpec("P")


def limit(door: str, request: HttpRequest, per_minute: int) -> bool:
    """True where this visitor has used up `per_minute` at this door and should be turned away for now.

    The allowance can be used at once and refills evenly (generic cell rate algorithm). Never raises.
    """
    try:
        return _over(door, _network(visitors.address_of(request)), per_minute)
    except Exception:
        # Whatever goes wrong in counting must not close the door. No exception text: it may quote the
        # address.
        _log.warning("rate limit not counted at door %s", door)
        return False


def limited(
    door: str, per_minute: int
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Decorator for a view: answers 429 with a plain text where `limit` says so."""

    def around(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if limit(door, request, per_minute):
                return turned_away()
            return view(request, *args, **kwargs)

        return inner

    return around


def turned_away() -> HttpResponse:
    """The 429 answer for a visitor who is over the limit."""
    return HttpResponse(
        _("Too many requests just now. Please wait a minute and try again."),
        status=429,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": "60"},
    )


def _network(address: visitors.Address | None) -> bytes:
    """What counts as one visitor: an IPv4 address, or an IPv6 /64, since one household has a whole /64."""
    if address is None:
        raise ValueError("there is no address to count by")
    return address.packed[:8] if address.version == 6 else address.packed


def _over(door: str, network: bytes, per_minute: int) -> bool:
    step = _MINUTE / per_minute
    today = datetime.now(UTC).date()
    with _guard:
        _change_salt(today)
        key = hashlib.blake2b(door.encode() + b"\0" + network, key=_salt, digest_size=16).digest()
        now = time.monotonic()
        whole = max(_full_again.get(key, now), now)
        if whole - now > _MINUTE - step:
            return True
        _full_again[key] = whole + step
        _full_again.move_to_end(key)
        while len(_full_again) > MAX_VISITORS:
            _full_again.popitem(last=False)
        return False


def _change_salt(today: date) -> None:
    global _salt, _salt_day
    if today != _salt_day:
        _salt = secrets.token_bytes(32)
        _salt_day = today
        _full_again.clear()
