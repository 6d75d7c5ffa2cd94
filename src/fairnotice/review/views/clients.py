"""Clients: the list, one with its tokens, status and numbers, adding and closing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import clients as actions
from fairnotice.cases.actions.trusted import is_page
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.permissions import require
from fairnotice.cases.queries import clients as queries
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.clients import ClientForm, ClientListForm
from fairnotice.review.paging import page_of, query_without_page

VERB = "edit_clients"


@desk_page("GET")
def clients(request: HttpRequest) -> HttpResponse:
    """GET desk-clients; `search` is a part of a label."""
    form = ClientListForm(request.GET)
    search = value(form, "search")
    context = {
        "filter": form,
        "search": search,
        "page": page_of(request, queries.listed(search, actor_of(request))),
        "query": query_without_page(request),
    }
    return render(request, "review/clients.html", context)


@desk_page("GET")
def client(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-client."""
    return client_page(request, ref)


@desk_page("GET", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """GET and POST desk-client-add."""
    actor = actor_of(request)
    require(actor, VERB)
    form = ClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_client(actor=actor, label=value(form, "label"))
        except Invalid as error:
            put_on(form, error)
        else:
            messages.success(request, _("The client is added. It can do nothing before it has a token."))
            return redirect("desk-client", made.ref)
    return render(request, "review/client_add.html", {"form": form}, status=422 if form.errors else 200)


@desk_page("GET", "POST")
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-client-close, which says what it does; POST does it to the version that the person saw."""
    actor = actor_of(request)
    require(actor, VERB)
    if request.method != "POST":
        return render(
            request, "review/client_close.html", {"view": queries.client_view(ref, actor_of(request))}
        )
    try:
        actions.close_client(actor=actor, client_ref=ref, version=version_of(request))
    except (Conflict, Refused) as error:
        return client_page(request, ref, problem=str(error), status=409)
    messages.success(request, _("The client is closed. Its tokens have stopped working."))
    return redirect("desk-client", ref)


def client_page(request: HttpRequest, ref: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    """One client as it stands, with what was not done where something was not."""
    view = queries.client_view(ref, actor_of(request))
    context: dict[str, Any] = {
        "view": view,
        "linked": view.status is not None and is_page(view.status.reference),
        "working": any(token.works for token in view.tokens),
        "problem_text": problem,
    }
    return render(request, "review/client.html", context, status=status)
