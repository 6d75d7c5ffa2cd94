"""`/log/`: the files that verifiers read, and pages that say in plain words what they prove."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fairnotice.ledger import keys, logs, publishing, serve
from fairnotice.ledger.models import Log

IMMUTABLE = "public, max-age=31536000, immutable"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What the log is, the logs of all years, and how to check a receipt."""
    every = [_shown(log) for log in reversed(logs.everyone())]
    return render(
        request,
        "ledger/log.html",
        {
            "logs": every,
            "now": every[0] if every else None,
            "promise_hours": max(1, round(settings.FN_PROMISE_DELAY / 3600)),
        },
    )


@require_safe
def one_year(request: HttpRequest, year: int) -> HttpResponse:
    """The log of one year: its keys, its last checkpoint, its files."""
    return render(request, "ledger/year.html", {"one": _shown(_log(year))})


@require_safe
def checkpoint(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The signed checkpoint; 404 before the first."""
    data = serve.read_checkpoint(_log(year))
    if data is None:
        raise Http404
    return _text(data)


@require_safe
def tile(request: HttpRequest, rest: str, year: int | None = None) -> HttpResponse:
    """A tile or an entry bundle, whole or partial; 404 for anything that is not spelt exactly as it should
    be."""
    data = serve.read_tile(_log(year), f"tile/{rest}")
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": IMMUTABLE})


@require_safe
def vkey(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The log's public key as one line of text."""
    return _text(f"{keys.vkey(_log(year))}\n")


@require_safe
def promise_vkey(request: HttpRequest, year: int) -> HttpResponse:
    """The public key of the log's promises as one line of text."""
    return _text(f"{keys.promise_vkey(_log(year))}\n")


def address(log: Log, name: str) -> str:
    """Path of a file of this log: name is `checkpoint` or `vkey`."""
    if log.place:
        return reverse(f"log-{name}", args=[log.year])
    return reverse(f"log-first-{name}")


def _shown(log: Log) -> dict[str, object]:
    """What the pages say of a log."""
    return {
        "log": log,
        "vkey": keys.vkey(log),
        "promise_vkey": keys.promise_vkey(log),
        "latest": publishing.last_signed(log),
        "checkpoint_url": address(log, "checkpoint"),
        "vkey_url": address(log, "vkey"),
    }


def _log(year: int | None) -> Log:
    """The log that an address names; without a year, the one from before there was one for each year."""
    try:
        log = logs.before_years() if year is None else logs.by_year(year)
    except logs.NoLog:
        raise Http404 from None
    if log is None:
        raise Http404
    return log


def _text(content: bytes | str) -> HttpResponse:
    return HttpResponse(
        content, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
