"""One case: what was said about the item, what was decided, and what this person can do now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.chains import Chain
from fairnotice.cases import sealed
from fairnotice.cases.actions import claim as actions
from fairnotice.cases.errors import Conflict, Refused
from fairnotice.cases.models import CaseInvolved, Decision, Measure, Statement
from fairnotice.cases.permissions import ACTIONS, Actor
from fairnotice.cases.queries import desk, forwards
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.forms.case import AnswerSenderForm, InvolvedForm
from fairnotice.vault.errors import Erased


@dataclass(frozen=True)
class DecisionView:
    """A decision with what belongs to it; `texts` are empty for a role that sees no sealed field."""

    decision: Decision
    texts: dict[str, str]
    measures: list[Measure] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    rests_on: list[str] = field(default_factory=list)


def decision_view(actor: Actor, decision: Decision) -> DecisionView:
    """The decision as the desk shows it."""
    return DecisionView(
        decision,
        desk.decision_texts(actor, decision),
        list(decision.measures.select_related("status").order_by("id")),
        list(decision.statements.select_related("status").order_by("id")),
        desk.rests_on(actor, decision),
    )


def chain_of(data: dict[str, Any]) -> Chain | None:
    """The stored chain of organisations, or None where none was stored or it cannot be read any more."""
    try:
        return Chain.from_json(data) if data else None
    except (KeyError, TypeError, ValueError):
        return None


def show_case(
    request: HttpRequest,
    ref: str,
    *,
    problem: str = "",
    form: InvolvedForm | None = None,
    answer_form: AnswerSenderForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a case as it stands now. `problem` says why what was asked for was not done; `answer_form`
    is a faulty answer to whoever forwarded a notice, prefixed by the reference of what it answers."""
    actor = actor_of(request)
    view = desk.case_view(actor, ref)
    case = view.case
    holds = case.claimed_by_id == actor.user_id and case.state in ("claimed", "awaiting")
    decided_before = CaseInvolved.objects.filter(case=case, user_id=actor.user_id).exists()
    context = {
        "view": view,
        "case": case,
        "notices": [
            (notice, chain_of(notice.chain), _answer_form(notice, answer_form)) for notice in view.notices
        ],
        "decisions": [decision_view(actor, decision) for decision in view.decisions],
        "forwarded": forwards.of_case(actor, case),
        "holds": holds,
        "can_claim": case.state == "open" and bool(actor.roles & ACTIONS["claim"]) and not decided_before,
        "can_decide": holds and case.state == "claimed",
        "decided_before": decided_before and case.state == "open",
        "involved_form": form or InvolvedForm(label_suffix=""),
        "answer_form": answer_form,
        "problem_text": problem,
        "overdue": case.due_at < timezone.now() and case.state in ("open", "claimed", "awaiting"),
        "me": actor.user_id,
    }
    return render(request, "review/case.html", context, status=status)


def _answer_form(notice: desk.NoticeView, faulty: AnswerSenderForm | None) -> AnswerSenderForm | None:
    if notice.inbound is None:
        return None
    ref = notice.inbound.row.ref
    return faulty if faulty is not None and faulty.prefix == ref else AnswerSenderForm(prefix=ref)


@desk_page("GET")
def case(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-case."""
    return show_case(request, ref)


@desk_page("POST")
def claim(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-claim; field `version`."""
    try:
        actions.claim(actor=actor_of(request), case_ref=ref, version=version_of(request))
    except (Conflict, Refused) as error:
        return show_case(request, ref, problem=str(error), status=409)
    messages.success(request, _("You hold this case now. Decide it, or give it back if you cannot."))
    return redirect("desk-case", ref)


@desk_page("POST")
def release(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-release; field `version`."""
    try:
        actions.release(actor=actor_of(request), case_ref=ref, version=version_of(request))
    except (Conflict, Refused) as error:
        return show_case(request, ref, problem=str(error), status=409)
    messages.success(request, _("You gave the case back; it waits in the queue for somebody else."))
    return redirect("desk")


@desk_page("POST")
def involved(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-involved; field `user`."""
    actor = actor_of(request)
    form = InvolvedForm(request.POST, label_suffix="")
    if not form.is_valid():
        return show_case(request, ref, form=form, status=422)
    actions.mark_involved(actor=actor, case_ref=ref, user_id=form.cleaned_data["user"].pk)
    if form.cleaned_data["user"].pk == actor.user_id:
        messages.success(request, _("You are kept out of this case from now on. Thank you for saying so."))
        return redirect("desk")
    messages.success(request, _("This person no longer sees the case."))
    return redirect("desk-case", ref)


def location_of(actor: Actor, case_ref: str) -> str:
    """The item's location for roles that see sealed fields; "" for others and where it was erased."""
    if not desk.may_see_sealed(actor):
        return ""
    try:
        return sealed.read("case", case_ref, "location") or ""
    except Erased:
        return ""
