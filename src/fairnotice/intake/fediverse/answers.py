"""What a hook and an inbox have in common: JSON answers, and what is refused before a body is read."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError

from fairnotice.intake.json_body import NotJson
from fairnotice.intake.schemas import error
from fairnotice.intake.unreadable import Unreadable
from fairnotice.plumbing.limits import limit

logger = logging.getLogger("fairnotice.intake")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def refuse(status: int, code: str, message: str, **headers: str) -> HttpResponse:
    """An error in the shape that the API has. Header names are written with underscores."""
    response = JsonResponse(error(code, message), status=status)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def said(state: str, status: int = 200) -> HttpResponse:
    """What became of a delivery: "taken", "known" (it was here already), or "not_for_us"."""
    return JsonResponse({"state": state}, status=status)


def taken(known: bool) -> HttpResponse:
    """202: it is stored, and read in a moment."""
    return said("known") if known else said("taken", 202)


def posted(door: str, kinds: tuple[str, ...]) -> Callable[[View[P]], View[P]]:
    """Decorator for what other servers post to: the answer is always JSON and never 5xx for what was sent.
    `kinds`: media types that are taken."""

    def around(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return refuse(405, "method", "Use POST here.", Allow="POST")
            if limit(door, request, settings.FN_API_PER_MINUTE):
                return refuse(429, "slow_down", "Too many deliveries just now.", Retry_After="60")
            if (request.content_type or "").lower() not in kinds:
                return refuse(415, "content_type", f"Send the body as {kinds[0]}.")
            try:
                response = view(request, *args, **kwargs)
            except RequestDataTooBig:
                response = refuse(413, "too_big", "The body is too big: at most 2 MB.")
            except UnreadablePostError:
                response = refuse(400, "unreadable", "The body broke off before its end.")
            except NotJson as problem:
                response = refuse(400, "unreadable", str(problem))
            except Unreadable as problem:
                response = refuse(422, "invalid", str(problem))
            response["Cache-Control"] = "no-store"
            return response

        inner.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie means anything here
        return inner

    return around
