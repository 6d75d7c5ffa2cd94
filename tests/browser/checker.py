"""Somebody on the page "Check this proof", and what the page and their browser asked for meanwhile."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request

from fairnotice.cases.actions.submit import Submitted
from fairnotice.ledger import sequencer
from tests.browser.visit import BASE, Visit
from tests.cases import making

PATH = "/log/check"
ASKED = re.compile(re.escape(BASE) + r"/log/20\d\d/(checkpoint|tile/[0-9]/[0-9x/]+(\.p/[0-9]+)?)")
WHY = "It says that I stole <b>money</b> & more.\n\n\u202eElttil\u202c"
Document = dict[str, Any]


class Checker:
    """Somebody on the page. `requests` are those since the page had loaded."""

    def __init__(self, visit: Visit, **window: Any) -> None:
        self.visit = visit
        self.page: Page = visit.page(PATH, **window)
        self.page.set_default_timeout(20_000)
        self.requests: list[Request] = []
        self.page.on("request", self.note)

    def note(self, request: Request) -> None:
        if not request.url.endswith("/favicon.svg"):  # which the browser fetches when it likes
            self.requests.append(request)

    def choose(self, document: Document | bytes, name: str = "receipt.json") -> str:
        """Choose a file; all that the page then says."""
        data = document if isinstance(document, bytes) else json.dumps(document, indent=1).encode()
        self.page.set_input_files(
            "#check-file", {"name": name, "mimeType": "application/json", "buffer": data}
        )
        return self.result()

    def result(self) -> str:
        self.page.locator("#check-verdict").wait_for()
        assert self.page.evaluate("document.activeElement.id") == "check-verdict"
        assert self.page.locator("#check-status").inner_text() == ""
        return self.page.locator("#check-result").inner_text()

    def verdict(self) -> str:
        return self.page.locator("#check-verdict").inner_text()

    def step(self, label: str) -> str:
        return self.page.locator("ol.steps li", has_text=label).locator(".step-state").inner_text()

    def save(self, label: str) -> tuple[str, bytes]:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=label).click()
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()

    def leave(self) -> None:
        """Nothing but the log's public files was asked for, and the browser had nothing to complain about."""
        for request in self.requests:
            assert request.method == "GET" and request.post_data is None
            assert request.url.startswith(f"blob:{BASE}/") or ASKED.fullmatch(request.url), request.url
            assert not {"cookie", "referer", "authorization"} & set(request.all_headers())
        # Before its first entry a log has nothing signed, which the browser mentions.
        complaints = [text for text in self.visit.complaints if "status of 404" not in text]
        assert (complaints, self.visit.outside) == ([], [])


def notice() -> Submitted:
    """A notice among others, in the published log."""
    sent = making.notice(why=WHY, email="me@example.net")
    making.notice("message 12")
    sequencer.run_once()
    return sent
