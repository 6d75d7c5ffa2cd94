"""Statistics at the desk: exact, by month, and narrowed by several things at once. None is about a person."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.errors import NotFound
from fairnotice.cases.figures import asked, desk, files, words
from fairnotice.cases.figures.model import Figure
from fairnotice.cases.forms.statistics import StatisticsForm
from fairnotice.cases.queries import statistics
from fairnotice.cases.queries.clients import first_month
from fairnotice.cases.queries.statistics_desk import Span
from fairnotice.review.answers import actor_of, desk_page

DIMS = ("category", "source", "language")
#: Months that are shown where no year is chosen, the present one among them.
MONTHS = 13


@desk_page("GET")
def statistics_page(request: HttpRequest, name: str = "notices") -> HttpResponse:
    """GET desk-statistics and desk-statistics-subject."""
    figures, wanted, span = _asked_for(request, name)
    years = _years()
    context = {
        "name": name,
        "title": words.subject(name),
        "about": words.about(name),
        "tabs": _tabs(name),
        "figures": figures,
        "faults": list(wanted.faults.values()),
        "form": None
        if name in ("trends", "orders")
        else StatisticsForm(wanted, years=years, dims=DIMS, any_year=_("The last twelve months")),
        "narrowed": bool(wanted.parameters),
        "query": wanted.query,
        "files": {kind: reverse("desk-statistics-table", args=[name, kind]) for kind in ("csv", "json")},
        "span": span,
    }
    return render(request, "review/statistics.html", context)


@desk_page("GET")
def as_file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """GET desk-statistics-table: the tables as "csv" or "json", one of them by `table`."""
    figures, wanted, span = _asked_for(request, name)
    table = request.GET.get("table", "")
    if table:
        figures = [figure for figure in figures if figure.key == table]
    if kind == "json":
        content = files.as_json(
            figures, subject=name, filters=wanted.parameters, suppressed=False, until=span.end.isoformat()
        )
        return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    if kind != "csv":
        raise NotFound(_("There is no such file."))
    answer = HttpResponse(files.as_csv(figures), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="statistics-{name}.csv"'
    return answer


@desk_page("GET")
def first_page(request: HttpRequest) -> HttpResponse:
    """GET desk-statistics: the first of the pages."""
    return redirect("desk-statistics-subject", "notices")


def _asked_for(request: HttpRequest, name: str) -> tuple[list[Figure], asked.Asked, Span]:
    if name not in words.SUBJECTS:
        raise NotFound(_("There is no such page of statistics."))
    wanted = asked.read(request.GET, years=_years(), dims=DIMS, several=True, strict=False)
    today = timezone.now().astimezone(UTC).date()
    months = Span(first_month(today, MONTHS), first_month(_next(today), 1))
    span = months if wanted.year is None else Span(date(wanted.year, 1, 1), date(wanted.year + 1, 1, 1))
    if name == "trends":
        # The present month is not over and cannot be compared.
        span = Span(first_month(today, MONTHS + 1), first_month(today, 1))
    figures = desk.figures(name, actor=actor_of(request), span=span, chosen=wanted.chosen)
    return figures, wanted, span


def _next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _years() -> list[int]:
    first = statistics.first_day()
    today = timezone.now().astimezone(UTC).date()
    return list(range(today.year, first.year - 1, -1)) if first else []


def _tabs(name: str) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse("desk-statistics-subject", args=[other]),
            "label": words.subject(other),
            "current": "page" if other == name else "",
        }
        for other in words.SUBJECTS
    ]
