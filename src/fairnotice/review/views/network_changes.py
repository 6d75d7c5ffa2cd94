"""Give back, correct or take back a delegation. Each is looked at once more before it is written.

`step` of a POST is "preview" (say what would change), "edit" (back to the form) or "write".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.actions import delegate as actions
from fairnotice.answerable.actions.delegate import Terms
from fairnotice.answerable.errors import Changed, Fault, Unfit
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.queries import delegations as queries
from fairnotice.answerable.queries import previews
from fairnotice.cases.permissions import Actor, require
from fairnotice.review import network_words
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.faulty import put_on
from fairnotice.review.forms.network_delegations import GiveBackForm, RetractForm, TermsForm
from fairnotice.review.forms.plain import PlainForm
from fairnotice.review.network_words import Difference
from fairnotice.review.views.network_delegations import in_the_way
from fairnotice.review.views.network_organisations import VERB


class _Change:
    """One change that somebody is about to make: the row that is said now, and the page around it."""

    def __init__(self, request: HttpRequest, ref: str, template: str) -> None:
        self.request, self.ref, self.template = request, ref, template
        self.actor: Actor = actor_of(request)
        require(self.actor, VERB)
        row = queries.known(queries.versions(queries.series_of(ref)), None)
        if row is None:
            raise Changed(_("This delegation was taken back. Nothing more can be changed about it."))
        self.row: Delegation = row
        self.step = request.POST.get("step", "") if request.method == "POST" else ""
        if self.step in ("preview", "write") and version_of(request) != row.pk:
            raise Changed(_("Somebody changed this meanwhile. Please look at it again."))

    def show(
        self, form: PlainForm, *, faults: Iterable[Fault] = (), preview: bool = False, **more: Any
    ) -> HttpResponse:
        context = {
            "ref": self.ref,
            "about": queries.shown([self.row])[0],
            "row": self.row,
            "terms": list(network_words.terms(self.row)),
            "form": form,
            "in_the_way": in_the_way(faults),
            "preview": preview,
            **more,
        }
        return render(self.request, self.template, context, status=422 if form.errors else 200)

    def done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect("desk-delegation", self.ref)


@desk_page("GET", "POST")
def give_back(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-delegation-give-back; `on` and `with_below`."""
    change = _Change(request, ref, "review/delegation_give_back.html")
    row, today = change.row, timezone.localdate()
    if not change.step:
        return change.show(GiveBackForm(initial={"on": today}), below=previews.below(row, today))
    form = GiveBackForm(request.POST)
    day = form.cleaned_data["on"] if form.is_valid() else None
    if day is None:
        if not form.errors:
            form.add_error("on", _("Give the first day without it."))
        return change.show(form, below=previews.below(row, today))
    below = previews.below(row, day)
    if change.step == "edit":
        return change.show(form, below=below)
    with_below = bool(form.cleaned_data["with_below"])
    try:
        actions.ending(row, on=day, with_below=with_below)
        if not with_below and previews.refusals(row, valid_until=day):
            words = _("Something that was passed on from it still runs then. End that as well, or first.")
            raise Unfit([Fault("with_below", "below", words, tuple(one.row.series for one in below))])
        if change.step == "write":
            actions.give_back(
                actor_id=change.actor.user_id,
                series=row.series,
                version=row.pk,
                on=day,
                with_below=with_below,
            )
            return change.done(_("Recorded: it went back to its giver."))
    except Unfit as error:
        put_on(form, error)
        return change.show(form, faults=error.faults, below=below)
    until = Difference(_("Until"), dict(network_words.terms(row))[_("Until")], network_words.day(day))
    return change.show(form, preview=True, below=below if with_below else [], differences=[until])


@desk_page("GET", "POST")
def correct(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-delegation-correct; the fields of TermsForm."""
    change = _Change(request, ref, "review/delegation_correct.html")
    row = change.row
    if not change.step:
        return change.show(TermsForm(initial={name: getattr(row, name) for name in TermsForm.base_fields}))
    form = TermsForm(request.POST)
    terms = form.terms()
    if terms is None or change.step == "edit":
        return change.show(form)
    differences = network_words.differences(row, terms)
    try:
        if faults := _faults(row, terms):
            raise Unfit(faults)
        if change.step == "write":
            actions.correct(actor_id=change.actor.user_id, series=row.series, version=row.pk, terms=terms)
            return change.done(_("Corrected. What was said before stays in the history."))
    except Unfit as error:
        put_on(form, error)
        return change.show(form, faults=error.faults)
    return change.show(form, preview=True, differences=differences)


def _faults(row: Delegation, terms: Terms) -> list[Fault]:
    if not network_words.differences(row, replace(terms, source=row.source)):
        return [Fault("", "same", _("Nothing was changed."))]
    values = {name: getattr(terms, name) for name in (*TermsForm.base_fields, "source")}
    return actions.terms_faults(terms) or previews.refusals(row, **values)


@desk_page("GET", "POST")
def retract(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-delegation-retract. What it says is on the page before the button is."""
    change = _Change(request, ref, "review/delegation_retract.html")
    row = change.row
    below = previews.directly_below(row)
    if change.step != "write":
        return change.show(RetractForm(), preview=True, below=below)
    try:
        actions.retract(actor_id=change.actor.user_id, series=row.series, version=row.pk)
    except Unfit as error:
        form = RetractForm(request.POST)
        put_on(form, error)
        return change.show(form, faults=error.faults, preview=True, below=below)
    return change.done(_("Taken back: it never was so. It stays in the history of what was said."))
