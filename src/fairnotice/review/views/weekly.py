"""What happened last week and what waits now: the operator's own report, which also comes by mail."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairnotice.cases import period_words
from fairnotice.cases.queries import periods
from fairnotice.review.answers import desk_page


@desk_page("GET")
def weekly(request: HttpRequest) -> HttpResponse:
    """GET desk-weekly."""
    found = periods.weekly()
    context = {
        "week": found["week"],
        "start": found["start"],
        "last": found["last"],
        "happened": period_words.lines(period_words.HAPPENED, found["counts"]),
        "waiting": period_words.lines(period_words.WAITING, found["waiting"]),
        "stopped": bool(found["waiting"]["statements_stopped"]),
        "mailed": len(settings.FN_OPERATOR_REPORT_MAIL),
    }
    return render(request, "review/weekly.html", context)
