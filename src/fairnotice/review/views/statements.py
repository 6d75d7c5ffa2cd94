"""Statements to affected parties that have not gone out: another way to tell them, letters, letters sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import inform as actions
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import Statement
from fairnotice.cases.queries import desk
from fairnotice.cases.wording import in_words
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.reach import ReachForm
from fairnotice.review.paging import PER_PAGE, page_of
from fairnotice.review.views.case import location_of


def _show(
    request: HttpRequest,
    *,
    ref: str = "",
    form: ReachForm | None = None,
    problem: str = "",
    unsent: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    page = page_of(request, desk.statements_to_send(actor))

    def shown(statements: Iterable[Statement]) -> list[dict[str, Any]]:
        return [
            {
                "statement": statement,
                "location": location_of(actor, statement.decision.case.ref),
                "form": form if form is not None and statement.ref == ref else _form(statement.ref),
            }
            for statement in statements
        ]

    context = {
        "page": page,
        "rows": shown(page),
        "unreachable": shown(desk.unreachable(actor)[:PER_PAGE]) if not page.has_next() else [],
        "sealed": desk.may_see_sealed(actor),
        "faulty": form,
        "problem_text": problem,
        "unsent": unsent,
    }
    return render(request, "review/statements.html", context, status=status)


def _form(ref: str, data: Any = None) -> ReachForm:
    return ReachForm(data, prefix=ref, label_suffix="", use_required_attribute=False)


@desk_page("GET")
def statements(request: HttpRequest) -> HttpResponse:
    """GET desk-statements."""
    return _show(request)


@desk_page("POST")
def inform(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-inform; `act` "sent" for a letter that went out, otherwise another way to tell them (fields
    of ReachForm, prefixed by the reference)."""
    actor = actor_of(request)
    form = _form(ref, request.POST)
    form.is_valid()
    try:
        if request.POST.get("act") == "sent":
            actions.letter_sent(actor=actor, statement_ref=ref)
            messages.success(
                request, _("The letter counts as delivered from now on; the measure takes effect.")
            )
        else:
            actions.choose_channel(actor=actor, statement_ref=ref, reach=form.reach())
            messages.success(request, _("Changed."))
    except Invalid as error:
        put_on(form, error, "reach.")
        return _show(request, ref=ref, form=form, status=422)
    except (Conflict, Refused) as error:
        typed = (value(form, "email"), value(form, "reason"))
        return _show(request, problem=str(error), unsent="\n".join(filter(None, typed)), status=409)
    return redirect("desk-statements")


@desk_page("POST")
def letter(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-letter: a printable letter with a fresh code. Each opening mints another; all work."""
    statement, code, body = actions.print_letter(actor=actor_of(request), statement_ref=ref)
    context = {
        "statement": statement,
        "code": code,
        "sections": in_words(body),
        "answer": body["title"] == "answer",
        "base_url": settings.FN_BASE_URL,
    }
    return render(request, "review/letter.html", context)
