"""The operator's rules: the version in force, earlier ones, and publishing the next after a look at it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairnotice.cases.actions import rules as actions
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import RulesVersion
from fairnotice.cases.queries.public import current_rules
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import value
from fairnotice.review.forms.plain import RulesForm


def _as_text(version: RulesVersion | None) -> str:
    """A version in the format that `actions.parse_rules` reads."""
    clauses = version.clauses.all() if version else []
    return "\n\n".join(f"## {c.reference} {c.title}\n{c.text}" for c in clauses)


@desk_page("GET")
def rules(request: HttpRequest) -> HttpResponse:
    """GET desk-rules."""
    versions = list(RulesVersion.objects.prefetch_related("clauses").order_by("-number"))
    context: dict[str, Any] = {"current": versions[0] if versions else None, "earlier": versions[1:]}
    return render(request, "review/rules.html", context)


@desk_page("GET", "POST")
def publish(request: HttpRequest) -> HttpResponse:
    """GET and POST desk-rules-publish; `step` is "preview", "edit" or "publish"."""
    actor = actor_of(request)
    if request.method != "POST":
        return _form(request, RulesForm(initial={"text": _as_text(current_rules())}))
    form = RulesForm(request.POST)
    if request.POST.get("step") == "edit":
        return _form(request, form)
    text, note = value(form, "text"), value(form, "note")
    clauses, faults = _read(text, note)
    for fault in faults:
        name = "note" if fault.path == "note" else "text"
        if not form.has_error(name, "invalid_null"):
            form.add_error(name, _named(fault, clauses))
    if form.errors:
        return _form(request, form, status=422)
    if request.POST.get("step") != "publish":
        context = {"clauses": clauses, "text": text, "note": note, "last": current_rules()}
        return render(request, "review/rules_preview.html", context)
    version = actions.publish_rules(clauses=clauses, note=note, actor=actor)
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("desk-rules")


def _read(text: str, note: str) -> tuple[list[actions.ClauseDraft], list[Any]]:
    try:
        clauses = actions.parse_rules(text)
    except Invalid as error:
        return [], list(error.faults)
    return clauses, list(actions.check_rules(clauses, note))


def _named(fault: Any, clauses: list[actions.ClauseDraft]) -> str:
    """The fault with the place it is about: the line, or the clause."""
    place = fault.path
    parts = place.split(".")
    if parts[0] == "clauses" and len(parts) > 1:
        place = clauses[int(parts[1])].reference
    return fault.message if place in ("note", "clauses") else f"{place}: {fault.message}"


def _form(request: HttpRequest, form: RulesForm, status: int = 200) -> HttpResponse:
    return render(request, "review/rules_publish.html", {"form": form}, status=status)
