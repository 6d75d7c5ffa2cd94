"""A port at which every page fails, with all that was sent in the text of what it raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ERRORS: tuple[type[Exception], ...] = (ValueError, DatabaseError, KeyError)


class Failing:
    """Stands last among the middleware: whoever may open a page gets an error of ours instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.count = 0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        sent = f"{request.get_full_path()} {request.headers} {request.POST} {request.COOKIES} {args} {kwargs}"
        self.count += 1
        error = ERRORS[self.count % len(ERRORS)](sent)
        error.add_note(sent)
        raise error from ValueError(sent)
