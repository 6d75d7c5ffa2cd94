"""The form in a real browser, with scripts and without: accessible, whole on a phone, nothing lost on the way."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from fairnotice.cases.models import Notice
from fairnotice.plumbing import limits

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
# A loopback address counts as secure, which the clipboard needs. Nothing listens there: `answer` does.
_BASE = "http://127.0.0.1:9"
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_SHOTS = os.environ.get("LOOKS_SCREENSHOTS")
LOOKS = [(1280, False), (360, True)]


@contextmanager
def beside_the_loop() -> Iterator[None]:
    """The browser's driver runs a loop in this thread, and in a loop Django opens another database connection,
    which would wait for the test's own for ever. Within this block there is no loop to be seen."""
    loop = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    try:
        yield
    finally:
        asyncio.events._set_running_loop(loop)


def _notice() -> Notice:
    with beside_the_loop():
        return Notice.objects.prefetch_related("items").get()


class Visit:
    """Opens pages; answers come straight from Django, so nothing ever leaves the machine."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.client = Client(headers={"host": "127.0.0.1:9"})
        self.complaints: list[str] = []
        self.outside: list[str] = []

    def answer(self, route: Route) -> None:
        request = route.request
        url = urlsplit(request.url)
        if not request.url.startswith(_BASE):
            self.outside.append(request.url)
            route.fulfill(status=200, content_type="text/html", body="<title>elsewhere</title>")
        elif url.path.startswith("/static/"):
            found = Path(str(finders.find(url.path.removeprefix("/static/"))))
            route.fulfill(status=200, content_type=_TYPES[found.suffix], body=found.read_bytes())
        else:
            kind = request.headers.get("content-type", "application/octet-stream")
            body = request.post_data_buffer or b""
            with beside_the_loop():
                response = self.client.generic(request.method, url.path, body, kind)
            headers = {name.lower(): value for name, value in response.items()}
            assert "content-security-policy" in headers
            route.fulfill(status=response.status_code, headers=headers, body=response.content)

    def page(self, *, width: int = 1280, dark: bool = False, scripts: bool = True) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.route("**/*", self.answer)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(_BASE + "/report/")
        return page


@pytest.fixture
def visit() -> Iterator[Visit]:
    limits._full_again.clear()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGS)
        yield Visit(browser)
        browser.close()


def _look(page: Page, name: str) -> None:
    """No accessibility fault, nothing that sticks out."""
    if _SHOTS:
        page.screenshot(path=f"{_SHOTS}/intake-{name}.png", full_page=True)
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_whole_way_with_scripts(visit: Visit, width: int, dark: bool) -> None:
    page = visit.page(width=width, dark=dark)
    shade = f"{width}-{'dark' if dark else 'light'}"
    _look(page, f"form-{shade}")

    page.get_by_role("button", name="Look at it once more").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    _look(page, f"errors-{shade}")
    page.locator(".error-summary a").first.click()
    expect(page.locator("#id_items-0-location")).to_be_focused()

    page.get_by_label("Address or exact place").fill("https://münchen.example.org/post/7")
    page.get_by_role("button", name="Add another item").click()
    page.locator("#id_items-1-location").fill("post 8 in the thread about bread")
    page.get_by_role("button", name="Add another item").click()
    page.get_by_role("button", name="Remove this item").nth(2).click()
    page.get_by_label("Untrue claims").check()
    page.get_by_label("Why is it illegal").fill("It says that I stole money.\nThat is false.")
    page.get_by_label("Your e-mail address").fill("notifier@example.org")
    page.get_by_label("I believe in good faith").check()
    page.get_by_role("button", name="Look at it once more").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at it once more")
    _look(page, f"review-{shade}")

    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your notice is with us")
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#receipt-code").inner_text()
    _look(page, f"receipt-{shade}")
    assert len(_notice().items.all()) == 2
    # The browser itself notes the answer 422; nothing else complains, least of all about the policy.
    assert [text for text in visit.complaints if "422" not in text] == []
    assert visit.outside == []


def test_the_whole_way_without_scripts(visit: Visit) -> None:
    page = visit.page(scripts=False)
    page.locator("#id_items-0-location").fill("https://forum.example.org/post/7")
    page.get_by_role("button", name="Add another item").click()
    expect(page.locator("#id_items-0-location")).to_have_value("https://forum.example.org/post/7")
    page.locator("#id_items-1-location").fill("https://forum.example.org/post/8")
    page.get_by_role("button", name="Remove this item").first.click()
    expect(page.locator("#id_items-0-location")).to_have_value("https://forum.example.org/post/8")
    # Enter in a box goes on to the next step; it removes nothing.
    page.locator("#id_items-0-location").press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#id_items-0-location")).to_have_value("https://forum.example.org/post/8")
    page.get_by_label("Untrue claims").check()
    page.locator("#id_why").fill("It is false.")
    page.get_by_label("I believe in good faith").check()
    page.get_by_role("button", name="Look at it once more").last.click()
    page.get_by_role("button", name="Change something").click()
    expect(page.locator("#id_why")).to_have_value("It is false.")
    page.get_by_role("button", name="Look at it once more").last.click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#receipt-code")).to_be_visible()
    assert len(_notice().items.all()) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_where_children_are_abused_the_page_stops_asking_who_you_are(visit: Visit, scripts: bool) -> None:
    page = visit.page(scripts=scripts)
    expect(page.get_by_label("Your e-mail address")).to_be_visible()
    page.get_by_label("Sexual abuse of a child").check()
    expect(page.get_by_label("Your e-mail address")).to_be_hidden()
    expect(page.get_by_text("we do not ask who you are")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_page_about_the_api_is_accessible(visit: Visit, width: int, dark: bool) -> None:
    page = visit.page(width=width, dark=dark)
    page.goto(f"{_BASE}/api/")
    _look(page, f"api-{width}-{'dark' if dark else 'light'}")
    assert visit.complaints == []
