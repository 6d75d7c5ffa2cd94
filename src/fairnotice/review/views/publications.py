"""The second look before a decision becomes an entry of the public register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import publish as actions
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import Publication
from fairnotice.cases.permissions import ACTIONS
from fairnotice.cases.queries import desk
from fairnotice.law.redaction import findings
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.plain import ApproveForm, WithholdForm
from fairnotice.review.paging import page_of, query_without_page

STATES = ("drafted", "approved", "published", "withheld")


@desk_page("GET")
def publications(request: HttpRequest) -> HttpResponse:
    """GET desk-publications; `state` is one of STATES."""
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else "drafted"
    actor = actor_of(request)
    context = {
        "page": page_of(request, desk.publications(actor, state=state)),
        "query": query_without_page(request),
        "state": state,
        "states": STATES,
        "me": actor.user_id,
    }
    return render(request, "review/publications.html", context)


def marked(text: str) -> list[tuple[str, str]]:
    """The text in pieces (kind of finding or "", piece), so that what leads to a person or a page can be
    marked. Pieces that overlap, such as an address within a quotation, are marked once."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for found in findings(text):
        if found.start < at:
            continue
        pieces += [("", text[at : found.start]), (found.kind, found.excerpt)]
        at = found.end
    return [piece for piece in [*pieces, ("", text[at:])] if piece[1]]


def _show(
    request: HttpRequest,
    ref: str,
    *,
    approve: ApproveForm | None = None,
    withhold: WithholdForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    found: Publication = actions.publication_of(actor, ref)
    decision = found.decision
    summary = value(approve, "summary") if approve else found.summary
    last = actions.last_outcome(decision)
    may = bool(actor.roles & ACTIONS["approve_publication"])
    context: dict[str, Any] = {
        "publication": found,
        "decision": decision,
        "measures": actions.measures_of(decision),
        "appeal_outcome": last.outcome if last else "",
        "pieces": marked(summary),
        "kinds": sorted({f.kind for f in findings(summary)}),
        "approve": approve or ApproveForm(initial={"summary": found.summary}),
        "withhold": withhold or WithholdForm(),
        "faulty": (approve if approve and approve.errors else None) or withhold,
        "wrote_it": may and found.drafted_by_id == actor.user_id,
        "can_approve": may and found.state == "drafted" and found.drafted_by_id != actor.user_id,
        "can_withhold": may and found.state in ("drafted", "approved"),
        "sealed": desk.may_see_sealed(actor),
        "problem_text": problem,
    }
    return render(request, "review/publication.html", context, status=status)


@desk_page("GET")
def publication(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-publication."""
    return _show(request, ref)


@desk_page("POST")
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-publication-approve; field `summary`."""
    form = ApproveForm(request.POST)
    try:
        actions.approve_publication(
            actor=actor_of(request), publication_ref=ref, summary=value(form, "summary")
        )
    except Invalid as error:
        put_on(form, error)
        return _show(request, ref, approve=form, status=422)
    except (Conflict, Refused) as error:
        return _show(request, ref, approve=form, problem=str(error), status=409)
    messages.success(request, _("Approved. It becomes public with the next daily batch."))
    return redirect("desk-publications")


@desk_page("POST")
def withhold(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-publication-withhold; field `reason`."""
    form = WithholdForm(request.POST)
    try:
        actions.withhold_publication(
            actor=actor_of(request), publication_ref=ref, reason=value(form, "reason")
        )
    except Invalid as error:
        put_on(form, error)
        return _show(request, ref, withhold=form, status=422)
    except (Conflict, Refused) as error:
        return _show(request, ref, withhold=form, problem=str(error), status=409)
    messages.success(request, _("Withheld. It does not become public."))
    return redirect("desk-publications")
