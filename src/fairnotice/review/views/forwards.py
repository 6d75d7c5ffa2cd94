"""Forwarded notices: what waits for an answer, letters that no program could read, and what a person can
do."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import forward as forward_actions
from fairnotice.cases.actions import forward_customer, forward_reply, forward_send
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import Case, ForwardStatus
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import desk, forwards
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on
from fairnotice.review.forms.forwards import AnswerForm, StateForm
from fairnotice.review.paging import page_of, query_without_page
from fairnotice.review.views.case import location_of


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-forwards; `state` narrows the list."""
    actor = actor_of(request)
    filter_form = StateForm(request.GET or None)
    state = filter_form.cleaned_data["state"] if filter_form.is_bound and filter_form.is_valid() else ""
    page = page_of(request, forwards.forwards(actor, state=state))
    views = forwards.views(list(page))
    context = {
        "page": page,
        "rows": [(view, _location(actor, view.status.forward.item.case)) for view in views],
        "letters": [
            (letter, forwards.letter_text(actor, letter)) for letter in forwards.letters_waiting(actor)
        ],
        "filter": filter_form,
        "query": query_without_page(request),
        "sealed": desk.may_see_sealed(actor),
    }
    return render(request, "review/forwards.html", context)


@desk_page("POST")
def remind(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-forward-remind."""
    return _act(request, ref, forward_send.remind, _("A reminder is on its way."))


@desk_page("POST")
def stop(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-forward-stop: for the whole item."""
    return _act(request, ref, forward_send.stop, _("Nobody is asked about this item any more."))


@desk_page("GET", "POST")
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-forward-answer: an answer that came in another way."""
    actor = actor_of(request)
    status = forward_actions.forward_for(actor, ref)
    if request.method != "POST":
        return _answer_page(request, status, AnswerForm())
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, status, form, code=422)
    try:
        forward_actions.record_by_hand(
            actor=actor, forward_ref=ref, status=form.cleaned_data["status"], text=form.cleaned_data["text"]
        )
    except Invalid as error:
        put_on(form, error, "")
        return _answer_page(request, status, form, code=422)
    except (Conflict, Refused) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Recorded. The notifier is told."))
    return _case(status.forward.item.case)


@desk_page("POST")
def customer(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-item-customer: hand the item to the operator's own system for its customer."""
    letter = forward_customer.pass_to_customer(actor=actor_of(request), item_ref=ref)
    messages.success(request, _("The letter to the customer is on its way."))
    return _case(letter.item.case)


@desk_page("POST")
def handled(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-letter-handled."""
    forward_reply.letter_handled(actor=actor_of(request), letter_ref=ref)
    messages.success(request, _("The letter waits for nobody any more."))
    return redirect("desk-forwards")


def _answer_page(
    request: HttpRequest, status: ForwardStatus, form: AnswerForm, *, code: int = 200
) -> HttpResponse:
    context = {"status": status, "forward": status.forward, "form": form, "case": status.forward.item.case}
    return render(request, "review/forward_answer.html", context, status=code)


def _location(actor: Actor, case: Case | None) -> str:
    return location_of(actor, case.ref) if case else ""


def _act(request: HttpRequest, ref: str, act: Callable[..., object], done: str) -> HttpResponse:
    """Do one thing to a forwarding and go back to its case, which says what came of it."""
    actor = actor_of(request)
    status = forward_actions.forward_for(actor, ref)
    try:
        act(actor=actor, forward_ref=ref)
        messages.success(request, done)
    except (Conflict, Refused) as error:
        messages.warning(request, str(error))
    return _case(status.forward.item.case)


def _case(case: Case | None) -> HttpResponse:
    return redirect("desk-case", case.ref) if case else redirect("desk-forwards")
