"""What has not gone out, why, and what a person can do about what was given up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import outgoing as actions
from fairnotice.cases.errors import Conflict, Refused
from fairnotice.cases.queries import outgoing
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.forms.outgoing import OutgoingForm
from fairnotice.review.paging import page_of, query_without_page


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-outgoing; `state` narrows the list."""
    actor = actor_of(request)
    form = OutgoingForm(request.GET or None)
    state = form.cleaned_data["state"] if form.is_bound and form.is_valid() else ""
    page = page_of(request, outgoing.rows(actor, state=state))
    context = {
        "page": page,
        "rows": outgoing.views(list(page)),
        "filter": form,
        "filtered": bool(state),
        "query": query_without_page(request),
    }
    return render(request, "review/outgoing.html", context)


@desk_page("POST")
def resend(request: HttpRequest, number: int) -> HttpResponse:
    """POST desk-outgoing-resend."""
    try:
        actions.resend(actor=actor_of(request), number=number)
        messages.success(request, _("It is on its way again. If it fails once more, it shows here."))
    except (Conflict, Refused) as error:
        messages.warning(request, str(error))
    return redirect("desk-outgoing")


@desk_page("POST")
def put_away(request: HttpRequest, number: int) -> HttpResponse:
    """POST desk-outgoing-away."""
    try:
        actions.put_away(actor=actor_of(request), number=number)
        messages.success(request, _("Put away. It is sent to nobody."))
    except (Conflict, Refused) as error:
        messages.warning(request, str(error))
    return redirect("desk-outgoing")
