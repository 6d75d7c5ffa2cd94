"""The observatory's pages in a real browser: accessible, wide and narrow, light and dark, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fairnotice.observatory.topics import TOPICS
from fairnotice.observatory.web import answering
from tests.browser.visit import BASE, PICTURES, Visit, no_fault
from tests.observatory import views

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.FN_OBSERVATORY_STORE = views.weeks(tmp_path, days=9).store.path
    answering.forget()
    yield
    answering.forget()


def test_pages_are_accessible_and_fit(visit: Visit, store: None) -> None:
    page = visit.page("/observatory/", scripts=False)
    page.click("nav.tabs >> text=How fast")
    page.select_option("[name=platform]", "Harbour")
    page.fill("[name=since]", "2025-07-10")
    page.click("button:has-text('Show')")
    assert "10 July 2025" in page.locator("main").inner_text() and page.locator("svg[role=img]").count() >= 4
    page = visit.page("/observatory/")
    no_fault(page, "observatory")
    # One of each kind of picture and of table; the others are made of the same.
    for name in TOPICS if PICTURES else ("automation", "weeks", "peers"):
        page.goto(f"{BASE}/observatory/{name}/{'?platform=Harbour' if name == 'peers' else ''}")
        no_fault(page, f"observatory-{name}")
    assert visit.complaints == []
