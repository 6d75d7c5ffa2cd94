"""Measures that the service still has to carry out or undo, and the report that it did."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.actions import effect as actions
from fairnotice.cases.actions.review import review_measure
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import Measure
from fairnotice.cases.queries import desk
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.plain import EffectFilterForm, EffectForm, ReviewForm
from fairnotice.review.paging import PER_PAGE, page_of, query_without_page
from fairnotice.review.views.case import location_of


def _show(
    request: HttpRequest,
    *,
    ref: str = "",
    form: EffectForm | ReviewForm | None = None,
    problem: str = "",
    unsent: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    chosen = EffectFilterForm(request.GET)
    effect = value(chosen, "effect")
    known = dict(chosen.fields["effect"].choices)  # type: ignore[attr-defined]
    page = page_of(request, desk.measures(actor, effect=effect if effect in known else ""))
    rows: list[dict[str, Any]] = [
        {
            "measure": measure,
            "location": location_of(actor, measure.decision.case.ref),
            "form": form if isinstance(form, EffectForm) and measure.ref == ref else _form(measure),
            "undo": _undo(measure),
            "open": measure.status.effect in ("pending", "failed", "restoring", "restore_failed"),
        }
        for measure in page
    ]
    due = [
        {
            "measure": measure,
            "location": location_of(actor, measure.decision.case.ref),
            "form": form
            if isinstance(form, ReviewForm) and measure.ref == ref
            else _review_form(measure.ref),
        }
        for measure in desk.to_review(actor)[:PER_PAGE]
    ]
    context = {
        "page": page,
        "rows": rows,
        "due": due,
        "today": timezone.localdate(),
        "filter": chosen,
        "query": query_without_page(request),
        "sealed": desk.may_see_sealed(actor),
        "faulty": form,
        "problem_text": problem,
        "unsent": unsent,
    }
    return render(request, "review/measures.html", context, status=status)


def _undo(measure: Measure) -> bool:
    return measure.status.effect in ("restoring", "restore_failed")


def _form(measure: Measure) -> EffectForm:
    return EffectForm(prefix=measure.ref, undo=_undo(measure))


def _review_form(ref: str, data: QueryDict | None = None) -> ReviewForm:
    # Beside the other form of the same measure, so with a prefix of its own.
    return ReviewForm(data, prefix=f"review-{ref}")


@desk_page("GET")
def measures(request: HttpRequest) -> HttpResponse:
    """GET desk-measures."""
    return _show(request)


@desk_page("POST")
def effect(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-effect; `effect` and `note`, prefixed by the reference."""
    undo = request.POST.get(f"{ref}-effect") in actions.UNDOING
    form = EffectForm(request.POST, prefix=ref, undo=undo)
    if not form.is_valid():
        return _show(request, ref=ref, form=form, status=422)
    try:
        actions.report_effect(
            measure_ref=ref, effect=value(form, "effect"), note=value(form, "note"), actor=actor_of(request)
        )
    except Invalid as error:
        put_on(form, error)
        return _show(request, ref=ref, form=form, status=422)
    except (Conflict, Refused) as error:
        return _show(request, problem=str(error), unsent=value(form, "note"), status=409)
    messages.success(request, _("Recorded. Thank you."))
    return redirect("desk-measures")


@desk_page("POST")
def review(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-review; `act` "keep" or "end", `keep_until` and `reason`, prefixed by "review-" and the
    reference."""
    form = _review_form(ref, request.POST)
    act = value(form, "act")
    if form.is_valid() and act not in ("keep", "end"):
        form.add_error("act", _("Say whether it is still needed."))
    day = form.cleaned_data.get("keep_until") if act == "keep" else None
    if act == "keep" and day is None and "keep_until" not in form.errors:
        form.add_error("keep_until", _("Give the day on which it is looked at again."))
    if form.errors:
        return _show(request, ref=ref, form=form, status=422)
    try:
        review_measure(actor=actor_of(request), measure_ref=ref, keep_until=day, reason=value(form, "reason"))
    except Invalid as error:
        put_on(form, error)
        return _show(request, ref=ref, form=form, status=422)
    except (Conflict, Refused) as error:
        return _show(request, problem=str(error), unsent=value(form, "reason"), status=409)
    messages.success(
        request, _("Kept until the next review.") if day else _("Ended. Please have it undone now.")
    )
    return redirect("desk-measures")
