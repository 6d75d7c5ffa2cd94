"""Scheduled reports: one for each period, only the latest after a rest, and no small number in public."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from fairnotice.cases import periods
from fairnotice.cases.actions import period_reports
from fairnotice.cases.models import PeriodReport
from fairnotice.cases.queries import periods as counted
from fairnotice.delivery.runner import run_due
from fairnotice.ledger.models import OutboxRow
from tests.cases import making


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


@pytest.mark.usefixtures("fn_db")
def test_months_are_published_once_on_a_page_and_in_the_feed(client: Client) -> None:
    assert period_reports.make_monthly(now=timezone.now()) is None, "there was nobody yet"
    making.notice()
    now = timezone.now() + timedelta(days=200)
    made = period_reports.make_monthly(now=now)
    assert made is not None
    assert period_reports.make_monthly(now=now) is None
    # Half a year without the clock: the latest month alone.
    assert PeriodReport.objects.count() == 1
    page = client.get(f"/reports/month/{made.period}/")
    assert page.status_code == 200 and made.period in page.content.decode()
    for wrong in ("2020-01", "2026-13", "x"):
        assert client.get(f"/reports/month/{wrong}/").status_code == 404
    feed = client.get("/reports/feed.atom")
    assert feed["Content-Type"].startswith("application/atom+xml") and not feed.cookies
    root = ElementTree.fromstring(feed.content)  # noqa: S314 - our own
    [entry] = root.findall("{http://www.w3.org/2005/Atom}entry")
    link = entry.find("{http://www.w3.org/2005/Atom}link")
    assert link is not None
    assert link.get("href") == f"http://127.0.0.1:8000/reports/month/{made.period}/"


@pytest.mark.usefixtures("fn_db")
def test_the_desk_shows_the_week_to_people_who_work_here(client: Client, settings: Settings) -> None:
    assert client.get("/desk/weekly/").status_code == 302
    actor = making.account("boss", "administrator")
    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    making.notice()
    assert "operator_report_mail" in client.get("/desk/weekly/").content.decode()
    settings.FN_OPERATOR_REPORT_MAIL = ["me@example.org"]
    assert "1 address" in client.get("/desk/weekly/").content.decode()


NUMBERS = st.integers(0, 14)
CELLS = ("notices", "restricted", "no_action", "measures", "appeals", "upheld", "changed", "emergencies")


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(CELLS, NUMBERS)))
def test_no_published_figures_give_a_small_one_away(cells: dict[str, int]) -> None:
    counts = {
        **cells,
        "decisions": cells["restricted"] + cells["no_action"],
        "answered": cells["upheld"] + cells["changed"],
    }
    shown = counted.suppressed(counts)
    assert "emergencies" not in shown
    assert all(shown[name] in (None, counts[name]) for name in shown)
    for name, number in shown.items():
        if 0 < counts[name] < counted.FEW:
            assert number is None
    for total, parts in (("decisions", ("restricted", "no_action")), ("answered", ("upheld", "changed"))):
        # Everything that fits what was published: a hidden small cell must have more than one value left.
        fits = [
            pair
            for pair in itertools.product(range(29), repeat=2)
            if all(_allowed(shown[part], value) for part, value in zip(parts, pair, strict=True))
            and _allowed(shown[total], sum(pair))
        ]
        for place, part in enumerate(parts):
            if 0 < counts[part] < counted.FEW:
                assert len({pair[place] for pair in fits}) > 1, (shown, counts)


def _allowed(shown: int | None, value: int) -> bool:
    """Whether a figure can be behind what is shown; anything can be hidden besides, to hide another."""
    return shown is None or shown == value
