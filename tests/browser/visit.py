"""A real browser whose requests Django answers inside the test: nothing listens, and nothing leaves the machine."""

from __future__ import annotations

import contextvars
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from tests.browser import axe

# The same browser without the windows around its pages, which nobody sees here.
PROGRAM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
# A loopback address counts as secure, which the clipboard needs. Nothing listens there: `Visit.answer` does.
BASE = "http://127.0.0.1:9"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # One process for all pages: to start another for each takes longer than what is done in it.
    "--no-zygote",
    "--renderer-process-limit=1",
]
LOOKS: list[tuple[int, Literal["light", "dark"]]] = [(1280, "light"), (360, "dark")]
SEEN = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable", "meta-viewport"]
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# How long a page may take until it shows what is expected: long, as other tests may hold all processors.
expect.set_options(timeout=20_000)
# Where to leave pictures of the pages, for looking at them; nowhere unless set.
PICTURES = os.environ.get("TEST_PICTURES")


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's chromium.

    Playwright keeps an event loop in this thread for as long as the browser runs, and Django refuses database work
    where it sees a loop. Tests use the database only between the browser's steps, so it may be allowed.
    """
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """Somebody at a browser. `client` keeps their cookies; `complaints` is what the browser had to say, and
    `outside` what was asked of anybody else."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.client = Client(headers={"host": "127.0.0.1"})
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.context = contextvars.copy_context()

    def answer(self, route: Route) -> None:
        """What the server would answer, redirects followed, or a file of ours."""
        request, url = route.request, urlsplit(route.request.url)
        if not request.url.startswith(BASE):
            self.outside.append(request.url)
            route.fulfill(status=200, content_type="text/html", body="<title>elsewhere</title>")
            return
        if url.path.startswith("/static/"):
            found = Path(str(finders.find(url.path.removeprefix("/static/"))))
            route.fulfill(status=200, content_type=TYPES[found.suffix], body=found.read_bytes())
            return
        path = f"{url.path}?{url.query}"
        if request.method == "POST":
            body, kind = request.post_data_buffer or b"", request.headers["content-type"]
            response = self.context.run(self.client.post, path, body, content_type=kind, follow=True)
        else:
            response = self.context.run(self.client.get, path)
        headers = {name.lower(): value for name, value in response.items()}
        assert "content-security-policy" in headers
        route.fulfill(status=response.status_code, headers=headers, body=response.content)

    def page(self, path: str, *, width: int = 1280, dark: bool = False, scripts: bool = True) -> Page:
        """Open a path in a window of its own."""
        # Playwright calls `answer` elsewhere; there Django would open another connection, outside the test.
        self.context = contextvars.copy_context()
        window = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            permissions=["clipboard-read", "clipboard-write"],
        )
        window.route("**/*", self.answer)
        page = window.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(BASE + path)
        return page


def follow(place: Locator) -> None:
    """Press a link or a button and wait for the page that comes. A form that computes its proof of work leaves
    later than the press, which the browser's own waiting does not know."""
    if place.evaluate("(one) => Boolean(one.form?.dataset.proof) && !one.hasAttribute('formaction')"):
        with place.page.expect_navigation():
            place.click()
    else:
        place.click()
    place.page.wait_for_load_state()


def picture(page: Page, name: str) -> None:
    """Leave a picture, where that is asked for."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def no_fault(page: Page, name: str) -> None:
    """No accessibility fault that axe finds, and nothing sticks out sideways (tables scroll by themselves): on a
    wide light screen and on a dark phone. The page is opened once, as opening takes longest."""
    before = page.viewport_size
    for number, (width, shade) in enumerate(LOOKS):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=shade, reduced_motion="reduce")  # colours change at once
        picture(page, f"{name}-{width}-{shade}")
        # What does not depend on width and colours was found in the first look.
        found = axe.faults(page, SEEN if number else ())
        assert not found, f"{name}, {width} wide: {found}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{name}, {width} wide"
        )
    if before:
        page.set_viewport_size(before)
    page.emulate_media(color_scheme="null")
