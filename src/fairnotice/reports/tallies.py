"""The counts of closed months, each with the evidence that the public log holds its digest."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases.counting.period import WrongPeriod, parse_month
from fairnotice.cases.models import Tally
from fairnotice.cases.queries import reports as queries
from fairnotice.cases.reporting import files
from fairnotice.ledger.evidence import build
from fairnotice.reports.views import download, refusal
from fairnotice.translog.errors import TranslogError


@require_safe
def tallies(request: HttpRequest) -> HttpResponse:
    """GET tallies: the months, the newest first."""
    return render(request, "reports/tallies.html", {"tallies": list(queries.tallies().defer("table"))})


@require_safe
def table(request: HttpRequest, month: str) -> HttpResponse:
    """GET tally: the table, in the bytes whose SHA-256 the log holds."""
    found = find(month)
    return download(found.table.encode(), f"{month}.json") if found else _no_month(request)


@require_safe
def proof(request: HttpRequest, month: str) -> HttpResponse:
    """GET tally-proof: the file for `fairnotice verify`. 404 while the log does not hold the entry yet."""
    found = find(month)
    if found is None:
        return _no_month(request)
    evidence = evidence_of(found)
    if evidence is None:
        return refusal(
            request,
            _("The proof is not there yet"),
            _("This month is on its way into the public log. Its proof can be fetched once it is there."),
        )
    return download(evidence, f"{month}.proof.json")


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """GET tallies-zip: every month whose proof is there, for `fairnotice report verify --tallies`."""

    def named() -> Iterator[tuple[str, bytes]]:
        for one in queries.tallies():
            evidence = evidence_of(one)
            if evidence is not None:
                yield f"{one.month:%Y-%m}.json", one.table.encode()
                yield f"{one.month:%Y-%m}.proof.json", evidence

    return download(files.zipped(named()), "tallies.zip")


def find(month: str) -> Tally | None:
    """The tally of a month written as 2026-01."""
    try:
        first = parse_month(month).first
    except WrongPeriod:
        return None
    return queries.tallies().filter(month=first).first()


def evidence_of(tally: Tally) -> bytes | None:
    """The tally's own fields, opened, with the proof; None while the published log has no proof of it."""
    event = tally.event
    try:
        document = build("register-entry", [(event, ["kind", "time", *event.open], {})], promise=False)
    except (TranslogError, OSError):
        return None
    if not document["records"][0]["proof"]:
        return None
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def _no_month(request: HttpRequest) -> HttpResponse:
    return refusal(
        request,
        _("There is no tally of this month"),
        _("A month has one a day after it is over. A month is written as 2026-01."),
    )
