"""What people write into reports: the qualitative part, notes, and figures that no case holds. Every saved
version stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fairnotice.cases.actions import reports as actions
from fairnotice.cases.counting.period import Period, WrongPeriod, parse_period
from fairnotice.cases.errors import Invalid, NotFound
from fairnotice.cases.queries import reports as queries
from fairnotice.cases.reporting import services
from fairnotice.cases.reporting.notes import NOTES
from fairnotice.cases.reporting.places import Place, places
from fairnotice.cases.reporting.profiles import applies
from fairnotice.cases.reporting.summary import category_words
from fairnotice.harmonised.parts import PARTS
from fairnotice.review.answers import actor_of, desk_page, version_of
from fairnotice.review.faulty import value
from fairnotice.review.forms.reports import TextForm

_PARTS = (11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a part with its cells to write: (place, text)."""

    label: str
    cells: list[tuple[Place, str]]

    @property
    def written(self) -> bool:
        return any(text for _place, text in self.cells)


@desk_page("GET")
def texts(request: HttpRequest) -> HttpResponse:
    """GET desk-report-texts; `part` is one of the eleven, `period` a period or nothing for every report."""
    period = _period(request.GET)
    asked = request.GET.get("part", "")
    part = int(asked) if asked in {str(number) for number in PARTS} else _PARTS[0]
    service = services.service_name()
    written = queries.texts(service, period) if period else _everywhere(service)
    profile = services.profile()
    rows: dict[str, Row] = {}
    for place in places().values():
        if place.part == part and (applies(place.applicability, profile) or written.get(place.key)):
            label = _words(place)
            rows.setdefault(place.row, Row(label, [])).cells.append((place, written.get(place.key, "")))
    context: dict[str, Any] = {
        "period": str(period) if period else "",
        "part": part,
        "parts": _PARTS,
        "slug": PARTS[part].slug,
        "rows": list(rows.values()),
        # Hundreds of notes can be written; those that say nothing are folded away.
        "folded": part in (2, 3, 4, 5, 6),
        "defaults": {key: text for key, text in NOTES.items() if key.startswith(f"{part}:")},
    }
    return render(request, "review/report_texts.html", context)


@desk_page("GET", "POST")
def text(request: HttpRequest) -> HttpResponse:
    """GET and POST desk-report-text: `place` and `period` (nothing: every report) in the address."""
    place = places().get(request.GET.get("place", ""))
    if place is None:
        raise NotFound(_("No report has such a place."))
    period = _period(request.GET)
    if request.method != "POST":
        held = queries.latest_text(services.service_name(), period, place.key)
        return _form(request, place, period, TextForm(initial={"text": held.text if held else ""}))
    form = TextForm(request.POST)
    form.is_valid()
    try:
        if not form.errors:
            actions.save_text(
                actor=actor_of(request),
                service=services.service_name(),
                period=period,
                key=place.key,
                text=value(form, "text"),
                version=version_of(request),
            )
    except Invalid as error:
        for fault in error.faults:
            form.add_error("text", fault.message)
    if form.errors:
        return _form(request, place, period, form, status=422)
    messages.success(request, _("Saved. The versions before stay."))
    return redirect(_address("desk-report-texts", period, part=place.part))


def _form(
    request: HttpRequest, place: Place, period: Period | None, form: TextForm, status: int = 200
) -> HttpResponse:
    service = services.service_name()
    history = queries.text_history(service, period, place.key)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "label": _words(place),
        "period": str(period) if period else "",
        # A refused form keeps the version that the person saw.
        "version": version_of(request)
        if request.method == "POST"
        else (history[0].version if history else 0),
        "history": history,
        "default": NOTES.get(place.key, ""),
        "general": queries.latest_text(service, None, place.key) if period else None,
        "back": _address("desk-report-texts", period, part=place.part),
        "other_url": _address("desk-report-text", None, place=place.key) if period else "",
    }
    return render(request, "review/report_text.html", context, status=status)


def _address(name: str, period: Period | None, **query: str | int) -> str:
    return f"{reverse(name)}?{urlencode({**query, 'period': str(period) if period else ''})}"


def _period(query: QueryDict) -> Period | None:
    asked = query.get("period", "")
    if not asked:
        return None
    try:
        return parse_period(asked)
    except WrongPeriod as error:
        raise NotFound(_(str(error))) from error


def _everywhere(service: str) -> dict[str, str]:
    rows = queries.general_texts(service)
    return {key: text for key, text in rows.items() if text}


def _words(place: Place) -> str:
    """The row in words."""
    return category_words(place.label) if place.part in (3, 4, 5, 6) else place.label
