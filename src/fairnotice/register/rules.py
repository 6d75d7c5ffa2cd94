"""The published rules: every version stays readable, because decisions cite a clause of one version."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases.models import RulesVersion
from fairnotice.cases.queries import public
from fairnotice.register.views import refusal


@dataclass(frozen=True)
class Changes:
    """References of the clauses that differ from the version before."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@require_safe
def rules(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """The rules in force, or one version of them. Each clause has the anchor `#c-<reference>`."""
    current = public.current_rules()
    shown = current if version is None else RulesVersion.objects.filter(number=version).first()
    if shown is None and version is not None:
        return refusal(
            request,
            404,
            _("There is no such version of the rules"),
            _("The address may be misspelt. All versions are listed with the rules."),
        )
    before = RulesVersion.objects.filter(number__lt=shown.number).first() if shown else None
    context = {
        "shown": shown,
        "current": current,
        "clauses": list(shown.clauses.all()) if shown else [],
        "versions": list(RulesVersion.objects.all()),
        "changes": compare(before, shown) if before and shown else None,
    }
    return render(request, "register/rules.html", context)


def compare(before: RulesVersion, after: RulesVersion) -> Changes:
    """Which clauses are new, say something else, or are gone."""
    old = {c.reference: (c.title, c.text) for c in before.clauses.all()}
    new = {c.reference: (c.title, c.text) for c in after.clauses.all()}
    return Changes(
        tuple(ref for ref in new if ref not in old),
        tuple(ref for ref in new if ref in old and new[ref] != old[ref]),
        tuple(ref for ref in old if ref not in new),
    )
