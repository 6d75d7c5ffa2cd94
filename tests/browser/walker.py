"""A person in a browser: opens pages, fills in what they see by its label, and each page is checked."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser import axe
from tests.browser.visit import follow, picture

# The page as its tags, classes, labels and headings, without what people wrote or which row it is about.
SHAPE = """() => [...document.body.querySelectorAll("*")].map((one) => one.tagName + "." + one.className
    + (one.matches("h1, h2, h3, label, legend, th, button") ? one.textContent.replace(/[A-Z0-9]{12}|\\d+/g, "") : "")
  ).join("\\n")"""


class Walker:
    """One person with a browser session of their own. With scripts, every page is checked by axe, and the browser
    must not complain about anything. `looked_at` keeps the pages that axe has seen, for all people of a walk."""

    def __init__(
        self,
        browser: Browser,
        base: str,
        *,
        name: str,
        scripts: bool,
        width: int,
        dark: bool,
        looked_at: set[str],
    ) -> None:
        self.base, self.name, self.scripts = base, name, scripts
        self.width, self.dark = width, dark
        self.context: BrowserContext = browser.new_context(
            java_script_enabled=scripts,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.asked: set[str] = set()
        self.page.on("console", lambda message: self._complain(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.add(re.sub(r"(//[^/]+).*", r"\1", request.url)))
        self._seen = 0
        self._looked_at = looked_at

    def _complain(self, text: str) -> None:
        # A form that comes back with its faults has status 422, which the browser mentions.
        if "status of 422" not in text:
            self.complaints.append(text)

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.base + path)
        self.check()

    def press(self, text: str, *, within: str = "main") -> None:
        """Press the button or follow the link with this text, and check the page that comes."""
        place = self.page.locator(within)
        found = place.get_by_role("button", name=text).or_(place.get_by_role("link", name=text))
        follow(found.filter(visible=True).first)
        self.check()

    def fill(self, **labels: str) -> None:
        """Type into fields named by the start of their label (underscores are spaces)."""
        for label, text in labels.items():
            self.field(label.replace("_", " ")).fill(text)

    def field(self, label: str) -> Locator:
        """The field whose label begins so."""
        return self.page.locator("main").get_by_label(re.compile("^" + re.escape(label))).first

    def choose(self, *labels: str) -> None:
        """Tick boxes or radio buttons by label; opens a folded part where the choice lies in one."""
        for label in labels:
            box = self.field(label)
            if not box.is_visible():
                box.locator("xpath=ancestor::details[1]/summary").click()
            box.check()

    def see(self, *texts: str) -> None:
        """The page shows each of these, or the page that a press is still on its way to: a form that computes
        its proof before it is sent leaves later than the press."""
        for text in texts:
            said = f"{self.name}: '{text}' is not on {self.page.url}"
            body = expect(self.page.locator("body"), said)
            body.to_contain_text(text, ignore_case=True, use_inner_text=True)

    def see_not(self, *texts: str) -> None:
        """The page shows none of these, not even in its source."""
        source = self.page.content()
        for text in texts:
            assert text not in source, f"{self.name}: '{text}' is on {self.page.url}"

    def check(self) -> None:
        """What must hold on every page."""
        self._seen += 1
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, (
            f"too wide: {self.page.url}"
        )
        picture(
            self.page, f"walk-{self.name}-{self._seen:02}-{self.width}-{'dark' if self.dark else 'light'}"
        )
        if self.scripts:
            self._accessible()
            assert self.complaints == [], f"{self.page.url}: {self.complaints}"
        assert self.asked <= {self.base}, "nothing is ever asked of anybody else"

    def _accessible(self) -> None:
        """Asked once for each page that looks the same: a walk comes by the queue and the form to sign in a dozen
        times."""
        shape = self.page.evaluate(SHAPE)
        if shape not in self._looked_at:
            self._looked_at.add(shape)
            found = axe.faults(self.page)
            assert not found, f"{self.page.url}\n{found}"

    def download(self, text: str, folder: Path) -> Path:
        """Follow a download link; the file."""
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=text).first.click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def sign_in(self, username: str, password: str) -> None:
        """Through the sign-in page."""
        self.go("/accounts/login/")
        self.fill(Sign=username, Password=password)
        self.press("Sign in")

    def code(self) -> str:
        """The code that this page shows once."""
        return self.page.locator("#receipt-code").inner_text()
