"""The answer to whoever forwarded a notice to us."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from fairnotice.cases.actions import inbox as actions
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.people import visible_cases
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.case import AnswerSenderForm
from fairnotice.review.views.case import show_case


@desk_page("POST")
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-answer-sender; `answer` and `text`, prefixed by the reference of the forwarded notice."""
    actor = actor_of(request)
    inbound = actions.inbound_for(actor, ref)
    # Any of its cases that this person may see shows the form again.
    case = visible_cases(actor).filter(items__notice=inbound.notice).order_by("id")[0]
    form = AnswerSenderForm(request.POST, prefix=ref)
    if not form.is_valid():
        return show_case(request, case.ref, answer_form=form, status=422)
    try:
        actions.answer_sender(
            actor=actor, inbound_ref=ref, answer=value(form, "answer"), text=value(form, "text")
        )
    except Invalid as error:
        put_on(form, error)
        return show_case(request, case.ref, answer_form=form, status=422)
    except (Conflict, Refused) as error:
        return show_case(request, case.ref, problem=str(error), status=409)
    messages.success(request, _("The sender gets this answer."))
    return redirect("desk-case", case.ref)
