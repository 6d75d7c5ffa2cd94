"""Statements for the EU database at the desk, and the ways to follow reports, in a real browser: wide and narrow,
light and dark, by keyboard and without scripts."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from fairnotice.cases import periods, sealed, subscribing
from fairnotice.cases.actions import filing
from fairnotice.cases.models import Filing, PeriodReport, Subscriber
from fairnotice.ledger.append import append
from tests.browser.visit import Visit, no_fault
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
NAMED = "The post of @somebody says that a person took money; write to me@example.org."


def test_a_held_statement_is_rewritten_and_let_go_by_keyboard(visit: Visit) -> None:
    senior = making.account("senior", "senior_reviewer")
    visit.client.force_login(get_user_model().objects.get(pk=senior.user_id))
    making.decided(making.notice(), senior, facts=NAMED)
    filing.prepare(place="sandbox", now=timezone.now())
    filing.stop_all(why="token")
    no_fault(visit.page("/desk/filings/"), "desk-filings")
    no_fault(visit.page("/desk/weekly/"), "desk-weekly")
    found = Filing.objects.get()
    no_fault(visit.page(f"/desk/filing/{found.ref}/"), "desk-filing")
    page = visit.page(f"/desk/filing/{found.ref}/", scripts=False)
    page.get_by_label("What was found").fill("The post says that somebody took money.")
    page.get_by_role("button", name="Send it in these words").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "It is sent with the next ones" in page.inner_text("main")
    assert Filing.objects.get().state == "queued"
    assert visit.outside == [] and visit.complaints == []


def test_subscribing_and_leaving_without_scripts(visit: Visit) -> None:
    month = periods.last_month(timezone.now())
    figures = [{"subject": "notices", "period": "2026-Q3", "total": 1234},
               {"subject": "appeals", "period": "2026-H1", "total": None}]  # fmt: skip
    event = append(kind="report.monthly", open={"month": month})
    PeriodReport.objects.create(
        kind="monthly", period=month, made_at=timezone.now(), figures=figures, event=event
    )
    no_fault(visit.page(f"/reports/month/{month}/"), "reports-month")
    no_fault(visit.page("/reports/subscribe/"), "reports-subscribe")
    page = visit.page("/reports/subscribe/", scripts=False)
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Look into your mailbox" in page.inner_text("main")
    subscribing.tick(now=timezone.now())
    token = sealed.read("subscriber", Subscriber.objects.get().ref, "token")
    no_fault(visit.page(f"/reports/subscription/{token}/"), "reports-subscription")
    page = visit.page(f"/reports/subscription/{token}/", scripts=False)
    page.get_by_role("button", name="Erase my address now").click()
    page.wait_for_load_state()
    assert "Your address is erased" in page.inner_text("main")
    assert not Subscriber.objects.exists()
    assert visit.outside == [] and visit.complaints == []
