"""The register as pages."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases.models import PublicEntry
from fairnotice.register import filters, proofs, wording
from fairnotice.register.forms import SearchForm

_REF = re.compile(r"[2-9A-HJ-NP-Z]{12}")
SHORTLY = "public, max-age=60"


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The list. Works without scripts; the address holds the whole search, so that it can be passed on."""
    search = filters.read(request.GET)
    faults = dict(search.faults)
    page = Paginator(search.rows(), filters.PER_PAGE).get_page(search.page)
    if search.page > page.paginator.num_pages:
        faults["page"] = _("There are not that many pages, so this is the last one.")
    narrowed = any(name != "q" for name in search.chosen)
    context = {
        "form": SearchForm(search),
        "page": page,
        "found": [wording.listed(entry) for entry in page],
        "notes": list(faults.values()),
        "query": search.query(),
        "searched": bool(search.chosen),
        "narrowed": narrowed,
        "empty": not search.chosen and not page.paginator.count,
    }
    return render(request, "register/list.html", context)


@require_safe
def entry(request: HttpRequest, ref: str) -> HttpResponse:
    """One entry with what happened on appeal and where it stands in the log."""
    found = find(ref)
    if found is None:
        return no_entry(request)
    return render(
        request,
        "register/entry.html",
        {
            "entry": found,
            "title": wording.title(found),
            "lines": wording.record(found),
            "appeal": wording.appeal_words(found.appeal_outcome),
            "appeal_lines": wording.appeal_lines(found),
            "proof": proofs.proof_of(found),
            "file_name": proofs.file_name(found),
        },
    )


@require_safe
def proof(request: HttpRequest, ref: str) -> HttpResponse:
    """The file for `fairnotice verify`. 404 with the reason while the log does not hold all of it yet."""
    found = find(ref)
    if found is None:
        return no_entry(request)
    evidence = proofs.proof_of(found)
    if not evidence.whole:
        return refusal(
            request,
            404,
            _("The proof is not there yet"),
            _("This entry is on its way into the public log. Its proof can be fetched once it is there."),
        )
    return HttpResponse(
        evidence.text(),
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{proofs.file_name(found)}"',
            "Cache-Control": SHORTLY,
            "Access-Control-Allow-Origin": "*",
        },
    )


def find(ref: str) -> PublicEntry | None:
    """The entry with this reference; None also for a text that cannot be one."""
    return PublicEntry.objects.filter(ref=ref).first() if _REF.fullmatch(ref) else None


def no_entry(request: HttpRequest) -> HttpResponse:
    """404 for a reference that leads nowhere."""
    return refusal(
        request,
        404,
        _("There is no such entry"),
        _("The reference may be misspelt. It has twelve letters and digits, and no O, I, 0 or 1."),
        _("Decisions appear here some days after they were made; some never, to keep somebody safe."),
    )


def refusal(request: HttpRequest, status: int, heading: str, *paragraphs: str) -> HttpResponse:
    """A page that says why there is nothing to see."""
    context: dict[str, Any] = {"heading": heading, "paragraphs": paragraphs, "status": status}
    return render(request, "register/nothing.html", context, status=status)
