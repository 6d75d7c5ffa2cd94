"""Transparency reports and tallies, for the desk, the public pages and the command line."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from fairnotice.cases.counting.definitions import OF_ROW
from fairnotice.cases.counting.period import Period
from fairnotice.cases.models import Report, ReportText, Tally
from fairnotice.cases.reporting import filling, places, services
from fairnotice.cases.reporting.profiles import applies
from fairnotice.harmonised.parts import PARTS

#: States of a version that everybody may read, for ever.
PUBLIC = ("published", "corrected")


def period_of(report: Report) -> Period:
    """The period of a version."""
    return Period(report.first_day, report.last_day)


def published() -> QuerySet[Report]:
    """Every version that was ever published, the newest period first, in a period the newest version
    first."""
    rows = Report.objects.select_related("status", "corrects__status", "event")
    return rows.filter(status__state__in=PUBLIC).order_by("-last_day", "-first_day", "-number")


def published_version(service: str, period: Period) -> Report | None:
    """The version of a period that holds now; None where none is published."""
    rows = published().filter(service=service, first_day=period.first, last_day=period.last)
    return rows.filter(status__state="published").first()


def built() -> QuerySet[Report]:
    """Versions that wait to be published, the newest first."""
    rows = Report.objects.select_related("status", "corrects", "built_by")
    return rows.filter(status__state="built").order_by("-built_at")


def latest_text(service: str, period: Period | None, key: str) -> ReportText | None:
    """The last version of a text for a period, or of the one for every report."""
    where = str(period) if period else ""
    rows = ReportText.objects.filter(service=service, period=where, key=key)
    return rows.select_related("event").order_by("-version").first()


def text_history(service: str, period: Period | None, key: str) -> list[ReportText]:
    """Every saved version of a text, the newest first."""
    where = str(period) if period else ""
    rows = ReportText.objects.filter(service=service, period=where, key=key)
    return list(rows.select_related("written_by").order_by("-version"))


def texts(service: str, period: Period) -> dict[str, str]:
    """Place -> text for a report: that of its period, else the one for every report. Empty ones are left
    out."""
    found: dict[str, str] = {}
    for where in ("", str(period)):
        rows = ReportText.objects.filter(service=service, period=where).order_by("version")
        for key, text in dict(rows.values_list("key", "text")).items():
            if text:
                found[key] = text
            elif where:
                # Emptied for this period: nothing stands there, whatever holds for the others.
                found.pop(key, None)
    return found


def general_texts(service: str) -> dict[str, str]:
    """Place -> text of those for every report."""
    rows = ReportText.objects.filter(service=service, period="").order_by("version")
    return dict(rows.values_list("key", "text"))


def head(service: str, period: Period) -> filling.Head:
    """What stands at the front of a report of this period."""
    earlier = published().filter(service=service, last_day__lt=period.first)
    previous = earlier.order_by("-status__published_on").first()
    return filling.Head(
        provider=settings.FN_CONFIG.operator_name,
        service=service,
        period=period,
        profile=services.profile(),
        previous=previous.status.published_on if previous else None,
    )


def missing_texts(report: Report) -> list[str]:
    """The places of the qualitative part that apply and are empty in a built version."""
    rows = report.parts[str(filling.QUALITATIVE)]
    keyed = zip(places.rows_of(filling.QUALITATIVE, report.profile), rows, strict=True)
    return [
        f"{filling.QUALITATIVE}:{key}:value"
        for (key, blank), row in keyed
        if applies(blank[0], report.profile) and not row[-1]
    ]


def by_hand(report: Report) -> list[str]:
    """The places of counts that only people can enter, apply, and are 0 in a built version: to be looked
    at."""
    rows = report.parts["7"]
    return [
        f"7:{key}:value"
        for (key, blank), row in zip(places.rows_of(7, report.profile), rows, strict=True)
        if applies(blank[0], report.profile)
        and OF_ROW[7, key].kind == "entered"
        and row[PARTS[7].at("value")] == "0"
        and key.endswith(".total")
    ]


def tallies() -> QuerySet[Tally]:
    """Every closed month, the newest first."""
    return Tally.objects.select_related("event__log").order_by("-month")
