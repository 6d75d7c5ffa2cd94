"""Who asks, in the place of Django's own middleware: a sign-in that was ended elsewhere is nobody's."""

from __future__ import annotations

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from fairnotice.accounts import sign_ins


class WhoAsks(AuthenticationMiddleware):
    """Looks only where the page did: a page that asks for no account must not depend on cookies."""

    def process_request(self, request: HttpRequest) -> None:
        """`request.user`, found when it is first asked for."""
        request.user = SimpleLazyObject(lambda: sign_ins.current(request))  # type: ignore[assignment]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The session is saved after this."""
        if getattr(request, "session", None) is not None and request.session.accessed:
            try:
                sign_ins.keep(request)
            except DatabaseError:
                pass  # The page is made; the next one notes it.
        return response
