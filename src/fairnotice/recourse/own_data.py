"""Your data: what is held behind this code, a copy of it, and how to have it corrected or erased."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fairnotice.cases import sealed
from fairnotice.cases.actions import own_data as actions
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import AccessCode, Correction
from fairnotice.law.retention import REASONS_TO_KEEP, REQUESTS
from fairnotice.recourse import own_file
from fairnotice.recourse.forms import Words
from fairnotice.recourse.gate import behind_code


class WordsForm(forms.Form):
    """One text."""

    words = Words(
        label=gettext_lazy("What has to be put right?"),
        help_text=gettext_lazy("It is added to your report. What you wrote first stays beside it."),
        max_length=actions.MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AskForm(forms.Form):
    """A wish that needs no reason."""

    words = Words(
        label=gettext_lazy("Anything you want to say about it?"),
        help_text=gettext_lazy("You need not give a reason."),
        max_length=actions.MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _page(
    request: HttpRequest,
    access: AccessCode,
    *,
    correct: WordsForm | None = None,
    ask: AskForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    notice = access.notice
    named = notice is not None and any(
        sealed.exists("notice", notice.ref, name) for name in ("name", "email")
    )
    asked = list(actions.own_requests(access))
    context: dict[str, Any] = {
        "access": access,
        "parts": own_file.parts_of(access),
        "named": named,
        "correct": correct or WordsForm(prefix="correct"),
        "ask": ask or AskForm(prefix="ask"),
        "faulty": correct if correct is not None and correct.errors else ask,
        "may_correct": notice is not None and notice.state != "withdrawn",
        "corrections": Correction.objects.filter(notice=notice).count() if notice else 0,
        "waiting": next((one for one in asked if one.state in ("asked", "granted")), None),
        "answered": [
            (
                one,
                _(REQUESTS[one.state]),
                _(REASONS_TO_KEEP[one.reason]) if one.reason else "",
                _answer(one.ref),
            )
            for one in asked
            if one.state in ("refused", "taken_back")
        ],
        "problem_text": problem,
    }
    return render(request, "recourse/own_data.html", context, status=status)


def _answer(ref: str) -> str:
    return sealed.read_many(actions.OWNER, ref, ["answer"])["answer"]


def _own_data(request: HttpRequest, access: AccessCode) -> HttpResponse:
    """GET and POST recourse-data; `act` is "contact", "ask", "take-back" or "correct"."""
    if request.method != "POST":
        return _page(request, access)
    act = request.POST.get("act", "")
    correct = WordsForm(request.POST, prefix="correct") if act == "correct" else None
    ask = AskForm(request.POST, prefix="ask") if act == "ask" else None
    form = correct or ask
    try:
        if form is not None and not form.is_valid():
            return _page(request, access, correct=correct, ask=ask, status=422)
        if act == "contact":
            actions.forget_contact(access=access)
        elif act == "take-back":
            actions.take_back(access=access)
        elif ask is not None:
            actions.ask(access=access, words=ask.cleaned_data["words"])
        elif correct is not None:
            actions.correct(access=access, words=correct.cleaned_data["words"])
        else:
            return _page(request, access, problem=_("Nothing was chosen."), status=422)
    except Invalid as invalid:
        for fault in invalid.faults:
            if form is not None:
                form.add_error("words", fault.message)
        return _page(request, access, correct=correct, ask=ask, status=422)
    except (Conflict, NotFound, Refused) as error:
        return _page(request, access, correct=correct, ask=ask, problem=str(error), status=409)
    response = HttpResponseRedirect(reverse("recourse-data"))
    response.status_code = 303
    return response


def _copy(request: HttpRequest, access: AccessCode) -> HttpResponse:
    """GET recourse-data-copy: to read, or with `?format=json` for programs."""
    parts = own_file.parts_of(access)
    about = access.notice or access.case
    name = f"my-data-{about.ref if about else ''}"
    response: HttpResponse
    if request.GET.get("format") == "json":
        response = JsonResponse(
            own_file.as_json(parts), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return response
    response = HttpResponse(own_file.as_text(parts), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    return response


page = require_http_methods(["GET", "HEAD", "POST"])
own_data = page(behind_code(_own_data))
copy = page(behind_code(_copy))
