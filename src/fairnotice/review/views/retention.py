"""What is erased next and why, what is held back, and what people asked to have erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions import hold as holds
from fairnotice.cases.actions import own_data, retention
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import ErasureRequest, Hold
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import desk
from fairnotice.cases.queries import retention as queries
from fairnotice.law.retention import GROUNDS, HOLDS, SCHEDULE, Rule
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.retention import KeepForm

AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """One kind of the schedule: its days, how much is due by now, and how much within a month."""

    rule: Rule
    days: int
    now: int
    soon: int


@dataclass(frozen=True)
class HoldView:
    """A hold with the words that only some may read."""

    hold: Hold
    reason: str
    words: str


def _rows() -> list[Row]:
    now = timezone.now()
    due: dict[str, list[int]] = {rule.kind: [0, 0] for rule in SCHEDULE}
    for one in queries.due(now + AHEAD):
        due[one.what][0 if one.at <= now else 1] += 1
    days = queries.days()
    return [Row(rule, days[rule.kind], *due[rule.kind]) for rule in SCHEDULE]


def _holds(actor: Actor) -> list[HoldView]:
    rows = queries.held().filter(case__in=visible_cases(actor))
    may = desk.may_see_sealed(actor)
    return [
        HoldView(
            one,
            _(HOLDS[one.reason]),
            sealed.read_many("hold", one.ref, ["words"])["words"] if may else "",
        )
        for one in rows
    ]


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-retention."""
    actor = actor_of(request)
    run = queries.last_run()
    erased = [(_(GROUNDS[ground]), number) for ground, number in queries.erased().items()]
    context = {
        "rows": _rows(),
        "run": run,
        "holds": _holds(actor),
        "requests": [one for one in queries.requests_open() if own_data.may_see(actor, one)],
        "erased": erased,
        "now": timezone.now(),
    }
    return render(request, "review/retention.html", context)


@desk_page("POST")
def clock(request: HttpRequest) -> HttpResponse:
    """POST desk-retention-clock: the clock was looked at and is right."""
    retention.clock_is_right(actor=actor_of(request))
    messages.success(request, _("Noted. The schedule goes on within the hour."))
    return redirect("desk-retention")


@desk_page("POST")
def end_hold(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-hold-end."""
    holds.end(actor=actor_of(request), hold_ref=ref)
    messages.success(request, _("The hold has ended. The schedule counts again."))
    return redirect("desk-retention")


@desk_page("GET", "POST")
def erasure(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-erasure; `act` is "grant", "confirm" or "refuse" (with `reason` and `words`)."""
    actor = actor_of(request)
    made = ErasureRequest.objects.select_related("notice", "case", "first").filter(ref=ref).first()
    if made is None or not own_data.may_see(actor, made):
        raise NotFound(_("There is no such request."))
    form = KeepForm(request.POST if request.POST.get("act") == "refuse" else None)
    if request.method != "POST":
        return _request_page(request, actor, made, form)
    act = request.POST.get("act")
    try:
        if act == "grant":
            own_data.grant(actor=actor, request_ref=ref)
            messages.success(request, _("Noted. Somebody else has to agree before anything is erased."))
        elif act == "confirm":
            own_data.confirm(actor=actor, request_ref=ref)
            messages.success(request, _("Erased. The log says that it was, and on what ground."))
        else:
            refusal = own_data.Refusal(value(form, "reason"), value(form, "words"))
            own_data.refuse(actor=actor, request_ref=ref, refusal=refusal)
            messages.success(request, _("The person finds the answer behind their code."))
    except Invalid as error:
        return _request_page(request, actor, made, put_on(form, error), status=422)  # type: ignore[arg-type]
    except (Conflict, Refused) as error:
        made.refresh_from_db()
        return _request_page(request, actor, made, form, problem=str(error), status=409)
    return redirect("desk-retention")


def _request_page(
    request: HttpRequest,
    actor: Actor,
    made: ErasureRequest,
    form: KeepForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    cases = (
        visible_cases(actor).filter(items__notice=made.notice).distinct()
        if made.notice
        else visible_cases(actor).filter(pk=made.case_id or 0)
    )
    words = sealed.read_many(own_data.OWNER, made.ref, ["words", "answer"])
    context = {
        "made": made,
        "cases": cases,
        "words": words["words"],
        "answer": words["answer"],
        "form": form,
        "mine": made.first_id == actor.user_id,
        "problem_text": problem,
    }
    return render(request, "review/erasure.html", context, status=status)
