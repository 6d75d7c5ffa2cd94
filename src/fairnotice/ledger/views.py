"""`/log/`: the files that verifiers read, and one page that says in plain words what they prove."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fairnotice.ledger import keys, serve
from fairnotice.ledger.models import CheckpointRow

IMMUTABLE = "public, max-age=31536000, immutable"


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What the log is, its key and its latest checkpoint, and how to check a receipt."""
    latest = CheckpointRow.objects.order_by("-size").first()
    return render(
        request,
        "ledger/log.html",
        {
            "origin": keys.origin(),
            "vkey": keys.vkey(),
            "promise_vkey": keys.promise_vkey(),
            "latest": latest,
            "promise_hours": max(1, round(settings.FN_PROMISE_DELAY / 3600)),
        },
    )


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The signed checkpoint; 404 before the first."""
    data = serve.read_checkpoint()
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile or an entry bundle, whole or partial; 404 for anything that is not spelt exactly as it should
    be."""
    data = serve.read_tile(f"tile/{rest}")
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": IMMUTABLE})


@require_safe
def vkey(request: HttpRequest) -> HttpResponse:
    """The log's public key as one line of text."""
    return HttpResponse(
        f"{keys.vkey()}\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
