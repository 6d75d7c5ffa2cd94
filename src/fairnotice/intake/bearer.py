"""Who a program says it is: the token in the header "Authorization: Bearer …", for one scope.

The first refuses whoever has none; the second lets anybody in without one, since a notice never needs an
account. Neither takes a token that is not good here for nobody: that would lose a client its own notices, or
hide from it that it was revoked.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from fairnotice.cases.actions import tokens
from fairnotice.cases.models import ApiClient, ApiToken

_REFUSED = (
    "The notice was not taken: this is no token in force for sending notices. Send “Authorization: Bearer” "
    "with one that is, or leave the header out and send without."
)


class Nobody:
    """Stands for a request without a token. True, since the framework takes a false answer for a refusal."""


NOBODY: Final = Nobody()


class Bearer(HttpBearer):
    """Asks for a token with this scope. `request.auth` is then its `ApiToken`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token, or None, which the framework refuses. A wrong one, one that was revoked or has run out,
        and one for something else look the same from outside."""
        found = tokens.find_token(token, self.scope)
        if found is not None:
            tokens.note_use(token=found)
        return found


class OptionalBearer(Bearer):
    """Takes a token with this scope, and nobody's request just as well: `request.auth` is then NOBODY."""

    def __call__(self, request: HttpRequest) -> Any:
        """Raises AuthenticationError for a token that is not good here, and for any other kind of header."""
        if "Authorization" not in request.headers:
            return NOBODY
        found = super().__call__(request)
        if found is None:
            raise AuthenticationError(message=_REFUSED)
        return found


def token_of(request: HttpRequest) -> ApiToken:
    """The token of a request that `Bearer` let in."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return token


def client_of(request: HttpRequest) -> ApiClient | None:
    """Whose token a request came with, behind `OptionalBearer`; None for everybody else."""
    auth = getattr(request, "auth", None)
    return auth.client if isinstance(auth, ApiToken) else None
