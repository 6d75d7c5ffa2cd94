"""Who opened what: the access log, for auditors and administrators. It shows no sealed field."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairnotice.answerable.csv_out import csv_text
from fairnotice.cases.queries import openings as queries
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.forms.openings import OpeningsForm
from fairnotice.review.paging import page_of, query_without_page


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-openings; `ref` and `month` narrow it."""
    form = OpeningsForm(request.GET)
    ref, month = _wanted(form)
    context = {
        "form": form,
        "page": page_of(request, queries.openings(actor_of(request), ref=ref, month=month)),
        "query": query_without_page(request),
        "months": settings.FN_ACCESS_LOG_MONTHS,
    }
    return render(request, "review/openings.html", context, status=422 if form.errors else 200)


@desk_page("GET")
def as_csv(request: HttpRequest) -> HttpResponse:
    """GET desk-openings-csv: the same rows as a file that runs nothing in a spreadsheet."""
    ref, month = _wanted(OpeningsForm(request.GET))
    rows = queries.openings(actor_of(request), ref=ref, month=month)
    text = csv_text(queries.COLUMNS, queries.csv_rows(rows.iterator()))
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="who-opened-what.csv"'
    return answer


def _wanted(form: OpeningsForm) -> tuple[str, date | None]:
    form.is_valid()
    return form.cleaned_data.get("ref") or "", form.cleaned_data.get("month")
