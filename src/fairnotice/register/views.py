"""The register and the rules as pages, and the register as JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def entries(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def entries_json(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def entry_json(request: HttpRequest, ref: str) -> HttpResponse:
    return HttpResponse()


def entry(request: HttpRequest, ref: str) -> HttpResponse:
    return HttpResponse()


def proof(request: HttpRequest, ref: str) -> HttpResponse:
    return HttpResponse()


def rules(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return HttpResponse()
