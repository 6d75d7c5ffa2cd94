"""Transparency reports at the desk: what is built, what is published, building the next and publishing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.actions import reports as actions
from fairnotice.cases.counting.period import Period, month_of
from fairnotice.cases.errors import Invalid, NotFound
from fairnotice.cases.models import Report
from fairnotice.cases.queries import reports as queries
from fairnotice.cases.reporting import files, services, summary
from fairnotice.cases.reporting.changes import changes
from fairnotice.cases.reporting.places import places
from fairnotice.cases.reporting.profiles import PROFILES
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import value
from fairnotice.review.forms.reports import BuildForm


@desk_page("GET")
def reports(request: HttpRequest) -> HttpResponse:
    """GET desk-reports."""
    last = _last_year()
    return _list(request, BuildForm(initial={"first": last.first, "last": last.last}))


@desk_page("POST")
def build(request: HttpRequest) -> HttpResponse:
    """POST desk-report-build: count, and keep the next version."""
    form = BuildForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        report = actions.build(
            actor=actor_of(request),
            service=services.service_name(),
            period=form.period,
            reason=value(form, "reason"),
        )
    except Invalid as error:
        for fault in error.faults:
            form.add_error("reason", fault.message)
        return _list(request, form, status=422)
    messages.success(request, _("The report is built. Somebody else looks at it and publishes it."))
    return redirect("desk-report", report.ref)


@desk_page("GET")
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-report: one version, as it would be or is published."""
    found = _find(ref)
    parts = files.parts_of(found)
    known = places()
    context: dict[str, Any] = {
        "report": found,
        "state": found.status.state,
        "own": found.built_by_id == actor_of(request).user_id,
        "sections": summary.sections(parts, found.profile),
        "changes": changes(files.parts_of(found.corrects), parts) if found.corrects else [],
        "by_hand": [known[key] for key in queries.by_hand(found)],
        "missing": [known[key] for key in queries.missing_texts(found)],
    }
    return render(request, "review/report.html", context)


@desk_page("POST")
def publish(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-report-publish."""
    report = actions.publish(actor=actor_of(request), report_ref=ref)
    messages.success(request, _("It is published, and its files are in the public log."))
    return redirect("desk-report", report.ref)


@desk_page("POST")
def drop(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-report-drop."""
    actions.drop(actor=actor_of(request), report_ref=ref)
    messages.success(request, _("This version is put away; it is not published."))
    return redirect("desk-reports")


def _find(ref: str) -> Report:
    rows = Report.objects.select_related("status", "corrects__status", "built_by", "status__published_by")
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such report."))
    return found


def _last_year() -> Period:
    """The calendar year before this one, which is what most reports are about."""
    year = timezone.now().year - 1
    january = month_of(timezone.now().date().replace(year=year, month=1, day=1))
    return Period(january.first, january.first.replace(month=12, day=31))


def _list(request: HttpRequest, form: BuildForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "service": services.service_name(),
        "profile": _(PROFILES[services.profile()]),
        "waiting": list(queries.built().defer("parts", "provenance")),
        "published": list(queries.published().defer("parts", "provenance")),
        "months": queries.tallies().count(),
    }
    return render(request, "review/reports.html", context, status=status)
