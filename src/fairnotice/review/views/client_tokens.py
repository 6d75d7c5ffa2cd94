"""Tokens of a client: a new one is shown on the page that answers its making, and never again."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import tokens as actions
from fairnotice.cases.clients import client_for, token_for
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import ApiToken
from fairnotice.cases.permissions import require
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.clients import RotateForm, TokenForm
from fairnotice.review.views.clients import VERB, client_page


@desk_page("GET", "POST")
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-token-add."""
    actor = actor_of(request)
    require(actor, VERB)
    client = client_for(ref)
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_token(
                actor=actor,
                client_ref=ref,
                version=version_of(request),
                scopes=form.cleaned_data["scopes"],
                last_day=form.cleaned_data["last_day"],
            )
        except Invalid as error:
            put_on(form, error)
        except Conflict as error:
            context = {"client": client_for(ref), "form": form, "problem_text": str(error)}
            return render(request, "review/token_add.html", context, status=409)
        except Refused as error:
            return client_page(request, ref, problem=str(error), status=409)
        else:
            return _shown_once(request, made)
    context = {"client": client, "form": form}
    return render(request, "review/token_add.html", context, status=422 if form.errors else 200)


@desk_page("GET", "POST")
def rotate(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-token-rotate; `grace_days` is how long the old one goes on."""
    actor = actor_of(request)
    require(actor, VERB)
    token = token_for(ref)
    form = RotateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.rotate_token(
                actor=actor,
                token_ref=ref,
                version=version_of(request),
                grace_days=_number(form),
                last_day=form.cleaned_data["last_day"],
            )
        except Invalid as error:
            put_on(form, error)
        except (Conflict, Refused) as error:
            return client_page(request, token.client.ref, problem=str(error), status=409)
        else:
            return _shown_once(request, made)
    context = {"token": token, "client": token.client, "form": form}
    return render(request, "review/token_rotate.html", context, status=422 if form.errors else 200)


@desk_page("GET", "POST")
def revoke(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-token-revoke, which says what it does; POST does it to the version that the person saw."""
    actor = actor_of(request)
    require(actor, VERB)
    token = token_for(ref)
    client = token.client
    if request.method != "POST":
        return render(request, "review/token_revoke.html", {"token": token, "client": client})
    try:
        actions.revoke_tokens(actor=actor, client_ref=client.ref, token_ref=ref, version=version_of(request))
    except (Conflict, Refused, NotFound) as error:
        return client_page(request, client.ref, problem=str(error), status=409)
    messages.success(request, _("The token has stopped working."))
    return redirect("desk-client", client.ref)


def _number(form: forms.Form) -> int:
    """The days as typed; -1, which the action refuses with its own words, for anything but a small number."""
    text = value(form, "grace_days").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


def _shown_once(request: HttpRequest, made: actions.NewToken) -> HttpResponse:
    old: ApiToken | None = made.token.replaces
    context = {"token": made.token, "client": made.token.client, "text": made.text, "old": old}
    return render(request, "review/token_shown.html", context)
