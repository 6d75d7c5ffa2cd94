"""The register and the rules in a real browser: accessible, narrow, dark, and complete without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from fairnotice.cases.actions import publish, rules
from fairnotice.cases.models import PublicEntry
from fairnotice.ledger import sequencer
from tests.browser.visit import BASE, Visit, no_fault
from tests.cases import making
from tests.register.entries import Desk
from tests.register.test_list import copies

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


@pytest.fixture
def entry(desk: Desk) -> PublicEntry:
    """A full register: an entry that was partly reversed, one that waits for the log, and two pages of others."""
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First version.")
    rules.publish_rules(
        clauses=rules.parse_rules(making.RULES + "\n## 4 No fraud\nDo not cheat.\n"), note="Fraud is named."
    )
    decision = desk.decide(ground="rules", ground_reference="2/3.2", also_illegal=False)
    desk.approve(decision)
    publish.publish_batch()
    desk.reverse_in_part(decision)
    publish.publish_batch()
    sequencer.run_once()
    found = PublicEntry.objects.get()
    PublicEntry.objects.update(not_independently_reviewed=True)
    desk.publish("DECISION_VISIBILITY_CONTENT_REMOVED", summary="A copied film was taken down.", logged=False)
    copies(PublicEntry.objects.get(summary__startswith="A copied"), 22)
    return found


def _good(visit: Visit, page: Page, name: str) -> None:
    no_fault(page, f"register-{name}")
    assert [text for text in visit.complaints if "404" not in text] == []


def test_every_page_is_accessible_and_fits(visit: Visit, entry: PublicEntry) -> None:
    waiting = PublicEntry.objects.filter(summary__startswith="A copied").latest("id")
    pages = {
        "list": "/register/",
        "search": "/register/?q=person&category=NONSENSE&appeal=partly_reversed",
        "nothing": "/register/?q=unheard+of",
        "entry": f"/register/{entry.ref}/",
        "waiting": f"/register/{waiting.ref}/",
        "missing": "/register/AAAAAAAAAAAA/",
        "kept": "/what-we-keep/",
        "rules": "/rules/",
        "old-rules": "/rules/1/",
    }
    page = visit.page("/")
    for name, path in pages.items():
        page.goto(BASE + path)
        _good(visit, page, name)


@pytest.mark.parametrize("path", ["/register/", "/rules/"])
def test_the_first_day_is_accessible_too(visit: Visit, path: str) -> None:
    _good(visit, visit.page(path), f"first-day{path.strip('/')}")


def test_searching_and_turning_pages_without_scripts(visit: Visit, entry: PublicEntry) -> None:
    page = visit.page("/register/", scripts=False)
    page.fill("[name=q]", "film")
    page.click("summary:has-text('Narrow')")
    page.select_option("[name=ground]", "law")
    page.click("button:has-text('Search')")
    assert page.locator("h2").first.inner_text() == "23 entries"
    page.click("text=Next")
    assert "q=film&ground=law&page=2" in page.url
    assert page.locator("article").count() == 3
    assert page.locator("[name=ground]").input_value() == "law"
    page.click("text=Show all")
    page.click("text=Next")
    page.click("article >> nth=0 >> a")
    page.goto(f"{BASE}/register/{entry.ref}/")
    with page.expect_download() as waiting:
        page.click("text=Download the proof")
    assert waiting.value.suggested_filename == f"fair-notice-{entry.ref}.json"


def test_a_cited_clause_is_reached_by_its_link(visit: Visit, entry: PublicEntry) -> None:
    page = visit.page(f"/register/{entry.ref}/")
    page.click("text=3.2 No private data")
    assert page.url.endswith("/rules/2/#c-3.2")
    assert page.locator("[id='c-3.2']").is_visible()


def test_printing_leaves_out_what_paper_cannot_do(visit: Visit, entry: PublicEntry) -> None:
    page = visit.page(f"/register/{entry.ref}/")
    page.emulate_media(media="print")
    assert page.locator("text=Download the proof").is_hidden()
    assert page.locator("text=fairnotice verify").is_visible()
    rules_page = visit.page("/rules/")
    rules_page.emulate_media(media="print")
    assert rules_page.locator("text=All versions").is_hidden()
    assert rules_page.locator("[id='c-3.2']").is_visible()
