"""The public form in three steps: type, look at it once more, send. Everything typed travels in the form
itself; nothing is stored before "send"."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fairnotice.cases import codes
from fairnotice.cases.actions.submit import Submitted, submit_notice
from fairnotice.cases.drafts import MAX_ITEMS, check_notice
from fairnotice.cases.errors import Conflict, FaultLike, Invalid
from fairnotice.cases.models import ForwardStatus
from fairnotice.intake.contact import asks_contact
from fairnotice.intake.forms import first_faults_only, judged, kept, rule_title
from fairnotice.intake.items import shown
from fairnotice.intake.typed import Row, Typed
from fairnotice.law.problems import PROBLEM_BY_SLUG, SKIP_OPERATOR
from fairnotice.plumbing import access_cookie
from fairnotice.plumbing.limits import limit

# Generous: whole schools and offices share one address, and a lost notice harms more than a fast one.
STEPS_PER_MINUTE = 120
SENT_PER_MINUTE = 30
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24,64}")


@require_http_methods(["GET", "HEAD", "POST"])
def notice_new(request: HttpRequest) -> HttpResponse:
    """The form, empty, or with what was typed and a row more or less. Judges nothing."""
    if request.method != "POST":
        return _form(request, Typed())
    typed = Typed.read(request.POST)
    number = request.POST.get("remove", "")
    if "add" in request.POST and len(typed.rows) < MAX_ITEMS:
        typed.rows.append(Row())
    elif re.fullmatch("[0-9]{1,3}", number) and int(number) < len(typed.rows) > 1:
        del typed.rows[int(number)]
    return _form(request, typed)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_review(request: HttpRequest) -> HttpResponse:
    """Exactly what would be sent, to look at once more; or the form with every fault at its field (422)."""
    if request.method != "POST":
        return redirect("notice-new")
    typed = Typed.read(request.POST)
    if limit("notice-review", request, STEPS_PER_MINUTE):
        return _form(request, typed, wait=True)
    faults = check_notice(typed.draft())
    if faults:
        return _form(request, typed, faults=faults)
    return _review(request, typed, token=secrets.token_urlsafe(24))


@require_http_methods(["GET", "HEAD", "POST"])
def notice_send(request: HttpRequest) -> HttpResponse:
    """Takes the notice in and shows the code, this once. The page's own token makes a double click one
    notice."""
    if request.method != "POST":
        return redirect("notice-new")
    typed = Typed.read(request.POST)
    token = request.POST.get("token", "")
    if not _TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(24)
    draft = typed.draft()
    if limit("notice-send", request, SENT_PER_MINUTE):
        faults = check_notice(draft)
        if faults:
            return _form(request, typed, faults=faults)
        return _review(request, typed, token=token, wait=True)
    try:
        submitted = submit_notice(draft=draft, door="web", idempotency_key=token)
    except Invalid as invalid:
        return _form(request, typed, faults=invalid.faults)
    except Conflict:
        # The page was sent before with other words: this is a second notice, so it is looked at anew.
        return _review(request, typed, token=secrets.token_urlsafe(24), changed=True)
    return _receipt(request, submitted, mail=bool(draft.email))


def _form(
    request: HttpRequest, typed: Typed, *, faults: Sequence[FaultLike] = (), wait: bool = False
) -> HttpResponse:
    form, items = judged(typed, first_faults_only(faults)) if faults else kept(typed)
    status = 429 if wait else 422 if faults else 200
    context = {"form": form, "items": items, "wait": wait, "most": MAX_ITEMS}
    response = render(request, "intake/form.html", context, status=status)
    return _unkept(response, request, wait)


def _review(
    request: HttpRequest, typed: Typed, *, token: str, wait: bool = False, changed: bool = False
) -> HttpResponse:
    draft = typed.draft()
    problem = PROBLEM_BY_SLUG[draft.problem]
    asked = asks_contact(draft.problem)
    if not asked:
        typed.texts["name"] = typed.texts["email"] = ""
    context = {
        "draft": draft,
        "problem": problem,
        "problem_label": _(problem.label),
        "ask_contact": asked,
        "elsewhere_first": SKIP_OPERATOR in problem.flags,
        "rule": rule_title(draft.clause) if draft.clause else "",
        "items": [shown(item) for item in draft.items],
        "fields": {**typed.data(), "token": token},
        "wait": wait,
        "changed": changed,
    }
    response = render(request, "intake/review.html", context, status=429 if wait else 409 if changed else 200)
    return _unkept(response, request, wait)


def _receipt(request: HttpRequest, submitted: Submitted, *, mail: bool) -> HttpResponse:
    due = [item.case.due_at for item in submitted.notice.items.select_related("case") if item.case]
    context = {
        "code": submitted.code,
        "received": submitted.notice.received_at,
        "due": min(due, default=None),
        "overdue": bool(due) and min(due) < timezone.now(),
        "logged_by": submitted.notice.received_at + timedelta(seconds=settings.FN_PROMISE_DELAY),
        "mail": mail,
        "replayed": submitted.replayed,
        "others_answer": ForwardStatus.objects.filter(
            forward__item__notice=submitted.notice, state="proposed"
        ).exists(),
    }
    response = render(request, "intake/receipt.html", context)
    access = codes.find(submitted.code)
    if access is not None:
        access_cookie.grant(response, access.pk)
    return _unkept(response, request, False)


def _unkept(response: HttpResponse, request: HttpRequest, wait: bool) -> HttpResponse:
    if request.method == "POST":
        # What somebody typed, and above all the code, stays in no cache of a shared computer.
        response["Cache-Control"] = "no-store"
    if wait:
        response["Retry-After"] = "60"
    return response
