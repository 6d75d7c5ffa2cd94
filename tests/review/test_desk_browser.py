"""The desk in a real browser: accessible, narrow, dark, and a whole decision with and without scripts."""

from __future__ import annotations

import contextvars
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, sync_playwright

from fairnotice.answerable.models import Contact, Delegation, Organisation, Resource
from fairnotice.cases.actions import appeal, claim, rules
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.drafts import ItemDraft
from fairnotice.cases.models import Decision
from fairnotice.cases.permissions import ROLES
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
_BASE = "http://127.0.0.1:9"
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_SHOTS = os.environ.get("LOOKS_SCREENSHOTS")


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the database is only used between its steps.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGS)
        yield browser
        browser.close()


class Visit:
    """Somebody at the desk with every role, so that every button shows; Django answers, nothing leaves."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.actor = making.account("desk-everything", *ROLES)
        self.client = Client(headers={"host": "127.0.0.1"})
        self.client.force_login(get_user_model().objects.get(pk=self.actor.user_id))
        self.complaints: list[str] = []
        self.context = contextvars.copy_context()

    def answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            found = Path(str(finders.find(url.path.removeprefix("/static/"))))
            route.fulfill(status=200, content_type=_TYPES[found.suffix], body=found.read_bytes())
            return
        path = f"{url.path}?{url.query}"
        if route.request.method == "POST":
            body, kind = route.request.post_data_buffer or b"", route.request.headers["content-type"]
            response = self.context.run(self.client.post, path, body, content_type=kind, follow=True)
        else:
            response = self.context.run(self.client.get, path)
        headers = {name.lower(): value for name, value in response.items()}
        route.fulfill(status=response.status_code, headers=headers, body=response.content)

    def page(self, path: str, *, width: int = 1280, dark: bool = False, scripts: bool = True) -> Page:
        # Playwright calls `answer` elsewhere; there Django would open another connection, outside the test.
        self.context = contextvars.copy_context()
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        context.route("**/*", self.answer)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(_BASE + path)
        return page


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    yield Visit(chromium)
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def places(visit: Visit) -> dict[str, str]:
    """The desk in the middle of a working day, and where each page is."""
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="The first rules.")
    host = Organisation.objects.create(handle="HOST-1", name="Example Hosting", country="DE")
    domain = Resource.objects.create(kind="domain", name="forum.example.org")
    Delegation.objects.create(resource=domain, to_org=host, kind="hosting", valid_from="2020-01-01")
    Contact.objects.create(organisation=host, role="abuse", channel="mail", address="abuse@host.example")
    other = making.account("desk-reviewer", "reviewer")
    items = [
        ItemDraft("https://forum.example.org/thread/12?page=3&order=newest", "second paragraph"),
        ItemDraft("message 12 in the hall"),
    ]
    sent = making.notice(
        items=items, why="It says that I stole money.\n\nThat is false, and the court said so."
    )
    making.notice("https://b\u00fccher.example/shop", problem="phishing", name="A", email="a@example.net")
    making.notice("https://forum.example.org/threat", problem="threat")
    held = making.case_of(sent)
    held = claim.claim(actor=visit.actor, case_ref=held.ref, version=held.version)
    decided = making.decided(making.notice("https://forum.example.org/post/8"), other)
    lodged = appeal.lodge(
        access=making.affected_access(decided), decision_ref=decided.ref, reasons="It was a quotation."
    )
    appeal.claim_appeal(actor=visit.actor, appeal_ref=lodged.ref, version=1)
    making.decided(making.notice("https://forum.example.org/post/9"), other, reach=Reach("letter"))
    making.decided(
        making.notice("https://forum.example.org/post/10"), other, "DECISION_PROVISION_TOTAL_SUSPENSION"
    )
    return {
        "queue": "/desk/",
        "case": f"/desk/case/{held.ref}/",
        "case-decided": f"/desk/case/{decided.case.ref}/",
        "decide": f"/desk/case/{held.ref}/decide/",
        "seconds": "/desk/second/",
        "statements": "/desk/statements/",
        "measures": "/desk/measures/",
        "appeals": "/desk/appeals/",
        "appeal": f"/desk/appeal/{lodged.ref}/",
        "appeal-decide": f"/desk/appeal/{lodged.ref}/decide/",
        "publications": "/desk/publications/",
        "publication": f"/desk/publication/{decided.publication.ref}/",
        "lookup": "/desk/lookup/",
        "rules": "/desk/rules/",
        "rules-publish": "/desk/rules/publish/",
    }


def _picture(page: Page, name: str) -> None:
    if _SHOTS:
        page.screenshot(path=f"{_SHOTS}/desk-{name}.png", full_page=True)


def _no_fault(page: Page, name: str) -> None:
    result = Axe().run(page)
    assert result.violations_count == 0, f"{name}: {result.generate_report()}"
    # Nothing sticks out sideways on a phone, except inside a table that scrolls by itself.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_no_page_has_an_accessibility_fault(
    visit: Visit, places: dict[str, str], width: int, dark: bool
) -> None:
    for name, path in places.items():
        page = visit.page(path, width=width, dark=dark)
        _picture(page, f"{name}-{width}")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        _no_fault(page, name)
        page.context.close()
    assert visit.complaints == []


def _fill_in(page: Page) -> None:
    today = timezone.localdate()
    page.get_by_label("Something is done about the item").check()
    page.locator("#id_measures-0-kind").select_option("DECISION_VISIBILITY_CONTENT_DISABLED")
    page.locator("#id_measures-0-review").fill((today + timedelta(days=180)).isoformat())
    page.locator("#id_measures-0-how_to_reverse").fill("The post is shown again.")
    page.get_by_label("A law", exact=True).check()
    page.locator("#id_law").fill("Section 186 of the Criminal Code")
    for name in ("facts", "explanation", "necessity", "milder_considered", "paraphrase"):
        page.locator(f"#id_{name}").fill(f"What a reviewer types about {name}.")
    page.get_by_role("checkbox", name="Text", exact=True).check()
    page.locator("#id_content_date").fill((today - timedelta(days=3)).isoformat())
    page.get_by_role("radio", name="Nobody can be reached").check()
    page.locator("#id_reach_reason").fill("The service holds no address of the author.")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_whole_decision(visit: Visit, places: dict[str, str], scripts: bool) -> None:
    page = visit.page(places["case"], scripts=scripts)
    page.get_by_role("link", name="Decide this case").click()
    _fill_in(page)
    page.get_by_role("button", name="Add another measure").click()
    assert page.locator("#id_measures-1-start").input_value() == timezone.localdate().isoformat()
    assert page.locator("#id_facts").input_value() == "What a reviewer types about facts."
    page.get_by_role("button", name="Remove this measure").nth(1).click()
    page.locator("form .actions").get_by_role("button", name="Look once more").click()
    # The summary is still missing: the page says so, leads there, and has kept everything.
    assert page.locator('.error-summary a[href="#id_summary"]').count() == 1
    assert page.locator(".error-summary li").count() == 1
    if scripts:
        _picture(page, "decide-errors-1280")
        _no_fault(page, "errors")
    page.locator("#id_summary").fill(making.SUMMARY)
    page.locator("form .actions").get_by_role("button", name="Look once more").click()
    assert "What the affected party reads" in page.inner_text("main")
    if scripts:
        _picture(page, "preview-1280")
        _no_fault(page, "preview")
    page.get_by_role("button", name="Go back and change something").click()
    page.locator("form .actions").get_by_role("button", name="Look once more").click()
    page.get_by_role("button", name="Decide now").click()
    assert "Decided. Both sides are being told." in page.inner_text("main")
    assert Decision.objects.filter(case__ref=places["case"].split("/")[-2]).count() == 1


def test_the_filters_change_the_list_in_place(visit: Visit, places: dict[str, str]) -> None:
    page = visit.page(places["queue"])
    assert page.locator("#queue tbody tr").count() > 1
    page.get_by_label("Only those that I hold").check()
    page.wait_for_function("document.querySelectorAll('#queue tbody tr').length === 1")
    assert urlsplit(page.url).query == ""


def test_a_letter_to_print(visit: Visit, places: dict[str, str]) -> None:
    page = visit.page(places["statements"])
    page.get_by_role("button", name="Show the letter to print").click()
    assert "Your code" in page.inner_text("main")
    _no_fault(page, "letter")
    page.emulate_media(media="print")
    _picture(page, "letter-print")
    assert not page.get_by_role("button", name="The letter has been posted").is_visible()
