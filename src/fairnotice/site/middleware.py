"""One line per request that is safe to keep, and one for an exception in it."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from fairnotice.plumbing import visitors
from fairnotice.site.access import route_name
from fairnotice.site.describe import describe

logger = logging.getLogger("fairnotice.request")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """Writes method, route name, status and milliseconds. Never an address, path, query, account or header:
    a path holds references, a query what somebody searched for, and a method may be any text a client
    sends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        got_request_exception.connect(log_exception, dispatch_uid="fairnotice.site.middleware")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        took = (time.perf_counter() - started) * 1000
        method = request.method if request.method in METHODS else "OTHER"
        logger.info("%s %s %d %.0f ms", method, _name(request), response.status_code, took)
        return response


class BehindProxies:
    """Where web servers that stand before this one are named, it answers them and this machine alone: what
    others send has crossed the net unencrypted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.FN_PROXY_NETWORKS and not _from_near(request):
            say = _("This service is at %(url)s") % {"url": settings.FN_BASE_URL}
            return HttpResponse(f"{say}\n", status=421, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


def _from_near(request: HttpRequest) -> bool:
    peer = visitors.peer_of(request)
    return peer is None or peer.is_loopback or visitors.is_proxy(peer)


def _name(request: HttpRequest) -> str:
    if request.resolver_match is None and request.path_info.startswith(settings.STATIC_URL):
        return "static"
    return route_name(request)


def log_exception(sender: object, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Receiver of `got_request_exception`: logs the class and where it happened."""
    error = sys.exc_info()[1]
    if error is not None:
        logger.error("%s: %s", _name(request) if request is not None else "-", describe(error))
