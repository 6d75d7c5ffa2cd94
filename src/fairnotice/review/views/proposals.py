"""What two people do together: proposed on the page of a case, confirmed or refused by somebody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import export, two_people
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.people import case_for
from fairnotice.cases.queries import desk
from fairnotice.cases.queries import proposals as queries
from fairnotice.cases.queries.case_file import case_file
from fairnotice.law.two_people import DAYS
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.proposals import AnswerForm, ProposeForm
from fairnotice.review.paging import page_of, query_without_page


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-proposals."""
    return _list(request)


@desk_page("GET", "POST")
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-propose: fields of ProposeForm, about one case."""
    actor = actor_of(request)
    case = case_for(actor, ref)
    form = ProposeForm(request.POST if request.method == "POST" else None, actor=actor)
    problem, status = "", 200
    if request.method == "POST":
        form.is_valid()
        try:
            two_people.propose(
                actor=actor,
                verb=value(form, "verb"),
                why=value(form, "why"),
                reason=value(form, "reason"),
                case_ref=case.ref,
                until=form.cleaned_data.get("until"),
            )
        except Invalid as error:
            put_on(form, error)
            status = 422
        except (Conflict, Refused) as error:
            problem, status = str(error), 409
        else:
            messages.success(request, _("Proposed. It waits for a second person."))
            return redirect("desk-proposals")
    context = {"case": case, "form": form, "problem_text": problem}
    return render(request, "review/propose.html", context, status=status)


@desk_page("POST")
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-proposal-answer; `act` is "confirm" or "refuse", with a `reason` (prefix: the reference)."""
    actor = actor_of(request)
    form = AnswerForm(request.POST, prefix=ref)
    try:
        if request.POST.get("act") == "confirm":
            two_people.confirm(actor=actor, proposal_ref=ref)
            messages.success(request, _("Confirmed. It is done."))
        else:
            two_people.refuse(actor=actor, proposal_ref=ref, reason=value(form, "reason"))
            messages.success(request, _("Nothing is done."))
    except Invalid as error:
        put_on(form, error)
        return _list(request, ref=ref, form=form, status=422)
    except (Conflict, Refused) as error:
        return _list(request, ref=ref, form=form, problem=str(error), status=409)
    return redirect("desk-proposals")


@desk_page("GET")
def written(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-proposal-written: the file of a case as text, for the two who agreed on it."""
    row = export.granted(actor=actor_of(request), proposal_ref=ref)
    if row.case is None:  # only a case can be exported
        raise Refused(_("This is not about a case."))
    response = HttpResponse(case_file(row.case), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="case-{row.case.ref}.txt"'
    return response


def _list(
    request: HttpRequest,
    *,
    ref: str = "",
    form: AnswerForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    page = page_of(request, queries.proposals(actor, settled=True))
    waiting = queries.views(actor, list(queries.proposals(actor)))
    context: dict[str, Any] = {
        "waiting": [
            (view, form if form is not None and view.row.ref == ref else AnswerForm(prefix=view.row.ref))
            for view in waiting
        ],
        "settled": queries.views(actor, list(page)),
        "files": {row.ref for row in page if export.writable(actor, row)},
        "page": page,
        "query": query_without_page(request),
        "sealed": desk.may_see_sealed(actor),
        "days": DAYS,
        "faulty": form if form is not None and form.errors else None,
        "problem_text": problem,
    }
    return render(request, "review/proposals.html", context, status=status)
