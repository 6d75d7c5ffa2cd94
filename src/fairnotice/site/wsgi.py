"""The WSGI application. Importing it makes sure that the data folder may be used."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any

from fairnotice.site import setup

try:
    setup.prepare()
except setup.NotReady as refused:
    print(refused, file=sys.stderr)
    sys.exit(1)

from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver

from fairnotice.site.describe import describe

logger = logging.getLogger("fairnotice.request")
_django = WSGIHandler()
# All pages are loaded now: what cannot be loaded must end the worker, not answer every request with 500.
get_resolver().url_patterns  # noqa: B018  read for its effect


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, with a last net: what fails outside of its own would be printed by the server, message and
    all."""
    try:
        return _django(environ, start_response)
    except Exception as error:
        logger.error("outside of a request: %s", describe(error))
        start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Something went wrong on our side. Please try again in a few minutes.\n"]
