"""The report of each month, once published, and the feed that says so. Nobody counts who reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases import period_words, periods
from fairnotice.cases.queries import periods as counted
from fairnotice.cases.queries import reports

#: So many entries stand in the feed, and so many seconds may a reader keep it.
ENTRIES, SHORTLY = 50, 3600
#: What XML cannot hold; one such character in a reason would take the whole feed away.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """Something that was published."""

    title: str
    path: str
    at: datetime
    text: str


@require_safe
def month(request: HttpRequest, month: str) -> HttpResponse:
    """GET reports-month: as it was published; it does not change afterwards."""
    found = counted.month(month)
    if found is None:
        raise Http404
    start, _end = periods.month_span(found.period)
    context = {
        "month": found.period,
        "start": start,
        "made_at": found.made_at,
        "rows": period_words.released(found.figures),
        "months": [one.period for one in counted.months()[:24]],
        "mails": settings.FN_SUBSCRIPTIONS_PER_HOUR > 0,
    }
    return render(request, "reports/month.html", context)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """GET reports-feed: Atom (RFC 4287) of published reports and months, the newest first."""
    entries = sorted([*monthly_entries(), *report_entries()], key=lambda entry: entry.at, reverse=True)
    made = Atom1Feed(
        title=_("Reports of %(name)s") % {"name": settings.FN_OPERATOR["name"]},
        link=f"{settings.FN_BASE_URL}/",
        description=None,
        language=get_language(),
        feed_url=f"{settings.FN_BASE_URL}{reverse('reports-feed')}",
        author_name=str(settings.FN_OPERATOR["name"]),
    )
    for entry in entries[:ENTRIES]:
        link = f"{settings.FN_BASE_URL}{entry.path}"
        made.add_item(
            title=_NO_XML.sub(" ", entry.title),
            link=link,
            unique_id=link,
            description=_NO_XML.sub(" ", entry.text),
            pubdate=entry.at,
            updateddate=entry.at,
        )
    response = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={SHORTLY}"
    return response


def monthly_entries() -> Iterable[Entry]:
    """The months."""
    for found in counted.months()[:ENTRIES]:
        lines = period_words.released(found.figures)
        yield Entry(
            title=_("Report for %(month)s") % {"month": found.period},
            path=reverse("reports-month", args=[found.period]),
            at=found.made_at,
            text=". ".join(f"{words}: {figure}" for words, figure in lines),
        )


def report_entries() -> Iterable[Entry]:
    """The transparency reports that were published, and each corrected version of one."""
    for found in reports.published().defer("parts", "provenance")[:ENTRIES]:
        day = found.status.published_on or found.built_at.date()
        yield Entry(
            title=_("Transparency report %(period)s, version %(number)s")
            % {"period": found.period, "number": found.number},
            path=reverse("report", args=[found.ref]),
            at=datetime.combine(day, time(), UTC),
            text=_("It corrects an earlier version: %(why)s") % {"why": found.reason}
            if found.reason
            else str(found.service),
        )
