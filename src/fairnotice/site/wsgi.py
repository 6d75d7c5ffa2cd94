"""The WSGI application. Importing it makes sure that the data folder may be used."""

from __future__ import annotations

import logging
import sys
import threading
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
from django.utils.translation import gettext as _

from fairnotice.site import bodies
from fairnotice.site.describe import describe

logger = logging.getLogger("fairnotice.request")
_django = WSGIHandler()
# All pages are loaded now: what cannot be loaded must end the worker, not answer every request with 500.
get_resolver().url_patterns  # noqa: B018  read for its effect


# Django works on so many requests at once: SQLite has one writer. All other threads wait for bodies.
AT_WORK = 4
_at_work = threading.BoundedSemaphore(AT_WORK)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, with a last net: what fails outside of its own would be printed by the server, message and
    all."""
    try:
        bodies.take(environ)
        with _at_work:
            return _django(environ, start_response)
    except bodies.Refused as refused:
        logger.info("body refused: %s", refused.status)
        return _plain(start_response, refused.status, str(refused))
    except Exception as error:
        logger.error("outside of a request: %s", describe(error))
        return _plain(
            start_response,
            "500 Internal Server Error",
            _("Something went wrong on our side. Please try again in a few minutes."),
        )


def _plain(start_response: Callable[..., Any], status: str, text: str) -> list[bytes]:
    """An answer made without Django."""
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        # What is left of the body is not read.
        ("Connection", "close"),
    ]
    start_response(status, headers)
    return [f"{text}\n".encode()]
