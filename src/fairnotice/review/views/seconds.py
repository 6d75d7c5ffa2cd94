"""The second person: severe decisions that wait, each with everything needed to agree or not."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import confirm as actions
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.queries import desk
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.plain import RefuseForm
from fairnotice.review.paging import page_of
from fairnotice.review.views.case import DecisionView, decision_view, location_of


@dataclass(frozen=True)
class Waiting:
    """One proposed decision with its form."""

    shown: DecisionView
    location: str
    form: RefuseForm


def _show(
    request: HttpRequest,
    *,
    ref: str = "",
    form: RefuseForm | None = None,
    problem: str = "",
    unsent: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    page = page_of(request, desk.seconds(actor))
    waiting = []
    for row in page:
        decision = row.decision
        own = form if form is not None and decision.ref == ref else RefuseForm(prefix=decision.ref)
        waiting.append(Waiting(decision_view(actor, decision), location_of(actor, decision.case.ref), own))
    context = {
        "page": page,
        "waiting": waiting,
        "sealed": desk.may_see_sealed(actor),
        "me": actor.user_id,
        "faulty": form,
        "problem_text": problem,
        "unsent": unsent,
    }
    return render(request, "review/seconds.html", context, status=status)


@desk_page("GET")
def seconds(request: HttpRequest) -> HttpResponse:
    """GET desk-seconds."""
    return _show(request)


@desk_page("POST")
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-confirm; `act` is "confirm" or "refuse", the latter with a `reason` (prefix: the ref)."""
    actor = actor_of(request)
    form = RefuseForm(request.POST, prefix=ref)
    try:
        if request.POST.get("act") == "confirm":
            actions.confirm(actor=actor, decision_ref=ref)
            messages.success(request, _("Confirmed. Both sides are being told."))
        else:
            actions.refuse(actor=actor, decision_ref=ref, reason=value(form, "reason"))
            messages.success(request, _("Refused. The case is back in the queue."))
    except Invalid as error:
        put_on(form, error)
        return _show(request, ref=ref, form=form, status=422)
    except (Conflict, Refused) as error:
        # The decision may have left the list, and with it the field in which the reason stood.
        return _show(request, problem=str(error), unsent=value(form, "reason"), status=409)
    return redirect("desk-seconds")
