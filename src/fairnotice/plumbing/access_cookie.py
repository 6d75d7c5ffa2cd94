"""The signed cookie that a receipt code opens: half an hour of access to one side of one notice or case.

It holds the number of an access code and nothing else: no code, no name, nothing about the visitor.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NAME = "fn_access"
PATH = "/status/"
MAX_AGE = 30 * 60
_SALT = "fairnotice.plumbing.access_cookie"


def grant(response: HttpResponseBase, access_id: int) -> None:
    """Let the browser that gets this answer open what the access code with this number opens, for 30
    minutes."""
    response.set_cookie(
        NAME,
        signing.dumps(access_id, salt=_SALT),
        max_age=MAX_AGE,
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )


def read(request: HttpRequest) -> int | None:
    """The number of the access code, or None: missing, altered and too old look the same."""
    try:
        found = signing.loads(request.COOKIES.get(NAME, ""), salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def clear(response: HttpResponseBase) -> None:
    """Take the access away again, as "leave" does."""
    response.delete_cookie(NAME, path=PATH, samesite="Strict")
