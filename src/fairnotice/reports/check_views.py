"""The public page on which anybody's transparency report can be checked. Nothing of it is stored.

The result of a check is signed and stands in the page itself, so that it can be downloaded without being kept
here and without scripts.
"""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from fairnotice.harmonised.cells import inert
from fairnotice.harmonised.faults import Fault, counts
from fairnotice.harmonised.files import Entry
from fairnotice.harmonised.grouping import grouped
from fairnotice.harmonised.limits import Limits
from fairnotice.harmonised.rules import RULES, fault
from fairnotice.plumbing.limits import limit, turned_away
from fairnotice.reports.checker import Checked, Checker, NotReady

#: Bytes of all files together; `site.bodies` holds the same.
MOST = 12_000_000
#: How many reports one visitor may have checked in a minute.
PER_MINUTE = 10
#: A report unpacked; of one rule in one file, so many faults.
LIMITS = Limits(total=32_000_000, file=16_000_000, files=100, listed=100)
#: Rows of the table on the page; a download has all.
SHOWN = 500
#: Seconds for which a page's own result can be downloaded, and its greatest size in the page.
KEEPS = 24 * 3600
PAYLOAD = 1_500_000
#: Set by `site.bodies` where only the beginning of what was sent was read.
CUT = "fairnotice.cut"
_SALT = "reports.check"
_WAIT = 20.0
_one_at_a_time = threading.Lock()


class _InMemory(MemoryFileUploadHandler):
    """Files never touch a disk here; how much comes at all is limited before."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Called before the first byte."""
        self.activated = True


@csrf_exempt  # the inner view asks for the token; files must find their handler before the form is read
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponseBase:
    """The form, or what is wrong in the files that came."""
    if request.method != "POST":
        return _page(request)
    if limit("report-check", request, PER_MINUTE):
        return turned_away()
    if request.META.get(CUT) == "busy":
        return _page(request, _("Many are sending just now. Please try again in a minute."), status=503)
    if CUT in request.META or _length(request) > MOST:
        said = _("Together, the files may have %(most)s MB. Nothing was read.") % {"most": MOST // 1_000_000}
        return _page(request, said, status=413)
    request.upload_handlers = [_InMemory(request)]
    return _checked(request)


@csrf_protect
def _checked(request: HttpRequest) -> HttpResponse:
    entries = [Entry(_named(one.name), one.read()) for one in request.FILES.getlist("files")]
    if not entries:
        return _page(request, _("Please choose at least one file."), status=422)
    if not _one_at_a_time.acquire(timeout=_WAIT):
        return _page(request, _("Other reports are being checked. Please try again in a minute."), status=503)
    try:
        with Checker(wall=_WAIT) as checker:
            checked = checker.check(entries, LIMITS)
    except NotReady:
        return _page(request, _("Checking does not work just now. Please try again later."), status=503)
    finally:
        _one_at_a_time.release()
    return render(request, "reports/check.html", {**_FORM, **_result(checked)})


@require_POST
def result(request: HttpRequest) -> HttpResponse:
    """The result that a page of ours holds, as a file: CSV or JSON."""
    if limit("report-check-result", request, PER_MINUTE * 3):
        return turned_away()
    try:
        checked = _unpacked(signing.loads(request.POST.get("result", ""), salt=_SALT, max_age=KEEPS))
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        said = _("This result is more than a day old, or was changed. Please check the files again.")
        return _page(request, said, status=422)
    if request.POST.get("format") == "json":
        return _file(json.dumps(checked.as_json(_), indent=1, ensure_ascii=False), "application/json", "json")
    return _file(as_csv(checked.faults), "text/csv; charset=utf-8", "csv")


def as_csv(faults: Sequence[Fault]) -> str:
    """One line for each fault; no cell runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["file", "row", "column", "severity", "rule", "message", "found", "suggestion", "source"])
    for one in faults:
        row = [one.file, str(one.row or ""), one.column, one.severity, one.rule, _(one.message)]
        writer.writerow([inert(text) for text in (*row, one.found, one.suggestion, one.source)])
    return out.getvalue()


_FORM: dict[str, Any] = {"most": MOST // 1_000_000}


def _page(request: HttpRequest, error: str = "", *, status: int = 200) -> HttpResponse:
    return render(request, "reports/check.html", {**_FORM, "error": error}, status=status)


def _result(checked: Checked) -> dict[str, Any]:
    groups = grouped(checked.faults)
    packed = signing.dumps(_packed(checked), salt=_SALT, compress=True)
    return {
        "checked": checked,
        "counts": counts(checked.faults),
        "groups": groups[:SHOWN],
        "hidden": max(len(groups) - SHOWN, 0),
        "payload": packed if len(packed) <= PAYLOAD else "",
    }


def _packed(checked: Checked) -> dict[str, Any]:
    """Without what the rules say themselves."""
    faults = [[one.file, one.row, one.column, one.rule, one.found, one.suggestion] for one in checked.faults]
    return {"files": checked.files, "parts": checked.parts, "siblings": checked.siblings, "faults": faults}


def _unpacked(packed: dict[str, Any]) -> Checked:
    faults = [
        fault(rule, file, row, column, found, suggestion)
        for file, row, column, rule, found, suggestion in packed["faults"]
        # A rule that an update took away meanwhile.
        if rule in RULES
    ]
    parts = [(part, file) for part, file in packed["parts"]]
    return Checked(packed["files"], parts, packed["siblings"], faults)


def _file(text: str, content_type: str, ending: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="report-check.{ending}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(text, content_type=content_type, headers=headers)


def _length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 15 else 0


def _named(name: str | None) -> str:
    """A name fit for a page: no control characters, not endless."""
    shown = "".join(letter for letter in str(name or "") if letter.isprintable())[-200:]
    return shown or _("unnamed file")
