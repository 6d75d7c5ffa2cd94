"""The register as JSON, for other people's programs. The shape is described in docs/register-json.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases.models import PublicEntry
from fairnotice.cases.queries import public
from fairnotice.register import filters, proofs
from fairnotice.register.views import SHORTLY, find

FORMAT = "fair-notice-register/1"


@require_safe
def entries(request: HttpRequest) -> JsonResponse:
    """The list with the filters of the page. A filter that is not understood is refused with 400:
    a program would not notice that it was left out."""
    search = filters.read(request.GET)
    faults = dict(search.faults)
    for name in sorted(set(request.GET) - set(filters.PARAMETERS)):
        faults[name[:40]] = _("There is no such parameter. These are: %(names)s") % {
            "names": ", ".join(filters.PARAMETERS)
        }
    if faults:
        return _answer({"format": FORMAT, "faults": faults}, 400)
    pages = Paginator(search.rows(), filters.PER_PAGE)
    if search.page > pages.num_pages:
        return _answer({"format": FORMAT, "faults": {"page": _("There are not that many pages.")}}, 404)
    page = pages.page(search.page)
    return _answer(
        {
            "format": FORMAT,
            "filters": search.chosen,
            "count": pages.count,
            "page": page.number,
            "pages": pages.num_pages,
            "previous": _page_url(search, page.number - 1) if page.has_previous() else None,
            "next": _page_url(search, page.number + 1) if page.has_next() else None,
            "entries": [_entry(entry) for entry in page],
        }
    )


@require_safe
def entry(request: HttpRequest, ref: str) -> JsonResponse:
    """One entry, and where its records stand in the log."""
    found = find(ref)
    if found is None:
        return _answer({"format": FORMAT, "faults": {"ref": _("There is no such entry.")}}, 404)
    proof = proofs.proof_of(found)
    records = [
        {
            "of": place.kind,
            "origin": place.origin,
            "index": place.number - 1 if place.number else None,
            "size": place.size or None,
        }
        for place in proof.places
    ]
    log = {"logs": proof.logs, "complete": proof.whole, "records": records}
    return _answer({"format": FORMAT, "entry": _entry(found), "log": log})


def _entry(entry: PublicEntry) -> dict[str, Any]:
    links = {name: _absolute(reverse(route, args=[entry.ref])) for name, route in _LINKS}
    return {**public.entry_json(entry), "links": links}


_LINKS = (("page", "register-entry"), ("json", "register-entry-json"), ("proof", "register-proof"))


def _page_url(search: filters.Search, number: int) -> str:
    return _absolute(f"{reverse('register-list-json')}?{search.query(page=number)}")


def _absolute(path: str) -> str:
    return f"{settings.FN_BASE_URL}{path}"


def _answer(content: dict[str, Any], status: int = 200) -> JsonResponse:
    answer = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = SHORTLY if status == 200 else "no-store"
    return answer
