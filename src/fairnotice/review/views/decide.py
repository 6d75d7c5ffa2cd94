"""Deciding a case: fill in, look once more at what both sides will read, decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import decide as actions
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import desk
from fairnotice.law.draft import Draft
from fairnotice.law.measures import is_severe
from fairnotice.law.taxonomy import NOT_SPECIFIED, OTHER
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.drafts import draft_of, place_faults, reach_of
from fairnotice.review.forms.decision import DecisionForm
from fairnotice.review.forms.measures import Rows, first_rows, rows_of
from fairnotice.review.preview import both_sides

# What steers the page and is no part of the decision.
_STEERING = frozenset({"csrfmiddlewaretoken", "step", "add", "remove", "version"})


@desk_page("GET", "POST")
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    """GET and POST desk-decide. The button is in `step` ("preview", "edit", "send"), `add` or `remove`."""
    actor = actor_of(request)
    view = desk.case_view(actor, ref)
    case = view.case
    if request.method != "POST":
        if case.claimed_by_id != actor.user_id or case.state != "claimed":
            messages.warning(request, _("Take this case on before you decide it."))
            return redirect("desk-case", ref)
        form = DecisionForm(initial=_first_values(view), actor=actor, case=case)
        return _show_form(request, view, form, first_rows(), version=case.version)
    form = DecisionForm(request.POST, actor=actor, case=case)
    rows = rows_of(request.POST, add="add" in request.POST, remove=request.POST.get("remove"))
    if {"add", "remove"} & set(request.POST) or request.POST.get("step") == "edit":
        return _show_form(request, view, form, rows, version=version_of(request))
    form.is_valid()
    rows.is_valid()
    draft, summary = draft_of(form, rows), form.cleaned_data.get("summary") or ""
    place_faults(actions.check_decision(draft, reach_of(form), summary), form, rows)
    if form.errors or any(row.errors for row in rows.forms):
        return _show_form(request, view, form, rows, version=version_of(request), status=422)
    if request.POST.get("step") != "send":
        return _show_preview(request, view, draft, summary)
    return _send(request, actor, view, form, rows, draft)


def _send(
    request: HttpRequest, actor: Actor, view: desk.CaseView, form: DecisionForm, rows: Rows, draft: Draft
) -> HttpResponse:
    ref = view.case.ref
    try:
        decision = actions.decide(
            actor=actor,
            case_ref=ref,
            version=version_of(request),
            draft=draft,
            reach=reach_of(form),
            summary=form.cleaned_data["summary"],
        )
    except Invalid as error:
        place_faults(error.faults, form, rows)
        return _show_form(request, view, form, rows, version=version_of(request), status=422)
    except (Conflict, Refused) as error:
        now = desk.case_view(actor, ref)
        return _show_form(request, now, form, rows, version=now.case.version, problem=str(error), status=409)
    if decision.severe:
        messages.success(
            request, _("Your decision is proposed. It takes effect when a second person confirms it in time.")
        )
    else:
        messages.success(request, _("Decided. Both sides are being told."))
    return redirect("desk-case", ref)


def _first_values(view: desk.CaseView) -> dict[str, Any]:
    """What the notices already say, as a first guess that the reviewer may change."""
    case, first = view.case, view.notices[0] if view.notices else None
    clause = next((n.clause for n in view.notices if n.clause is not None), None)
    # "Other" would ask for words that nobody has given yet.
    keywords = sorted({item.notice.keyword for item in case.items.select_related("notice")} - {"", OTHER})
    return {
        # "Not specified" is what a notifier may say; a reviewer should choose, so nothing is filled in.
        "category": "" if case.category == NOT_SPECIFIED else case.category,
        "keywords": [] if case.category == NOT_SPECIFIED else keywords,
        "source_type": first.source_type if first else "SOURCE_VOLUNTARY",
        "ground": "rules" if clause else "",
        "clause": f"{clause.version.number}/{clause.reference}" if clause else "",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "also_illegal": "",
    }


def _show_form(
    request: HttpRequest,
    view: desk.CaseView,
    form: DecisionForm,
    rows: Rows,
    *,
    version: int,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "view": view,
        "case": view.case,
        "form": form,
        "rows": rows,
        "version": version,
        "problem_text": problem,
        "may_still_decide": view.case.state == "claimed" and view.case.claimed_by_id == form.actor.user_id,
    }
    return render(request, "review/decide.html", context, status=status)


def _show_preview(request: HttpRequest, view: desk.CaseView, draft: Draft, summary: str) -> HttpResponse:
    affected, notifier = both_sides(draft, view.location)
    kept = [(name, text) for name, texts in request.POST.lists() if name not in _STEERING for text in texts]
    context = {
        "case": view.case,
        "draft": draft,
        "severe": is_severe(draft.codes),
        "affected": affected,
        "notifier": notifier,
        "summary": summary,
        "kept": kept,
        "version": version_of(request),
    }
    return render(request, "review/decide_preview.html", context)
