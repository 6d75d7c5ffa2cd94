"""Pages under `/log/` for people: all years, one year with its keys, and what is kept for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fairnotice.ledger import keys, logs, publishing
from fairnotice.ledger.models import CheckpointRow, Event, Log, LogKey
from fairnotice.ledger.recover import RECOVERED
from fairnotice.ledger.rollover import CLOSED, OPENED
from fairnotice.ledger.rotation import KEY
from fairnotice.ledger.views import address
from fairnotice.translog.encoding import encode_base64


@dataclass(frozen=True)
class Shown:
    """What the pages say of a log; `root` is the base64 of its last signed tree."""

    log: Log
    vkeys: tuple[str, ...]
    promise_vkey: str
    latest: CheckpointRow | None
    url: str
    checkpoint_url: str
    vkey_url: str

    @property
    def size(self) -> int:
        return self.latest.size if self.latest else 0

    @property
    def root(self) -> str:
        return encode_base64(bytes(self.latest.root)) if self.latest else ""


@dataclass(frozen=True)
class ShownKey:
    """A key of a log. `state`: signs, ending (beside a newer one, until `row.until`), replaced, lost, stolen
    or closed (with its log). `event` announced it; the first key of a log needs no announcement."""

    row: LogKey
    state: str
    event: Event | None


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What the log is, the logs of all years, and how to check a receipt."""
    every = [shown(log) for log in reversed(logs.everyone())]
    return render(
        request,
        "ledger/log.html",
        {
            "logs": every,
            "now": every[0] if every else None,
            "appears": _appears(settings.FN_PROMISE_DELAY),
        },
    )


def _appears(seconds: int) -> str:
    """The promise in words, in the largest unit in which it is exact: as receipts say it."""
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return ngettext(
            "A new entry appears within %(n)d hour at the latest.",
            "A new entry appears within %(n)d hours at the latest.",
            hours,
        ) % {"n": hours}
    if seconds % 60 == 0:
        minutes = seconds // 60
        return ngettext(
            "A new entry appears within %(n)d minute at the latest.",
            "A new entry appears within %(n)d minutes at the latest.",
            minutes,
        ) % {"n": minutes}
    return ngettext(
        "A new entry appears within %(n)d second at the latest.",
        "A new entry appears within %(n)d seconds at the latest.",
        seconds,
    ) % {"n": seconds}


@require_safe
def one_year(request: HttpRequest, year: int) -> HttpResponse:
    """The log of one year: state, keys with their story, and what programs need."""
    log = logs.or_404(year)
    announced = {event.open.get("key"): event for event in _events(log) if event.kind == KEY}
    return render(
        request,
        "ledger/year.html",
        {
            "one": shown(log),
            "keys": _story(log, LogKey.CHECKPOINT, announced),
            "promise_keys": _story(log, LogKey.PROMISE, announced),
            "opened": _said(log, OPENED),
            "closed": _said(log, CLOSED),
            "recovered": [event for event in _events(log) if event.kind == RECOVERED],
            "before": Log.objects.filter(year__lt=log.year).order_by("-year").first(),
            "after": Log.objects.filter(year__gt=log.year).order_by("year").first(),
            "witnesses": settings.FN_WITNESS_POLICY is not None,
        },
    )


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """The retention policy that tlog-tiles asks for."""
    return render(request, "ledger/retention.html", {"years": settings.FN_LOG_RETENTION_YEARS})


def shown(log: Log) -> Shown:
    """What the pages say of this log."""
    checkpoint = address(log, "checkpoint")
    return Shown(
        log=log,
        vkeys=tuple(keys.vkeys(log)),
        promise_vkey=keys.promise_vkey(log),
        latest=publishing.last_signed(log),
        url=f"{settings.FN_BASE_URL}{checkpoint.removesuffix('checkpoint')}",
        checkpoint_url=checkpoint,
        vkey_url=address(log, "vkey"),
    )


def _story(log: Log, purpose: str, announced: dict[str, Event]) -> list[ShownKey]:
    """All keys of a log for one purpose, the newest first."""
    now = timezone.now()
    rows = keys.rows_of(log, purpose)
    return [ShownKey(row, _state(log, row, now), announced.get(row.vkey)) for row in reversed(rows)]


def _state(log: Log, row: LogKey, now: datetime) -> str:
    if row.ended in ("lost", "stolen"):
        return row.ended
    if row.until is not None and row.until <= (log.frozen_at or now):
        return "replaced"
    if log.frozen:
        return "closed"
    return "ending" if row.until else "signs"


def _events(log: Log) -> list[Event]:
    """What this log says about itself, oldest first."""
    return list(Event.objects.filter(log=log, kind__in=(OPENED, CLOSED, KEY, RECOVERED)).order_by("id"))


def _said(log: Log, kind: str) -> Event | None:
    return next((event for event in _events(log) if event.kind == kind), None)
