"""Why somebody opens a case that is not theirs to work on: asked once, before anything is shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from fairnotice.cases.openings import state_purpose
from fairnotice.cases.people import case_for
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.forms.openings import PurposeForm


@desk_page("GET", "POST")
def purpose(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-purpose; `purpose`, and in `next` the page of the desk that was asked for."""
    actor = actor_of(request)
    case = case_for(actor, ref)
    given = request.POST if request.method == "POST" else request.GET
    onwards = _onwards(given.get("next", ""), reverse("desk-case", args=[ref]))
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["purpose"]
        state_purpose(actor=actor, case_ref=case.ref, purpose=chosen)
        return redirect(onwards)
    context = {"case": case, "form": form, "next": onwards}
    return render(request, "review/purpose.html", context, status=422 if form.errors else 200)


def _onwards(wanted: str, otherwise: str) -> str:
    """A page of the desk on this site, else the case."""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and wanted.startswith(reverse("desk")) else otherwise
