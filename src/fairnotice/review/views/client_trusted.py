"""That a client is a trusted flagger: written down from the coordinator's register, ended, never given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import trusted as actions
from fairnotice.cases.clients import client_for
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import ApiClient
from fairnotice.cases.permissions import require
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.clients import EndTrustedForm, TrustedForm
from fairnotice.review.views.clients import VERB, client_page

FIELDS = ("reference", "country", "awarded_on", "expires_on", "review_on", "areas")


@desk_page("GET", "POST")
def record(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-trusted-record. The form begins with what is recorded now."""
    actor = actor_of(request)
    require(actor, VERB)
    client = client_for(ref)
    if request.method != "POST":
        return _form(request, client, TrustedForm(initial=_recorded(client)))
    form = TrustedForm(request.POST)
    if form.is_valid():
        typed: dict[str, Any] = {name: form.cleaned_data[name] for name in FIELDS}
        try:
            actions.record_trusted(
                actor=actor,
                client_ref=ref,
                version=version_of(request),
                draft=actions.TrustedDraft(**typed),
            )
        except Invalid as error:
            put_on(form, error)
        except Conflict as error:
            return _form(request, client_for(ref), form, problem=str(error), status=409)
        except Refused as error:
            return client_page(request, ref, problem=str(error), status=409)
        else:
            messages.success(request, _("The status is recorded."))
            return redirect("desk-client", ref)
    return _form(request, client, form, status=422)


@desk_page("GET", "POST")
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-trusted-end; `reason` is why."""
    actor = actor_of(request)
    require(actor, VERB)
    client = client_for(ref)
    form = EndTrustedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_trusted(
                actor=actor, client_ref=ref, version=version_of(request), reason=value(form, "reason")
            )
        except Invalid as error:
            put_on(form, error)
        except Conflict as error:
            context = {"client": client_for(ref), "form": form, "problem_text": str(error)}
            return render(request, "review/trusted_end.html", context, status=409)
        except Refused as error:
            return client_page(request, ref, problem=str(error), status=409)
        else:
            messages.success(request, _("The status has ended. It stays in the history."))
            return redirect("desk-client", ref)
    context = {"client": client, "form": form}
    return render(request, "review/trusted_end.html", context, status=422 if form.errors else 200)


def _recorded(client: ApiClient) -> dict[str, Any]:
    row = client.trusted.filter(end__isnull=True).first()
    return {name: getattr(row, name) for name in FIELDS} if row else {}


def _form(
    request: HttpRequest, client: ApiClient, form: TrustedForm, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "client": client,
        "form": form,
        "anew": client.trusted.filter(end__isnull=True).exists(),
        "problem_text": problem,
    }
    return render(request, "review/trusted_record.html", context, status=status)
