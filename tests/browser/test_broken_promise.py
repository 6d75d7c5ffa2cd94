"""From the status page, where a broken promise is admitted, to the page that shows it to anybody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.ledger import sequencer
from fairnotice.ledger.models import Waiting
from tests.browser.visit import Visit, no_fault, picture
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def test_from_the_status_page_to_the_evidence(visit: Visit, settings: Settings, tmp_path: Path) -> None:
    settings.FN_PROMISE_DELAY = 0
    sent = making.notice()
    Waiting.objects.filter(event=sent.notice.event).delete()  # as if somebody had taken it away
    making.notice("message 12")
    sequencer.run_once()
    visit.client.post("/status/", {"code": sent.code})
    page = visit.page("/status/view/")
    page.get_by_role("heading", name="We did not keep our promise").wait_for()
    no_fault(page, "status-broken")
    page.emulate_media(media="print")
    picture(page, "status-broken-print")
    page.emulate_media(media="screen")
    link = page.locator(".callout.error").get_by_role("link", name="Download the receipt file")
    address = link.get_attribute("href")
    assert address is not None
    (tmp_path / "receipt.json").write_bytes(visit.client.get(address).content)
    page.locator(".callout.error").get_by_role("link", name="Check this proof").click()
    page.clock.install(time=timezone.now() + timedelta(minutes=1))
    page.set_input_files("#check-file", tmp_path / "receipt.json")
    page.locator("#check-verdict").wait_for()
    assert page.locator("#check-verdict").inner_text() == "The promise was broken"
    assert (visit.complaints, visit.outside) == ([], [])
