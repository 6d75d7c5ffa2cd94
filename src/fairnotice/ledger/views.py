"""Files under `/log/`: what verifiers read. The pages for people are in `pages`."""

from __future__ import annotations

import json
from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from fairnotice.ledger import keys, logs, serve
from fairnotice.ledger.evidence import build
from fairnotice.ledger.models import Event, Log
from fairnotice.ledger.recover import RECOVERED
from fairnotice.ledger.rollover import CLOSED, OPENED
from fairnotice.ledger.rotation import KEY
from fairnotice.translog.policy import KnownLog, Policy, format_policy, parse_policy
from fairnotice.translog.vkeys import parse_vkey

IMMUTABLE = "public, max-age=31536000, immutable"


@require_safe
def checkpoint(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The signed checkpoint; 404 before the first."""
    data = serve.read_checkpoint(logs.or_404(year))
    if data is None:
        raise Http404
    return _text(data)


@require_safe
def tile(request: HttpRequest, rest: str, year: int | None = None) -> HttpResponse:
    """A tile or an entry bundle, whole or partial; 404 for anything that is not spelt exactly as it should
    be."""
    data = serve.read_tile(logs.or_404(year), f"tile/{rest}")
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": IMMUTABLE})


@require_safe
def vkey(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The log's public keys that sign now, one line each, the oldest first."""
    return _text("".join(f"{one}\n" for one in keys.vkeys(logs.or_404(year))))


@require_safe
def promise_vkey(request: HttpRequest, year: int) -> HttpResponse:
    """The public key of the log's promises as one line of text."""
    return _text(f"{keys.promise_vkey(logs.or_404(year))}\n")


@require_safe
def policy(request: HttpRequest, year: int) -> HttpResponse:
    """Whose signatures to ask for (tlog-policy): the log's keys, and its witnesses where it has some."""
    log = logs.or_404(year)
    url = f"{settings.FN_BASE_URL}{address(log, 'checkpoint')}".removesuffix("/checkpoint").encode()
    known = tuple(KnownLog(parse_vkey(one), url) for one in keys.vkeys(log))
    wanted = Policy()
    if settings.FN_WITNESS_POLICY is not None:
        wanted = parse_policy(settings.FN_WITNESS_POLICY.read_bytes())
    return _text(format_policy(replace(wanted, logs=known)))


@require_safe
def event(request: HttpRequest, year: int, record: str) -> HttpResponse:
    """What the log says about itself in the clear (begun, closed, another key, recovered), as a file for
    `fairnotice verify`; 404 for every other event."""
    about_itself = (OPENED, CLOSED, KEY, RECOVERED)
    found = Event.objects.filter(log=logs.or_404(year), record=record, kind__in=about_itself).first()
    if found is None:
        raise Http404
    document = build("register-entry", [(found, ["kind", "time", *found.open], {})], promise=False)
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    name = f"fair-notice-{found.kind.replace('.', '-')}-{year}.json"
    return HttpResponse(
        text,
        content_type="application/json",
        headers={"Cache-Control": "no-cache", "Content-Disposition": f'attachment; filename="{name}"'},
    )


def address(log: Log, name: str) -> str:
    """Path of a file of this log: name is `checkpoint` or `vkey`."""
    if log.place:
        return reverse(f"log-{name}", args=[log.year])
    return reverse(f"log-first-{name}")


def _text(content: bytes | str) -> HttpResponse:
    return HttpResponse(
        content, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
