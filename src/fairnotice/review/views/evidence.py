"""A file that came with a notice: on a page of its own, opened on purpose, never as what it says it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairnotice.cases import files
from fairnotice.cases.actions.files import hand_out
from fairnotice.cases.errors import Invalid, NotFound
from fairnotice.cases.models import EvidenceFile
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import evidence
from fairnotice.plumbing.looking.kinds import TEXT
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.evidence import PurposeForm
from fairnotice.vault import files as store
from fairnotice.vault.errors import SealBroken

#: A browser that is given this runs nothing of it, loads nothing for it, and takes it for no part of us.
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@desk_page("GET")
def page(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-evidence: what the file is, and one page of it; `page` counts from 1."""
    actor = actor_of(request)
    row = evidence.file_for(actor, ref)
    evidence.refuse_closed(row)
    return _page(request, actor, row, PurposeForm())


@desk_page("GET")
def picture(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """GET desk-evidence-picture: one of the pictures that were made anew; `number` counts from 0."""
    row = evidence.file_for(actor_of(request), ref)
    evidence.refuse_closed(row)
    content, media = _shown(row, number)
    if media == TEXT:
        raise NotFound
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'inline; filename="{row.ref}-{number + 1}.{media.rpartition("/")[2]}"'
    return _closed(response)


@desk_page("POST")
def original(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-evidence-original: the file as it came in, for the `purpose` that is given."""
    actor = actor_of(request)
    row = evidence.file_for(actor, ref)
    form = PurposeForm(request.POST)
    try:
        row, content = hand_out(actor=actor, file_ref=ref, purpose=value(form, "purpose"))
    except Invalid as error:
        put_on(form, error)
        return _page(request, actor, row, form, status=422)
    except (store.FileGone, SealBroken):
        raise NotFound from None
    response = HttpResponse(content, content_type="application/octet-stream")
    # Neither its name nor its kind are handed on: a double click on it must start nothing.
    response["Content-Disposition"] = f'attachment; filename="evidence-{row.ref}.bin"'
    return _closed(response)


def _page(
    request: HttpRequest, actor: Actor, row: EvidenceFile, form: PurposeForm, *, status: int = 200
) -> HttpResponse:
    asked = request.GET.get("page", "")
    number = int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    number = min(max(number, 0), max(len(row.shown) - 1, 0))
    text = ""
    if row.shown and row.shown[number]["media"] == TEXT:
        text = _shown(row, number)[0].decode()
    context = {
        "file": evidence.view_of(row),
        "case": evidence.case_of(actor, row),
        "text": text,
        "picture": row.shown[number] if row.shown and not text else None,
        "number": number,
        "page": number + 1,
        "before": number if number > 0 else 0,
        "after": number + 2 if number + 1 < len(row.shown) else 0,
        "form": form,
    }
    return render(request, "review/evidence.html", context, status=status)


def _shown(row: EvidenceFile, number: int) -> tuple[bytes, str]:
    try:
        return files.shown(row, number)
    except (IndexError, store.FileGone, SealBroken):
        raise NotFound from None


def _closed(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response
