"""People of trust for notices about somebody who works here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import trusted_people as actions
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import InvolvedContact
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.trusted_people import TrustedPersonForm


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-trust."""
    return _list(request, TrustedPersonForm())


@desk_page("POST")
def add(request: HttpRequest) -> HttpResponse:
    """POST desk-trust-add; `label`, and `user` or `mailbox`."""
    form = TrustedPersonForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    user = form.cleaned_data["user"]
    try:
        actions.add_trusted_person(
            actor=actor_of(request),
            label=value(form, "label"),
            user_id=user.pk if user else None,
            mailbox=value(form, "mailbox"),
        )
    except Invalid as error:
        put_on(form, error)
        return _list(request, form, status=422)
    messages.success(request, _("On the list from now on."))
    return redirect("desk-trust")


@desk_page("POST")
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-trust-end."""
    actions.end_trusted_person(actor=actor_of(request), contact_ref=ref)
    messages.success(request, _("Off the list."))
    return redirect("desk-trust")


def _list(request: HttpRequest, form: TrustedPersonForm, *, status: int = 200) -> HttpResponse:
    rows = list(InvolvedContact.objects.filter(ended_at__isnull=True).select_related("user"))
    context = {"rows": rows, "accounts": any(row.user_id for row in rows), "form": form}
    return render(request, "review/trusted_people.html", context, status=status)
