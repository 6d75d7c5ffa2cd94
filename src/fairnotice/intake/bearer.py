"""Who a program says it is: the token in the header "Authorization: Bearer …", for one scope.

The first refuses whoever has none; the second lets anybody in without one, since a notice never needs an
account. Neither takes a token that is not good here for nobody: that would lose a client its own notices, or
hide from it that it was revoked.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from fairnotice.cases.actions import tokens
from fairnotice.cases.models import ApiClient, ApiToken


class Nobody:
    """Stands for a request without a token. True, since the framework takes a false answer for a refusal."""


NOBODY: Final = Nobody()


class Bearer(HttpBearer):
    """Asks for a token with this scope. `request.auth` is then its `ApiToken`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """Raises AuthenticationError, which says why."""
        found = tokens.find_token(token, self.scope)
        if found is None:
            raise AuthenticationError(message=tokens.why_not(token, self.scope))
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
            say = _("Send “Authorization: Bearer” with your token, or leave this header out.")
            raise AuthenticationError(message=say)
        return found


def token_of(request: HttpRequest) -> ApiToken:
    """The token of a request that `Bearer` let in."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return token


def client_of(request: HttpRequest) -> ApiClient | None:
    """Whose token a request came with, behind `OptionalBearer`; None for everybody else."""
    auth = getattr(request, "auth", None)
    return auth.client if isinstance(auth, ApiToken) else None
