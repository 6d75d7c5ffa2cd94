"""Reports in a real browser: wide and narrow, light and dark, in print, accessible, without scripts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from fairnotice.cases.actions import reports
from fairnotice.cases.actions.tallies import close_month
from fairnotice.cases.counting.period import parse_month, parse_period
from fairnotice.cases.reporting.services import service_name
from fairnotice.ledger import sequencer
from tests.browser.visit import BASE, Visit, no_fault
from tests.cases import making
from tests.cases.report_acts import YEAR
from tests.reporting import past
from tests.reporting.test_reports import write_texts

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
ANOTHER = parse_period("2024-01-01/2024-12-31")


def test_every_page_is_accessible_and_fits(visit: Visit) -> None:
    senior, publisher = making.account("senior", "senior_reviewer"), making.account("publisher", "publisher")
    reviewer = making.account("reviewer", "reviewer")
    for number, problem in enumerate(("defamation", "scam", "threat", "defamation")):
        sent = making.notice(f"https://forum.example.org/{number}", problem=problem)
        past.received(sent, datetime(2025, 5, 4 + number, tzinfo=UTC))
        past.took_effect(making.decided(sent, reviewer), datetime(2025, 5, 20, 7 * number, tzinfo=UTC))
    write_texts(senior)
    first = reports.build(actor=senior, service=service_name(), period=YEAR)
    reports.publish(actor=publisher, report_ref=first.ref)
    why = "The description of automated means was not clear."
    key = "11:automated:value"
    reports.save_text(
        actor=senior, service=service_name(), period=YEAR, key=key, text="There are none.", version=0
    )
    second = reports.build(actor=senior, service=service_name(), period=YEAR, reason=why)
    reports.publish(actor=publisher, report_ref=second.ref)
    third = reports.build(actor=senior, service=service_name(), period=ANOTHER)
    for month in ("2025-04", "2025-05"):
        close_month(month=parse_month(month))
    sequencer.run_once()
    public = {
        "list": "/reports/",
        "report": f"/reports/{second.ref}/",
        "corrected": f"/reports/{first.ref}/",
        "tallies": "/reports/tallies/",
        "missing": "/reports/AAAAAAAAAAAA/",
    }
    desk = {
        "desk": "/desk/reports/",
        "built": f"/desk/reports/{third.ref}/",
        "texts": f"/desk/reports/texts/?period={YEAR}",
        "notes": "/desk/reports/texts/?part=4",
        "text": f"/desk/reports/text/?place={key}&period={YEAR}",
    }
    page = visit.page("/")
    for name, path in public.items():
        page.goto(BASE + path)
        no_fault(page, f"reports-{name}")
    visit.client.force_login(get_user_model().objects.get(pk=senior.user_id))
    for name, path in desk.items():
        page.goto(BASE + path)
        no_fault(page, f"reports-{name}")
    assert [text for text in visit.complaints if "404" not in text] == []
