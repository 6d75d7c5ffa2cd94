"""Notices in which somebody says that a life is in danger: who looks after one, and what was done."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.actions import emergency as actions
from fairnotice.cases.carrying_out import hooks
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.queries import emergencies as queries
from fairnotice.law.emergencies import EVENT
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.emergencies import AssessForm
from fairnotice.review.paging import page_of, query_without_page


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-emergencies."""
    actor = actor_of(request)
    named = settings.FN_EMERGENCY_CONTACTS or settings.FN_EMERGENCY_COMMAND
    context = {
        "waiting": list(queries.emergencies(actor)),
        "page": page_of(request, queries.emergencies(actor, past=True)),
        "query": query_without_page(request),
        "reachable": bool(named) or any(EVENT in hook.events for hook in hooks()),
    }
    return render(request, "review/emergencies.html", context)


@desk_page("GET")
def emergency(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-emergency."""
    return _show(request, ref)


@desk_page("POST")
def acknowledge(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-emergency-acknowledge."""
    try:
        actions.acknowledge(actor=actor_of(request), emergency_ref=ref)
    except (Conflict, Refused) as error:
        return _show(request, ref, problem=str(error), status=409)
    messages.success(request, _("You look after it. Nobody else is alerted."))
    return redirect("desk-emergency", ref)


@desk_page("POST")
def assess(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-emergency-assess; fields of AssessForm."""
    form = AssessForm(request.POST)
    form.is_valid()
    chosen = {"yes": True, "no": False}.get(value(form, "passed_on"))
    if "passed_at" in form.errors:
        actions.emergency_for(actor_of(request), ref)
        return _show(request, ref, form=form, status=422)
    try:
        actions.assess(
            actor=actor_of(request),
            emergency_ref=ref,
            passed_on=chosen,
            authority=value(form, "authority"),
            passed_at=form.cleaned_data.get("passed_at"),
            why=value(form, "why"),
        )
    except Invalid as error:
        put_on(form, error)
        return _show(request, ref, form=form, status=422)
    except (Conflict, Refused) as error:
        return _show(request, ref, form=form, problem=str(error), status=409)
    messages.success(request, _("Written down."))
    return redirect("desk-emergencies")


def _show(
    request: HttpRequest, ref: str, *, form: AssessForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    view = queries.emergency_view(actor_of(request), ref)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    context = {
        "view": view,
        "row": view.row,
        "form": form or AssessForm(initial={"passed_at": now}),
        "problem_text": problem,
    }
    return render(request, "review/emergency.html", context, status=status)
