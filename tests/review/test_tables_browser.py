"""A table and a report in a real browser: accessible, narrow, dark, with and without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, Page

from fairnotice.cases.models import Notice, NoticeItem, TableRun
from fairnotice.cases.permissions import ROLES
from fairnotice.intake import report_door, table_runner
from tests.browser.visit import BASE, Visit, no_fault
from tests.cases import making
from tests.intake.reports import report

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
LIST = (
    b"url,problem,why,good_faith,email\n"
    b"https://forum.example.org/a-very-long-address-that-has-to-break-somewhere/1?page=3&order=newest,"
    b"defamation,It is false.,yes,notifier@example.org\n"
    b"https://forum.example.org/2,nonsense,It is false.,yes,\n"
)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    found = Visit(chromium)
    actor = making.account("desk-everything", *ROLES)
    found.client.force_login(get_user_model().objects.get(pk=actor.user_id))
    yield found
    for context in chromium.contexts:
        context.close()


def choose(page: Page) -> None:
    page.get_by_label("People: each line").check()
    page.get_by_role("button", name="Look at the first lines").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_table_from_upload_to_its_lines(visit: Visit, scripts: bool) -> None:
    page = visit.page("/desk/tables/", scripts=scripts)
    page.get_by_label("The list").fill(LIST.decode())
    page.get_by_role("button", name="Choose what the columns mean").click()
    # What answers follows redirects by itself: the address is asked of the database.
    run = TableRun.objects.get()
    page.goto(f"{BASE}/desk/tables/{run.ref}/")
    if scripts:
        no_fault(page, "table-choose")
    choose(page)
    assert page.get_by_text("There is no such kind of problem").is_visible()
    if scripts:
        no_fault(page, "table-preview")
    page.get_by_role("button", name="Let all lines come in").click()
    page.goto(f"{BASE}/desk/tables/{run.ref}/")
    assert page.get_by_text("0 of 2 lines").is_visible()
    table_runner.go_on()
    if scripts:
        page.get_by_text("2 of 2 lines").wait_for()
        no_fault(page, "table-run")
        page.goto(f"{BASE}/desk/tables/")
        no_fault(page, "table-list")
    else:
        page.get_by_role("link", name="Show how far it is now").click()
        assert page.get_by_text("2 of 2 lines").is_visible()
    assert Notice.objects.count() == 1 and visit.complaints == [] == visit.outside


def test_what_a_report_says_stands_at_its_case(visit: Visit) -> None:
    evidence = [
        {
            "content_type": "text/html",
            "description": "The page as it was seen",
            "payload": "c2VjcmV0",
            "hash": "sha256:" + "0" * 64,
        }
    ]
    report_door.take(json.dumps(report(evidence=evidence, evidence_source="user_report")).encode())
    case = NoticeItem.objects.get().case
    assert case is not None
    page = visit.page(f"/desk/case/{case.ref}/")
    page.get_by_text("What the report says besides").click()
    assert page.get_by_text("The report names another hash").is_visible()
    assert page.get_by_text("kept as it came in").is_visible()
    no_fault(page, "case-report")
    assert visit.complaints == [] == visit.outside
