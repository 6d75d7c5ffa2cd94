"""Statistics for everybody: one page for each subject, and the same as CSV and JSON. No small figure is
shown, and none can be worked out (`law.suppression`)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases.figures import asked, files, public, rising, words
from fairnotice.cases.figures.model import Figure
from fairnotice.cases.forms.statistics import StatisticsForm
from fairnotice.cases.queries import statistics_orders
from fairnotice.cases.queries.statistics_public import Release, release

SHORTLY = "public, max-age=3600"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """GET statistics: everything by year, and the ways to the subjects."""
    public_now = release()
    whole = public.overview(public_now)
    context = {"figures": [whole] if whole else [], "tabs": tabs(""), "pages": pages()}
    return render(request, "reports/statistics.html", context)


@require_safe
def subject(request: HttpRequest, name: str) -> HttpResponse:
    """GET statistics-subject. What cannot be used of the address is left out and said."""
    known(name)
    public_now = release()
    dims = public.narrowed_by(name)
    wanted = asked.read(request.GET, years=public_now.years, dims=dims, several=False, strict=False)
    context = {
        "name": name,
        "title": words.subject(name),
        "about": words.about(name),
        "tabs": tabs(name),
        "figures": _figures(public_now, name, wanted),
        "faults": list(wanted.faults.values()),
        "form": form(public_now, name, wanted),
        "narrowed": bool(wanted.parameters),
        "query": wanted.query,
        "files": {kind: reverse(f"statistics-{kind}", args=[name]) for kind in ("csv", "json")},
        "orders": statistics_orders.source is None and name == "orders",
    }
    return render(request, "reports/statistics_subject.html", context)


@require_safe
def as_json(request: HttpRequest, name: str) -> HttpResponse:
    """GET statistics-json: the tables of a page, or the one named by `table`. 400 for what cannot be read."""
    found = _asked_for(request, name)
    if isinstance(found, HttpResponse):
        return found
    figures, wanted, until = found
    content = files.as_json(figures, subject=name, filters=wanted.parameters, suppressed=True, until=until)
    return _open(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))


@require_safe
def as_csv(request: HttpRequest, name: str) -> HttpResponse:
    """GET statistics-csv: the same, a line for each cell."""
    found = _asked_for(request, name)
    if isinstance(found, HttpResponse):
        return found
    answer = HttpResponse(files.as_csv(found[0]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="statistics-{name}.csv"'
    return _open(answer)


def known(name: str) -> str:
    """The name of a subject; raises Http404 for any other."""
    if name not in words.SUBJECTS:
        raise Http404
    return name


def tabs(name: str) -> list[dict[str, Any]]:
    """Links to all pages of statistics, this one marked."""
    first = {"url": reverse("statistics"), "label": _("Overview"), "current": "" if name else "page"}
    return [first, *(page | {"current": "page" if page["name"] == name else ""} for page in pages())]


def pages() -> list[dict[str, Any]]:
    """The subjects with where they are."""
    return [
        {
            "name": name,
            "url": reverse("statistics-subject", args=[name]),
            "label": words.subject(name),
            "about": words.about(name),
        }
        for name in words.SUBJECTS
    ]


def form(public_now: Release, name: str, wanted: asked.Asked) -> StatisticsForm | None:
    """The form of a page; None where there is nothing to choose from."""
    if name in ("trends", "orders") or not public_now.years:
        return None
    # Only languages that are listed somewhere: to offer others would tell which ones there are.
    languages = {
        row.key
        for subject_name in ("notices", "decisions")
        for one in public_now.of(subject_name)
        if "language" in one.tables
        for row in one.tables["language"].rows
        if row.key
    }
    return StatisticsForm(
        wanted,
        years=public_now.years,
        dims=public.narrowed_by(name),
        any_year=_("The newest"),
        languages=languages,
    )


def _figures(public_now: Release, name: str, wanted: asked.Asked) -> list[Figure]:
    if name == "trends":
        return rising.of_release(public_now)
    return public.figures(public_now, name, year=wanted.year, chosen=wanted.chosen)


def _asked_for(request: HttpRequest, name: str) -> tuple[list[Figure], asked.Asked, str] | HttpResponse:
    """The tables, what was understood, and the day after the last that is counted; or the refusal."""
    known(name)
    public_now = release()
    given = {name: request.GET[name] for name in request.GET if name != "table"}
    table = request.GET.get("table", "")
    wanted = asked.read(
        given, years=public_now.years, dims=public.narrowed_by(name), several=False, strict=True
    )
    figures, faults = _figures(public_now, name, wanted), dict(wanted.faults)
    if table:
        chosen = [figure for figure in figures if figure.key == table]
        if not chosen:
            faults["table"] = _("There is no such table here now. These are: %(names)s") % {
                "names": ", ".join(figure.key for figure in figures)
            }
        figures = chosen
    if faults:
        answer = JsonResponse({"format": files.FORMAT, "faults": faults}, status=400)
        answer["Cache-Control"] = "no-store"
        return answer
    until = max((one.period.end for periods in public_now.subjects.values() for one in periods), default=None)
    return figures, wanted, until.isoformat() if until else ""


def _open(answer: HttpResponse) -> HttpResponse:
    """For programs of anybody, also in a browser on another site."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = SHORTLY
    return answer
