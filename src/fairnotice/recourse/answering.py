"""The page on which an organisation answers, behind the token of the letter to it. No account is needed.

Looking at it changes nothing: mail programs and link checkers open addresses before people do.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fairnotice.cases.actions import forward as actions
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import ForwardStatus
from fairnotice.cases.queries import forwards
from fairnotice.law.problems import said_to_others
from fairnotice.law.taxonomy import CATEGORIES
from fairnotice.plumbing import limits
from fairnotice.recourse.forms import Words
from fairnotice.recourse.gate import private

# Tokens cannot be guessed (128 random bits); this only slows down floods.
LOOKS_PER_MINUTE = 60
ANSWERS = (
    ("taken", gettext_lazy("We have it in hand")),
    ("not_ours", gettext_lazy("It is not ours: we do not answer for this place")),
    ("too_old", gettext_lazy("It is too old: we can find out or do nothing any more")),
    ("answered", gettext_lazy("Done: we have decided or acted, as we say below")),
)


class AnswerForm(forms.Form):
    """One of four answers, and words for the person who reported, if there are any."""

    status = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of the answers.")},
    )
    text = Words(
        label=gettext_lazy("Anything to add?"),
        help_text=gettext_lazy("The person who reported can read this. Please name nobody."),
        required=False,
        max_length=actions.MAX_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, taken: bool = False) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        if taken:
            self.fields["status"].choices = ANSWERS[1:]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """GET and POST forward-answer."""
    if limits.limit("forward-answer", request, LOOKS_PER_MINUTE):
        response = render(request, "recourse/answer.html", {"waits": True}, status=429)
        response["Retry-After"] = "60"
        return private(response)
    status = actions.forward_of(token)
    if status is None:
        return private(render(request, "recourse/answer.html", {"unknown": True}, status=404))
    taken = status.state == "taken"
    if request.method != "POST":
        return _page(request, status, AnswerForm(taken=taken))
    form = AnswerForm(request.POST, taken=taken)
    if not form.is_valid():
        return _page(request, status, form, code=422)
    try:
        actions.record_answer(
            token=token, status=form.cleaned_data["status"], text=form.cleaned_data["text"], door="link"
        )
    except Invalid as invalid:
        for fault in invalid.faults:
            form.add_error(fault.path if fault.path in form.fields else None, fault.message)
        return _page(request, status, form, code=422)
    except (Conflict, Refused) as error:
        now = actions.forward_of(token) or status
        return _page(request, now, AnswerForm(taken=now.state == "taken"), problem=str(error), code=409)
    response = HttpResponseRedirect(request.path)
    response.status_code = 303
    return private(response)


def _page(
    request: HttpRequest, status: ForwardStatus, form: AnswerForm, *, problem: str = "", code: int = 200
) -> HttpResponse:
    asked = forwards.asked(status)
    notice = status.forward.item.notice
    problem = said_to_others(notice.problem)
    last = status.forward.answers.order_by("-id").first()
    context = {
        "asked": asked,
        "form": form,
        "category": _(CATEGORIES[notice.category]) if notice.category in CATEGORIES else notice.category,
        "kind": _(problem) if problem else "",
        "last": last,
        "last_words": dict(ANSWERS).get(last.answer, "") if last else "",
        "problem_text": problem,
    }
    return private(render(request, "recourse/answer.html", context, status=code))
