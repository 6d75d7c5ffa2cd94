"""Scheduled reports: one for each period, only the latest after a rest, and no small number in public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases import periods
from fairnotice.cases.actions import period_reports
from fairnotice.cases.figures.public import counted
from fairnotice.cases.models import PeriodReport
from fairnotice.delivery.runner import run_due
from fairnotice.ledger.append import append
from fairnotice.ledger.models import OutboxRow
from tests.cases import making
from tests.reports.past import Past, at

ATOM = "{http://www.w3.org/2005/Atom}"


class Letters:
    """A way out that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    def send(self, letter: EmailMessage) -> None:
        self.taken.append(letter)


def test_weeks_and_months() -> None:
    assert periods.last_week(datetime(2026, 11, 26, tzinfo=UTC)) == "2026-W47"
    assert periods.last_week(datetime(2027, 1, 4, tzinfo=UTC)) == "2026-W53"
    assert periods.week_span("2026-W53")[0] == datetime(2026, 12, 28, tzinfo=UTC)
    assert periods.last_month(datetime(2026, 11, 2, 23, 59, tzinfo=UTC)) == "2026-09"
    assert periods.last_month(datetime(2026, 11, 3, tzinfo=UTC)) == "2026-10"
    assert periods.last_month(datetime(2027, 1, 3, tzinfo=UTC)) == "2026-12"
    start, end = periods.month_span("2026-12")
    assert (start, end) == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    for wrong in ("", "2026-13", "2026-1", "1999-01", "2026-10-01", "x" * 5000):
        with pytest.raises(ValueError, match="2026-10"):
            periods.month_span(wrong)


@pytest.mark.usefixtures("fn_db")
def test_the_weekly_report_goes_to_the_operator_alone_once_a_week(settings: Settings) -> None:
    settings.FN_OPERATOR_REPORT_MAIL = ["me@example.org", "us@example.org"]
    now = timezone.now()
    sent = making.notice()
    making.decided(sent, making.account("r", "reviewer"))
    later = now + timedelta(days=7)
    assert period_reports.make_weekly(now=later) == 2
    assert period_reports.make_weekly(now=later) == 0
    port = Letters()
    assert run_due(port=port) == 2
    assert sorted(str(one["To"]) for one in port.taken) == settings.FN_OPERATOR_REPORT_MAIL
    body = port.taken[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Notices received: 1" in text and "/desk/weekly/" in text
    assert "forum.example.org" not in text and sent.notice.ref not in text
    # A year later: one report, about the last week.
    assert period_reports.make_weekly(now=now + timedelta(days=400)) == 2
    assert PeriodReport.objects.filter(kind="weekly").count() == 2
    # Whom the settings name no more gets nothing; it waits for nobody.
    settings.FN_OPERATOR_REPORT_MAIL = []
    run_due(port=port)
    assert OutboxRow.objects.filter(dead=True, error_code="misconfigured").count() == 2
    assert len(port.taken) == 2


@pytest.fixture
def past(fn_db: None) -> Past:
    """Two quarters with many notices, and one with few."""
    found = Past()
    found.notices(24, at(2025, 2))
    found.notices(31, at(2025, 5))
    found.notices(4, at(2025, 8))
    return found


def test_months_are_published_once_on_a_page_and_in_the_feed(client: Client, past: Past) -> None:
    assert period_reports.make_monthly(now=at(2025, 3)) is None, "nothing was released yet"
    now = at(2025, 9)
    made = period_reports.make_monthly(now=now)
    assert made is not None
    assert made.period == "2025-08"
    assert period_reports.make_monthly(now=now) is None
    # Half a year without the clock: the latest month alone, and what was published before stays.
    later = period_reports.make_monthly(now=at(2026, 2))
    assert later is not None
    assert (later.period, PeriodReport.objects.count()) == ("2026-01", 2)
    first, second = (client.get(f"/reports/month/{one.period}/").content.decode() for one in (made, later))
    assert "Notices received, 2025-Q2" in first and ">31<" in first
    assert "2025-Q3" not in first
    for wrong in ("2020-01", "2026-13", "x"):
        assert client.get(f"/reports/month/{wrong}/").status_code == 404
    feed = client.get("/reports/feed.atom")
    assert feed["Content-Type"].startswith("application/atom+xml") and not feed.cookies
    root = ElementTree.fromstring(feed.content)  # noqa: S314 - our own
    links = [one.get("href") for one in root.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert links == [f"http://127.0.0.1:8000/reports/month/{one.period}/" for one in (later, made)]
    assert "too small to publish" in second or ">0<" in second


def test_a_month_calls_measures_what_the_statistics_call_them(client: Client, fn_db: None) -> None:
    figures = [{"subject": "measures", "period": "2025-Q2", "total": 31}]
    event = append(kind="report.monthly", open={"month": "2025-08"})
    PeriodReport.objects.create(
        kind="monthly", period="2025-08", made_at=at(2025, 9), figures=figures, event=event
    )
    # Counted by the day of the decision, not by the day on which they took effect.
    assert f"{counted('measures')}, 2025-Q2" in client.get("/reports/month/2025-08/").content.decode()


def test_a_month_says_no_more_than_the_statistics(client: Client, past: Past) -> None:
    made = period_reports.make_monthly(now=at(2025, 11))
    assert made is not None
    shown = client.get("/statistics/notices.json").content.decode()
    totals = {one["subject"]: (one["period"], one["total"]) for one in made.figures}
    assert totals["notices"] == ("2025-Q3", None), "four are too few"
    assert "2025-Q3" in shown or "2025-Q2" in shown


@pytest.mark.usefixtures("fn_db")
def test_the_desk_shows_the_week_to_people_who_work_here(client: Client, settings: Settings) -> None:
    assert client.get("/desk/weekly/").status_code == 302
    actor = making.account("boss", "administrator")
    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    making.notice()
    assert "operator_report_mail" in client.get("/desk/weekly/").content.decode()
    settings.FN_OPERATOR_REPORT_MAIL = ["me@example.org"]
    assert "1 address" in client.get("/desk/weekly/").content.decode()
