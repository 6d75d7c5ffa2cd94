"""Statements of reasons on their way into the EU database: which wait for a person, and why."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import filing as actions
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.filings import TEXTS
from fairnotice.cases.queries import filings
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.filings import FilingsForm, ReleaseForm
from fairnotice.review.paging import page_of, query_without_page
from fairnotice.review.views.publications import marked


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-filings; `state` narrows the list."""
    actor = actor_of(request)
    form = FilingsForm(request.GET or None)
    state = form.cleaned_data["state"] if form.is_bound and form.is_valid() else ""
    page = page_of(request, filings.rows(actor, state))
    context = {
        "page": page,
        "rows": list(page),
        "filter": form,
        "filtered": bool(state),
        "query": query_without_page(request),
        "counts": filings.counts(actor),
        "gate": filings.gate_now(),
        "sends": settings.FN_STATEMENTS["send"],
        "place": settings.FN_STATEMENTS["place"],
    }
    return render(request, "review/filings.html", context)


@desk_page("POST")
def go_on(request: HttpRequest) -> HttpResponse:
    """POST desk-filings-on."""
    try:
        actions.go_on(actor=actor_of(request))
        messages.success(request, _("What waits is sent again."))
    except Conflict as error:
        messages.warning(request, str(error))
    return redirect("desk-filings")


@desk_page("GET")
def filing(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-filing."""
    return _show(request, ref)


@desk_page("POST")
def release(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-filing-release; fields of ReleaseForm."""
    form = ReleaseForm(request.POST)
    form.is_valid()
    actor = actor_of(request)
    try:
        if form.errors:
            actions.filing_for(actor, ref)
            return _show(request, ref, form=form, status=422)
        actions.release(
            actor=actor,
            filing_ref=ref,
            version=version_of(request),
            facts=value(form, "facts"),
            explanation=value(form, "explanation"),
            reason=value(form, "reason"),
        )
    except Invalid as error:
        put_on(form, error)
        return _show(request, ref, form=form, status=422)
    except (Conflict, Refused) as error:
        return _show(request, ref, form=form, problem=str(error), status=409)
    messages.success(request, _("It is sent with the next ones."))
    return redirect("desk-filings")


def _show(
    request: HttpRequest, ref: str, *, form: ReleaseForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    found = filings.view(actor_of(request), ref)
    open_ = found.filing.state in filings.WAITING and not found.erased
    typed = {name: value(form, name) for name in TEXTS} if form is not None else found.texts
    context = {
        "view": found,
        "filing": found.filing,
        "form": (form or ReleaseForm(initial=found.texts)) if open_ else None,
        "unsent": "" if open_ or form is None else "\n\n".join(typed.values()),
        "facts": marked(typed["facts"]),
        "explanation": marked(typed["explanation"]),
        # What stands in a field that nobody can write anew.
        "elsewhere": [one for one in found.places if not one.field.endswith(("_facts", "_explanation"))],
        "problem_text": problem,
    }
    return render(request, "review/filing.html", context, status=status)
