"""The operator's own network: the overview, the self-check, their files, and one page to print.

None of these pages takes an organisation. Which one is ours stands in the settings.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from fairnotice.answerable.csv_out import csv_text
from fairnotice.answerable.findings import KINDS
from fairnotice.answerable.queries import own, selfcheck
from fairnotice.answerable.queries.delegations import Shown
from fairnotice.answerable.queries.selfcheck import Finding
from fairnotice.review.answers import desk_page
from fairnotice.review.forms.network import AsOfForm
from fairnotice.review.network_words import amount, space_name
from fairnotice.review.paging import PER_PAGE, page_of, query_without_page

#: As many findings as stand on one sheet of A4 beside the table of counts.
ON_ONE_PAGE = 10


def _day(request: HttpRequest) -> tuple[AsOfForm, date]:
    """The day to look at: today, where none or no day is given."""
    form = AsOfForm(request.GET)
    form.is_valid()
    return form, form.cleaned_data.get("at") or timezone.now().date()


@desk_page("GET")
def overview(request: HttpRequest) -> HttpResponse:
    """GET desk-network; `at` is a day, `page` a page of what others hold from us."""
    form, day = _day(request)
    ours = own.network(day)
    if ours is None:
        return _unset(request)
    page = page_of(request, ours.passed_on)
    context = {
        "ours": ours,
        "filter": form,
        "query": query_without_page(request),
        "page": page,
        "held": ours.held[:PER_PAGE],
        "spaces": [
            {
                "name": space_name(space.kind),
                "held": amount(space.held, space.kind),
                "passed_on": amount(space.passed_on, space.kind),
                "kept": amount(space.kept, space.kind) if space.kept is not None else "",
            }
            for space in ours.spaces
        ],
        "overlaps": [*ours.overlaps, *ours.crossing][:PER_PAGE],
        "silent_held": ours.silent_held[:PER_PAGE],
        "silent_holders": ours.silent_holders[:PER_PAGE],
        "today": timezone.now().date(),
    }
    return render(request, "review/network.html", context)


@desk_page("GET")
def overview_csv(request: HttpRequest) -> HttpResponse:
    """GET desk-network-csv: what we hold and what we passed on, on the day `at`."""
    _form, day = _day(request)
    ours = own.network(day)
    header = [
        "side", "resource", "kind", "from_handle", "to_handle", "to_name", "valid_from", "valid_until",
        "visibility", "shared", "abuse_contact", "source", "delegation",
    ]  # fmt: skip
    rows: list[list[object]] = []
    if ours is not None:
        silent = {one.row.pk for one in (*ours.silent_held, *ours.silent_holders)}
        rows += [["held", *_cells(one, one.row.pk not in silent)] for one in ours.held]
        rows += [["passed-on", *_cells(one, one.row.pk not in silent)] for one in ours.passed_on]
    return _file("network", day, csv_text(header, rows))


def _cells(one: Shown, answered: bool) -> list[object]:
    row = one.row
    return [
        one.resource,
        row.kind,
        row.from_org.handle if row.from_org else "",
        row.to_org.handle,
        one.holder,
        row.valid_from,
        row.valid_until,
        row.visibility,
        "yes" if row.shared else "no",
        "yes" if answered else "no",
        row.source,
        one.ref,
    ]


@desk_page("GET")
def check(request: HttpRequest) -> HttpResponse:
    """GET desk-network-check."""
    return _check(request, "review/network_check.html")


@desk_page("GET")
def report(request: HttpRequest) -> HttpResponse:
    """GET desk-network-report: the same on one page to print."""
    return _check(request, "review/network_report.html", one_page=True)


def _check(request: HttpRequest, template: str, *, one_page: bool = False) -> HttpResponse:
    day = timezone.now().date()
    found = selfcheck.check(day)
    if found is None:
        return _unset(request)
    room = _room([len(findings) for _code, findings in found.groups]) if one_page else None
    groups: list[dict[str, Any]] = []
    for number, (code, findings) in enumerate(found.groups):
        shown = findings[: room[number] if room else PER_PAGE]
        rows = [{"finding": one, "url": _url(one), "other_url": _other(one)} for one in shown]
        groups.append(
            {
                "kind": KINDS[code],
                "code": code,
                "number": len(findings),
                "rows": rows,
                "more": len(findings) - len(shown),
            }
        )
    return render(request, template, {"report": found, "groups": groups})


def _room(numbers: list[int]) -> list[int]:
    """How many findings of each kind are named on one page: one of each first, then as many as fit."""
    room = [min(number, 1) for number in numbers]
    left = ON_ONE_PAGE - sum(room)
    for place, number in enumerate(numbers):
        more = max(0, min(number - room[place], left))
        room[place] += more
        left -= more
    return room


@desk_page("GET")
def check_csv(request: HttpRequest) -> HttpResponse:
    """GET desk-network-check-csv: every finding in a line."""
    day = timezone.now().date()
    found = selfcheck.check(day)
    return _file("network-check", day, selfcheck.as_csv(found))


def _url(finding: Finding) -> str:
    if finding.organisation is not None:
        return reverse("desk-organisation", args=[finding.organisation])
    return reverse("desk-delegation", args=[finding.ref])


def _other(finding: Finding) -> str:
    return reverse("desk-delegation", args=[finding.other_ref]) if finding.other_ref else ""


def _unset(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {"handle": settings.FN_OWN_ORGANISATION}
    return render(request, "review/network_unset.html", context)


def _file(name: str, day: date, text: str) -> HttpResponse:
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{day.isoformat()}.csv"'
    return answer
