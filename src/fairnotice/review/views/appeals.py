"""Appeals: the list, one appeal with the decision it is about, taking it on, and the reasoned answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions import appeal as actions
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import Appeal, AppealOutcome
from fairnotice.cases.permissions import ACTIONS, Actor
from fairnotice.cases.queries import desk
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.forms.appeals import ChangeForm, OutcomeForm
from fairnotice.review.paging import page_of, query_without_page
from fairnotice.review.views.case import decision_view, location_of
from fairnotice.vault.errors import Erased


@desk_page("GET")
def appeals(request: HttpRequest) -> HttpResponse:
    """GET desk-appeals; `decided=1` lists those that were answered."""
    actor = actor_of(request)
    decided = request.GET.get("decided") == "1"
    context = {
        "page": page_of(request, desk.appeals(actor, decided=decided)),
        "query": query_without_page(request),
        "decided": decided,
        "now": timezone.now(),
        "me": actor.user_id,
    }
    return render(request, "review/appeals.html", context)


@desk_page("GET")
def appeal(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-appeal."""
    return _show(request, ref)


@desk_page("POST")
def claim(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-appeal-claim; field `version`."""
    try:
        actions.claim_appeal(actor=actor_of(request), appeal_ref=ref, version=version_of(request))
    except (Conflict, Refused) as error:
        return _show(request, ref, problem=str(error), status=409)
    messages.success(request, _("You hold this appeal now."))
    return redirect("desk-appeal", ref)


@desk_page("GET", "POST")
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-appeal-decide."""
    actor = actor_of(request)
    found = actions.appeal_of(actor, ref)
    sent = request.POST if request.method == "POST" else None
    form = OutcomeForm(sent, side=found.side)
    changes = [ChangeForm(sent, measure=m) for m in actions.current_measures(found.decision)]
    if sent is None:
        if found.status.claimed_by_id != actor.user_id or found.status.state != "claimed":
            messages.warning(request, _("Take this appeal on before you decide it."))
            return redirect("desk-appeal", ref)
        return _show_form(request, found, form, changes, version=found.status.version)
    outcome, reasons, drafts = _read(form, changes)
    _place(actions.check_outcome(found, outcome, reasons, drafts), form, changes)
    if form.errors or (drafts and any(change.errors for change in changes)):
        return _show_form(request, found, form, changes, version=version_of(request), status=422)
    try:
        actions.decide_appeal(
            actor=actor,
            appeal_ref=ref,
            version=version_of(request),
            outcome=outcome,
            reasons=reasons,
            changes=drafts,
        )
    except Invalid as error:
        _place(error.faults, form, changes)
        return _show_form(request, found, form, changes, version=version_of(request), status=422)
    except (Conflict, Refused) as error:
        now = actions.appeal_of(actor, ref)
        return _show_form(
            request, now, form, changes, version=now.status.version, problem=str(error), status=409
        )
    messages.success(request, _("Answered. Both sides are being told."))
    return redirect("desk-appeal", ref)


def _read(form: OutcomeForm, changes: list[ChangeForm]) -> tuple[str, str, list[actions.ChangeDraft]]:
    form.is_valid()
    for change in changes:
        change.is_valid()
    outcome = form.cleaned_data.get("outcome") or ""
    drafts = [change.draft() for change in changes] if outcome == "partly_reversed" else []
    return outcome, form.cleaned_data.get("reasons") or "", drafts


def _place(faults: Any, form: OutcomeForm, changes: list[ChangeForm]) -> None:
    """Each fault at its field; those about the measures as a whole at the outcome."""
    for fault in faults:
        parts = fault.path.split(".")
        if parts[0] == "changes":
            one = len(parts) == 3
            target: Any = changes[int(parts[1])] if one else form
            name = parts[2] if one else "outcome"
        else:
            target, name = form, fault.path
        if name not in target.errors:
            target.add_error(name, fault.message)


def _outcome(actor: Actor, found: Appeal) -> tuple[AppealOutcome | None, str]:
    outcome = AppealOutcome.objects.filter(appeal=found).select_related("decided_by").first()
    if outcome is None or not desk.may_see_sealed(actor):
        return outcome, ""
    try:
        return outcome, sealed.read("outcome", outcome.ref, "reasons") or ""
    except Erased:
        return outcome, ""


def _about(actor: Actor, found: Appeal) -> dict[str, Any]:
    """What both the page and the form show of the appeal and its decision."""
    status = found.status
    try:
        reasons = desk.appeal_reasons(actor, found)
    except Erased:
        reasons = ""
    return {
        "appeal": found,
        "case": found.decision.case,
        "shown": decision_view(actor, found.decision),
        "location": location_of(actor, found.decision.case.ref),
        "reasons": reasons,
        "sealed": desk.may_see_sealed(actor),
        "holds": status.claimed_by_id == actor.user_id and status.state == "claimed",
        "overdue": status.due_at < timezone.now() and status.state in ("received", "claimed"),
    }


def _show(request: HttpRequest, ref: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    found = actions.appeal_of(actor, ref)
    took_part = actor.user_id in (found.decision.decided_by_id, found.decision.status.second_id)
    allowed = bool(actor.roles & ACTIONS["claim_appeal"])
    outcome, answer = _outcome(actor, found)
    context = {
        **_about(actor, found),
        "can_claim": allowed and not took_part and found.status.state == "received",
        "took_part": allowed and took_part,
        "outcome": outcome,
        "answer": answer,
        "problem_text": problem,
    }
    return render(request, "review/appeal.html", context, status=status)


def _show_form(
    request: HttpRequest,
    found: Appeal,
    form: OutcomeForm,
    changes: list[ChangeForm],
    *,
    version: int,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **_about(actor_of(request), found),
        "form": form,
        "changes": changes if found.side == "affected" else [],
        "version": version,
        "problem_text": problem,
        "faulty": bool(form.errors) or any(change.errors for change in changes),
    }
    return render(request, "review/appeal_decide.html", context, status=status)
