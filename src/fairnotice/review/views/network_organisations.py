"""Organisations: find one, list one, say what it is called, and how it is reached. Never what it holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.answerable.actions import contacts as contact_actions
from fairnotice.answerable.actions import organisations as actions
from fairnotice.answerable.errors import Changed, Unfit
from fairnotice.answerable.models import Organisation
from fairnotice.answerable.queries import organisations as queries
from fairnotice.cases.permissions import require
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.network import (
    FIELDS,
    ContactForm,
    FactsForm,
    KnownForm,
    ListForm,
    OrganisationForm,
    end_of,
)
from fairnotice.review.paging import page_of, query_without_page

VERB = "edit_network"


@desk_page("GET")
def organisations(request: HttpRequest) -> HttpResponse:
    """GET desk-organisations; `search` is a part of a handle or name."""
    form = ListForm(request.GET)
    search = value(form, "search")
    context = {
        "filter": form,
        "search": search,
        "page": page_of(request, queries.listed(search)),
        "query": query_without_page(request),
    }
    return render(request, "review/organisations.html", context)


@desk_page("GET", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """GET and POST desk-organisation-add."""
    actor = actor_of(request)
    require(actor, VERB)
    if request.method != "POST":
        return render(request, "review/organisation_add.html", {"form": OrganisationForm()})
    form = OrganisationForm(request.POST)
    if form.is_valid():
        try:
            made = actions.add_organisation(
                actor_id=actor.user_id,
                handle=value(form, "handle"),
                name=value(form, "called"),
                country=value(form, "country"),
                url=value(form, "url"),
                basis=value(form, "basis"),
            )
        except Unfit as error:
            put_on(form, error, fields=FIELDS)
        else:
            messages.success(request, _("The organisation is listed."))
            return redirect("desk-organisation", made.pk)
    return render(request, "review/organisation_add.html", {"form": form}, status=422)


@desk_page("GET")
def organisation(request: HttpRequest, number: int) -> HttpResponse:
    """GET desk-organisation; `known_on` is a day whose knowledge is shown."""
    return _page(request, queries.organisation(number))


@desk_page("POST")
def rename(request: HttpRequest, number: int) -> HttpResponse:
    """POST desk-organisation-rename; `version` is the row that the person saw."""
    actor = actor_of(request)
    require(actor, VERB)
    one = queries.organisation(number)
    form = FactsForm(request.POST, auto_id="id_facts_%s")
    if not form.is_valid():
        return _page(request, one, facts=form, status=422)
    try:
        actions.rename_organisation(
            actor_id=actor.user_id,
            handle=one.handle,
            version=version_of(request),
            name=value(form, "called"),
            country=value(form, "country"),
            url=value(form, "url"),
        )
    except Unfit as error:
        put_on(form, error, fields=FIELDS)
        return _page(request, one, facts=form, status=422)
    except Changed as error:
        return _page(request, one, facts=form, problem=str(error), status=409)
    messages.success(request, _("Recorded. What was said before stays in the history."))
    return redirect("desk-organisation", number)


@desk_page("POST")
def add_contact(request: HttpRequest, number: int) -> HttpResponse:
    """POST desk-contact-add."""
    actor = actor_of(request)
    require(actor, VERB)
    one = queries.organisation(number)
    form = ContactForm(request.POST, auto_id="id_contact_%s")
    if not form.is_valid():
        return _page(request, one, contact=form, status=422)
    try:
        contact_actions.add_contact(
            actor_id=actor.user_id,
            handle=one.handle,
            address=value(form, "where"),
            role=value(form, "role"),
            channel=value(form, "channel"),
            resource=form.cleaned_data["resource"],
        )
    except Unfit as error:
        put_on(form, error, fields=FIELDS)
        return _page(request, one, contact=form, status=422)
    messages.success(request, _("The contact is recorded."))
    return redirect("desk-organisation", number)


@desk_page("POST")
def end_contact(request: HttpRequest, number: int) -> HttpResponse:
    """POST desk-contact-end."""
    actor = actor_of(request)
    require(actor, VERB)
    home = queries.home_of_contact(number)
    contact_actions.end_contact(actor_id=actor.user_id, contact_id=number)
    messages.success(request, _("The contact has ended. It stays in the history."))
    return redirect("desk-organisation", home)


@desk_page("POST")
def mark_contact(request: HttpRequest, number: int) -> HttpResponse:
    """POST desk-contact-mark; `works` is "yes" or "no"."""
    actor = actor_of(request)
    require(actor, VERB)
    home = queries.home_of_contact(number)
    works = request.POST.get("works")
    if works not in ("yes", "no"):
        return _page(request, queries.organisation(home), problem=_("Say whether it works."), status=422)
    contact_actions.mark_contact(actor_id=actor.user_id, contact_id=number, works=works == "yes")
    messages.success(
        request, _("Marked as working.") if works == "yes" else _("Marked as known not to work.")
    )
    return redirect("desk-organisation", home)


def _page(
    request: HttpRequest,
    one: Organisation,
    *,
    facts: FactsForm | None = None,
    contact: ContactForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    known = KnownForm(request.GET)
    known_on = end_of(known)
    history = queries.history(one)
    said = next((row for row in history if row.recorded_until is None), None)
    shown = next(
        (
            row
            for row in history
            if known_on
            and row.recorded_from <= known_on
            and (row.recorded_until is None or known_on < row.recorded_until)
        ),
        None if known_on else said,
    )
    initial = {"called": said.name, "country": said.country, "url": said.url} if said else {}
    context: dict[str, Any] = {
        "one": one,
        "said": said,
        "shown": shown,
        "history": history,
        "filter": known,
        "known_on": known_on,
        "contacts": queries.contacts(one, known_on),
        "former": queries.former_contacts(one),
        "facts": facts or FactsForm(initial=initial, auto_id="id_facts_%s"),
        "contact": contact or ContactForm(auto_id="id_contact_%s"),
        "faulty": facts if facts is not None and facts.errors else contact,
        "problem_text": problem,
        "changing": facts is not None,
        "adding": contact is not None,
    }
    return render(request, "review/organisation.html", context, status=status)
