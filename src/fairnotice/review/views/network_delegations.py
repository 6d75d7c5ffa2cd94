"""Delegations: what is recorded for a resource, one delegation through time, and recording another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.actions import delegate as actions
from fairnotice.answerable.errors import Fault, Unfit
from fairnotice.answerable.lookup import find_target
from fairnotice.answerable.queries import delegations as queries
from fairnotice.answerable.queries import organisations
from fairnotice.cases.permissions import require
from fairnotice.review import network_words
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.network import KnownForm, ResourceForm, end_of
from fairnotice.review.forms.network_delegations import DelegationForm
from fairnotice.review.views.network_organisations import VERB


@desk_page("GET")
def resource(request: HttpRequest) -> HttpResponse:
    """GET desk-resource; `resource` is one of the register's resources, never a reported address."""
    if "resource" not in request.GET:
        return render(request, "review/network_resource.html", {"form": ResourceForm()})
    form = ResourceForm(request.GET)
    context: dict[str, Any] = {"form": form}
    status = 200
    if form.is_valid() and form.cleaned_data["resource"] is None:
        form.add_error("resource", _("Give a resource."))
    if form.errors:
        status = 422
    else:
        target, known_on = form.cleaned_data["resource"], end_of(form)
        day = form.cleaned_data["at"] or timezone.now().date()
        context |= {
            "target": target.text,
            "day": day,
            "known_on": known_on,
            "chain": find_target(target, day, known_on),
            "rows": [
                {"one": one, "runs": one.runs_on(day)} for one in queries.recorded_for(target, known_on)
            ],
        }
    return render(request, "review/network_resource.html", context, status=status)


@desk_page("GET", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """GET and POST desk-delegation-add. A GET may name `resource`, `from_handle` and `holder` to begin
    with."""
    actor = actor_of(request)
    require(actor, VERB)
    if request.method != "POST":
        given = {name: request.GET.get(name, "") for name in ("resource", "from_handle", "holder")}
        return _form(request, DelegationForm(initial={"valid_from": timezone.localdate(), **given}))
    form = DelegationForm(request.POST)
    terms = form.terms()
    if terms is None:
        return _form(request, form, status=422)
    try:
        row = actions.delegate(
            actor_id=actor.user_id,
            resource=form.cleaned_data["resource"],
            holder=value(form, "holder"),
            giver=value(form, "from_handle"),
            kind=value(form, "kind"),
            terms=terms,
        )
    except Unfit as error:
        put_on(form, error)
        return _form(request, form, error.faults, status=422)
    messages.success(request, _("The delegation is recorded."))
    return redirect("desk-delegation", queries.ref_of(row.series))


def _form(
    request: HttpRequest, form: DelegationForm, faults: Iterable[Fault] = (), status: int = 200
) -> HttpResponse:
    context = {"form": form, "handles": organisations.handles(), "in_the_way": in_the_way(faults)}
    return render(request, "review/delegation_add.html", context, status=status)


def in_the_way(faults: Iterable[Fault]) -> list[queries.Shown]:
    """The delegations that the faults name."""
    series = {number for fault in faults for number in fault.series}
    return queries.by_series(series) if series else []


@desk_page("GET")
def delegation(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-delegation; `known_on` is a day whose knowledge is shown."""
    rows = queries.versions(queries.series_of(ref))
    form = KnownForm(request.GET)
    known_on = end_of(form)
    said = queries.known(rows, None)
    row = queries.known(rows, known_on)
    about = queries.shown([row or rows[0]], known_on if row else None)[0]
    context: dict[str, Any] = {
        "ref": ref,
        "about": about,
        "row": row,
        "said": said,
        "terms": list(network_words.terms(row)) if row else [],
        "chain": queries.chain_to(row, row.valid_from, known_on) if row else None,
        "filter": form,
        "known_on": known_on,
        "first": rows[-1].recorded_from,
        "versions": [
            {
                "row": version,
                "changed": network_words.differences(earlier, version) if earlier else [],
                "first": earlier is None,
                "last": version is rows[0],
            }
            for version, earlier in zip(rows, [*rows[1:], None], strict=True)
        ],
        "today": timezone.now().date(),
    }
    return render(request, "review/delegation.html", context)
