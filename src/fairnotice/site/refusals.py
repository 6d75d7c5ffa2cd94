"""Turns what an action refused, and no view caught, into the page that says so."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.permissions import Forbidden
from fairnotice.site import errors
from fairnotice.site.access import route_name
from fairnotice.site.context import fixed
from fairnotice.site.describe import describe

logger = logging.getLogger("fairnotice.request")


class Refusals:
    """Views catch what they can answer better, such as a form with faults; this is the net below them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None for everything that is a fault of ours: Django then answers 500."""
        if isinstance(exception, NotFound):
            return errors.not_found(request)
        if isinstance(exception, Conflict):
            return errors.conflict(request)
        if isinstance(exception, Forbidden):
            return _page(request, 403, _("This needs another role"), str(exception))
        if isinstance(exception, Refused):
            return _page(request, 409, _("This cannot be done now"), str(exception))
        if isinstance(exception, OperationalError):
            return _busy(request, exception)
        return None


def _page(request: HttpRequest, status: int, heading: str, text: str) -> HttpResponse:
    context = {**fixed(request.path), "heading": heading, "paragraphs": (text,), "status": status}
    response = HttpResponse(render_to_string(f"{status}.html", context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def _busy(request: HttpRequest, exception: OperationalError) -> HttpResponse:
    """The database was locked for too long, or its disk is full: nothing was written, and later it may be."""
    logger.error("%s: %s", route_name(request), describe(exception))
    response = errors.server_error(request)
    response.status_code = 503
    response["Retry-After"] = "10"
    return response
