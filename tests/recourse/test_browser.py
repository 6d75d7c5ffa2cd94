"""The pages behind a code in a real browser: accessible, narrow, dark, and complete without scripts."""

from __future__ import annotations

import contextvars
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, sync_playwright

from fairnotice.cases import codes
from fairnotice.cases.actions import appeal, effect
from fairnotice.cases.drafts import ItemDraft
from fairnotice.cases.models import Appeal, Measure, Statement, StatementStatus
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
LABEL = "DECISION_VISIBILITY_CONTENT_LABELLED"


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the database is only used between its steps.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGS)
        yield browser
        browser.close()


class Visit:
    """A person at a browser; Django answers, and `client` keeps the cookies."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.client = Client(headers={"host": "127.0.0.1"})
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
            viewport={"width": width, "height": 800},
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
def story(chromium: Browser) -> dict[str, str]:
    """Two items, one decided, appealed and partly reversed, and the addresses of all pages of both sides."""
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    items = [
        ItemDraft("https://forum.example.org/post/7?page=2&order=newest-first-of-all", "second paragraph"),
        ItemDraft("message 12 in the hall", ""),
    ]
    sent = making.notice(
        items=items, why="It says that I stole money.\n\nThat is false, and the court said so."
    )
    decision = making.decided(sent, reviewer)
    code = codes.mint(side="affected", case=decision.case)
    access = codes.find(code)
    assert access is not None
    lodged = appeal.lodge(
        access=access, decision_ref=decision.ref, reasons="It was satire.\nSee the headline."
    )
    refs = {s.audience: s.ref for s in Statement.objects.all()}
    measure = decision.measures.get()
    effect.report_effect(measure_ref=measure.ref, effect="confirmed", actor=reviewer)
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    answer = appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="partly_reversed",
        reasons="A label is enough here, because the headline says that it is satire.",
        changes=[
            appeal.ChangeDraft(measure.ref, "replace", measure.review, LABEL, "The label is taken off.")
        ],
    )
    assert Measure.objects.count() == 2
    return {
        "notifier": sent.code,
        "affected": code,
        "decision": decision.ref,
        "statement": refs["affected"],
        "told": refs["notifier"],
        "answer": answer.statements.get(audience="affected").ref,
    }


PAGES = {
    "enter": ("", "/status/"),
    "again": ("", "/status/appeal/{decision}/"),
    "notice-new": ("notifier", "/status/view/"),
    "decision": ("notifier", "/status/statement/{told}/"),
    "notice-read": ("notifier", "/status/view/"),
    "appeal": ("notifier", "/status/appeal/{decision}/"),
    "withdraw": ("notifier", "/status/withdraw/?what=notice"),
    "affected-new": ("affected", "/status/view/"),
    "statement": ("affected", "/status/statement/{statement}/"),
    "answer": ("affected", "/status/statement/{answer}/"),
    "affected-read": ("affected", "/status/view/"),
    "appealed": ("affected", "/status/appeal/{decision}/"),
}


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_no_accessibility_fault_and_nothing_sticks_out(
    visit: Visit, story: dict[str, str], width: int, dark: bool
) -> None:
    side = ""
    for name, (wanted, path) in PAGES.items():
        if wanted != side:
            visit.client.post("/status/", {"code": story[wanted]})
            side = wanted
        page = visit.page(path.format(**story), width=width, dark=dark)
        assert (page.locator("h1").inner_text() == "Enter your code") is (side == ""), name
        if _SHOTS:
            page.screenshot(path=f"{_SHOTS}/{name}-{width}-{'dark' if dark else 'light'}.png", full_page=True)
        result = Axe().run(page)
        assert result.violations_count == 0, name + result.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.context.close()
    assert [text for text in visit.complaints if "403" not in text] == []


def test_from_the_code_to_an_appeal_without_scripts(visit: Visit, story: dict[str, str]) -> None:
    page = visit.page("/status/", scripts=False, width=360)
    page.get_by_label("Your code").fill(story["notifier"].lower())
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="Read the decision").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Decision about your report"
    page.get_by_role("link", name="Appeal against this decision").click()
    page.get_by_role("button", name="Send the appeal").click()
    page.get_by_role("link", name="Please say why you think").click()
    page.get_by_label("Why is the decision wrong?").fill("It is still there.")
    page.get_by_role("button", name="Send the appeal").click()
    assert page.get_by_text("We have it").is_visible()
    page.get_by_role("link", name="Take the appeal back").click()
    page.get_by_role("link", name="No, keep it").click()
    assert page.get_by_text("It is still there.").is_visible()
    assert Appeal.objects.filter(side="notifier", status__state="received").exists()


def test_print_has_the_words_and_no_buttons(visit: Visit, story: dict[str, str]) -> None:
    visit.client.post("/status/", {"code": story["affected"]})
    StatementStatus.objects.update(delivered_at=timezone.now() - timedelta(days=1))
    page = visit.page(f"/status/statement/{story['statement']}/")
    page.emulate_media(media="print")
    if _SHOTS:
        page.screenshot(path=f"{_SHOTS}/statement-print.png", full_page=True)
    assert page.get_by_text("The post says that somebody took money").is_visible()
    for gone in (page.get_by_role("button"), page.get_by_text("Leave this page quickly")):
        assert gone.count() == 0 or not gone.first.is_visible()
