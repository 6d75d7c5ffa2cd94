"""The page that checks reports in a real browser: accessible, narrow, dark, sorted, and narrowed without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from fairnotice.harmonised.writing import csv_files
from fairnotice.plumbing import limits
from fairnotice.reports import check_views
from tests.browser.visit import Visit, no_fault
from tests.harmonised.right import right
from tests.harmonised.wrong import PHISHING, place_of
from tests.reports.in_process import InProcess

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
BODY = """({name, text}) => {
    const chosen = new DataTransfer();
    chosen.items.add(new File([text], name));
    document.dispatchEvent(new DragEvent("drop", {dataTransfer: chosen, cancelable: true}));
}"""


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(limits, "_over", lambda *_: False)
    monkeypatch.setattr(check_views, "Checker", InProcess)


def wrong() -> dict[str, str]:
    report = right()
    row = report.parts[4][place_of(report, 4, PHISHING)]
    row[9], row[5], row[0] = "1.3hrs", "7.0", "Everybody"
    return {"name": "4_notices.csv", "text": dict(csv_files(report))["4_notices.csv"].decode()}


def shown(page: Page) -> list[str]:
    return page.locator("table.faults tbody tr:visible .small").all_inner_texts()


def test_a_file_is_dropped_and_its_faults_are_sorted_and_narrowed(visit: Visit) -> None:
    page = visit.page("/reports/check/")
    no_fault(page, "report-check")
    page.evaluate(BODY, wrong())
    expect(page.locator("[data-dropped]")).to_contain_text("4_notices.csv")
    assert page.evaluate("document.querySelector('#files').files.length") == 1
    page.get_by_role("button", name="Check").click()
    no_fault(page, "report-check-result")
    assert [text.split(" ")[0] for text in shown(page)] == [
        "row-applicability",
        "count-decimal",
        "hours-unit",
    ]
    page.get_by_role("button", name="How bad").press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("How bad")
    assert shown(page)[-1].startswith("row-applicability")
    page.get_by_label("Notes only").check()
    assert len(shown(page)) == 1
    assert visit.complaints == []
