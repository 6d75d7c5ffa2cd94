"""Asks the table of routes before every page. A route that is not in the table exists for nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from fairnotice.accounts import second_factor
from fairnotice.cases import opening, permissions
from fairnotice.site import errors
from fairnotice.site.context import fixed

logger = logging.getLogger("fairnotice.access")
# Where staff sign in and work: no answer there stays in a cache, whoever asked and whatever it was.
STAFF_PATHS = ("/desk/", "/accounts/")


class AccessMiddleware:
    """Stands last, so that the account of the request is known, and decides before the view is called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = opening.enter(None)
        try:
            response = self.get_response(request)
        finally:
            opening.leave(token)
        if _private(request):
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None lets the view run; anything else is the answer."""
        allowed = permissions.ROUTES.get(route_name(request))
        if allowed is None:
            logger.error("route %s is not in the table of permissions: refused", route_name(request))
            return errors.not_found(request)
        if allowed in (permissions.PUBLIC, permissions.CODE):
            return None
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        signed_in = allowed == permissions.SIGNED_IN
        if not signed_in and not request.user.role_names & frozenset(allowed):
            return _wrong_role(request, frozenset(allowed))
        if not signed_in and second_factor.missing(request.user):
            return _second_factor_first(request)
        # From here on, nobody reads what is sealed without being written down.
        opening.enter(opening.Desk(request.user.actor(), route_name(request), request.method == "POST"))
        return None


def route_name(request: HttpRequest) -> str:
    """The name of the route with its namespace, "-" where no route fits. Never holds anything that was
    typed."""
    match = request.resolver_match
    return (match.view_name if match else "") or "-"


def _private(request: HttpRequest) -> bool:
    """Whether the page is for one person only and must not stay in a cache."""
    if permissions.ROUTES.get(route_name(request), permissions.PUBLIC) != permissions.PUBLIC:
        return True
    if request.path_info.startswith(STAFF_PATHS):
        return True
    # A public page shows somebody signed in their way to the desk. Not asking where the page did not keeps
    # `Vary: Cookie` off the log's tiles.
    return bool(request.session.accessed and request.user.is_authenticated)


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    back = request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
    if request.headers.get("HX-Request") == "true":
        # The answer to htmx is a piece of a page: have the browser load the sign-in page as a whole.
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = resolve_url(settings.LOGIN_URL)
        return answer
    return redirect_to_login(back, settings.LOGIN_URL)


def _second_factor_first(request: HttpRequest) -> HttpResponseBase:
    """Before anything else; the pages of one's own account stay open, where it is set up."""
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=403)
        answer["HX-Redirect"] = resolve_url("mfa_index")
        return answer
    return redirect("mfa_index")


def _wrong_role(request: HttpRequest, allowed: frozenset[str]) -> HttpResponse:
    roles = _(" or ").join(_(permissions.ROLE_WORDS[role]) for role in permissions.ROLES if role in allowed)
    context = {
        **fixed(request.path),
        "heading": _("This page needs another role"),
        "paragraphs": (
            _("It is open to: %(roles)s.") % {"roles": roles},
            _("If this is part of your work, ask an administrator to give your account the role."),
        ),
        "status": 403,
    }
    return HttpResponse(render_to_string("403.html", context), status=403)
