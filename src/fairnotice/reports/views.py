"""Published transparency reports: every version that there ever was, readable and as files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases.models import Report
from fairnotice.cases.queries import reports as queries
from fairnotice.cases.reporting import files, summary
from fairnotice.cases.reporting.changes import changes

_REF = re.compile(r"[2-9A-HJ-NP-Z]{12}")
#: A published version never changes, but which one is the latest does.
SHORTLY = "public, max-age=60"
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
}


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """GET reports: periods, and the versions of each."""
    rows = queries.published().defer("parts", "provenance")
    periods = [list(versions) for _key, versions in groupby(rows, key=lambda one: (one.service, one.period))]
    return render(request, "reports/list.html", {"periods": periods, "months": queries.tallies().count()})


@require_safe
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """GET report: one version."""
    found = find(ref)
    if found is None:
        return no_report(request)
    parts = files.parts_of(found)
    later = queries.published_version(found.service, queries.period_of(found))
    context: dict[str, Any] = {
        "report": found,
        "front": summary.front(parts),
        "sections": summary.sections(parts, found.profile),
        "later": later if later and later.pk != found.pk else None,
        "changes": changes(files.parts_of(found.corrects), parts) if found.corrects else [],
        "files": list(found.files.values_list("name", "sha256")),
    }
    return render(request, "reports/report.html", context)


@require_safe
def file(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """GET report-file: one file, byte for byte as it was published."""
    found = find(ref)
    row = found.files.filter(name=name[:60]).first() if found else None
    if row is None:
        return no_report(request)
    return download(bytes(row.content), row.name)


@require_safe
def everything(request: HttpRequest, ref: str) -> HttpResponse:
    """GET report-zip: all files of a version."""
    found = find(ref)
    if found is None:
        return no_report(request)

    def named() -> Iterator[tuple[str, bytes]]:
        for row in found.files.all():
            yield row.name, bytes(row.content)

    return download(
        files.zipped(named()), f"transparency-report-{found.first_day}-{found.last_day}-v{found.number}.zip"
    )


def find(ref: str) -> Report | None:
    """The published version with this reference; None also for a text that cannot be one."""
    return queries.published().filter(ref=ref).first() if _REF.fullmatch(ref) else None


def download(content: bytes, name: str) -> HttpResponse:
    """A file to keep, that other people's pages may read too."""
    return HttpResponse(
        content,
        content_type=KINDS[name.rpartition(".")[2]],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": SHORTLY,
            "Access-Control-Allow-Origin": "*",
        },
    )


def no_report(request: HttpRequest) -> HttpResponse:
    """404 for a reference that leads nowhere."""
    return refusal(
        request,
        _("There is no such report"),
        _("The address may be misspelt. All published reports are in the list."),
    )


def refusal(request: HttpRequest, heading: str, *paragraphs: str) -> HttpResponse:
    """A page that says why there is nothing to see."""
    return render(request, "reports/nothing.html", {"heading": heading, "paragraphs": paragraphs}, status=404)
