"""Where somebody is signed in: kept while it lasts, listed for them, and ended by them or for them.

The session carries a random name; a session whose name has no row any more is over. Nothing here is an act
that the public relies on, so nothing of it becomes an event: the log is no record of when people work.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from fairnotice.accounts.models import SignIn, User

NAME = "fn_sign_in"
_SUSPENDED = "account_reauthentication_state"
_METHODS = "account_authentication_methods"  # what allauth notes in the session about each step


def current(request: HttpRequest) -> User | AnonymousUser:
    """Who is signed in; nobody where this sign-in was ended from elsewhere."""
    user = get_user(request)
    if not isinstance(user, User):
        return AnonymousUser()
    name = request.session.get(NAME)
    if name is None:
        return user
    row = SignIn.objects.filter(key=_key(name), user_id=user.pk).first()
    if row is None:
        request.session.flush()
        return AnonymousUser()
    request.fn_sign_in = row  # type: ignore[attr-defined]
    return user


def keep(request: HttpRequest) -> None:
    """After the page: begin what is new, note the hour and the second factor, forget what was signed out."""
    if "request" in (request.session.get(_SUSPENDED) or {}):
        # allauth would keep a form that was sent too late whole, with the visitor's address and browser.
        del request.session[_SUSPENDED]
    row: SignIn | None = getattr(request, "fn_sign_in", None)
    name = request.session.get(NAME)
    if row is not None and (name is None or _key(name) != bytes(row.key)):
        SignIn.objects.filter(pk=row.pk).delete()
        row = None
    if not isinstance(user_id := _user_id(request), int):
        return
    hour, factor = _hour(timezone.now()), factor_of(request)
    if name is None:
        name = request.session[NAME] = secrets.token_hex(16)
        SignIn.objects.create(key=_key(name), user_id=user_id, started_at=hour, used_at=hour, factor=factor)
    elif row is not None and (row.used_at, row.factor) != (hour, factor):
        SignIn.objects.filter(pk=row.pk).update(used_at=hour, factor=factor)


def here(request: HttpRequest) -> SignIn | None:
    """The row of the browser that asks."""
    name = request.session.get(NAME)
    return SignIn.objects.filter(key=_key(name)).first() if name else None


def of(user: User) -> list[SignIn]:
    """All of an account, the latest used first."""
    return list(SignIn.objects.filter(user=user).order_by("-used_at", "-pk"))


def end(*, user: User, number: int) -> bool:
    """End one of the account's own; False where it had ended, or is somebody else's."""
    return bool(SignIn.objects.filter(user=user, pk=number).delete()[0])


def end_others(*, user: User, keep: SignIn | None) -> int:
    """End all of an account but one; returns how many."""
    return SignIn.objects.filter(user=user).exclude(pk=keep.pk if keep else 0).delete()[0]


def forget_old(now: datetime | None = None) -> int:
    """Rows whose session has run out by itself: it lives for SESSION_COOKIE_AGE after it was last saved."""
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE, hours=1)
    return SignIn.objects.filter(used_at__lt=(now or timezone.now()) - longest).delete()[0]


def factor_of(request: HttpRequest) -> str:
    """The second factor of this session as allauth noted it: "passkey" (alone), "webauthn", "totp",
    "recovery_codes" or ""."""
    steps: list[dict[str, Any]] = request.session.get(_METHODS, [])
    for step in reversed(steps):
        if step.get("method") == "mfa":
            return "passkey" if step.get("passwordless") else str(step.get("type", ""))
    return ""


def _user_id(request: HttpRequest) -> int | None:
    found = request.session.get("_auth_user_id")
    return int(found) if found else None


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
