"""A browser in which a sign-in name was used with its right password before, told by a signed cookie.

Wrong passwords are counted by sign-in name, or one name could be guessed at from many addresses. Without
this cookie, anybody who knows a name could keep its owner out by being wrong in that name. The cookie holds a
keyed hash of the name and nothing else.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

NAME = "fn_known"
PATH = "/accounts/login/"
MAX_AGE = 90 * 86400
_SALT = "fairnotice.accounts.known_browser"


def remember(response: HttpResponseBase, username: str) -> None:
    """Mark the browser that gets this answer; an earlier mark, of another name, is replaced."""
    response.set_cookie(
        NAME,
        signing.dumps(_hash(username), salt=_SALT),
        max_age=MAX_AGE,
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )


def knows(request: HttpRequest, username: str) -> bool:
    """Whether this name was signed in with here before; False where the mark is too old or not ours."""
    try:
        found = signing.loads(request.COOKIES.get(NAME, ""), salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return False
    return isinstance(found, str) and constant_time_compare(found, _hash(username))


def _hash(username: str) -> str:
    return salted_hmac(_SALT, username.lower(), algorithm="sha256").hexdigest()
