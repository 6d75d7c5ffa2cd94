"""The list of what has not gone out, and a letter as HTML, in a real browser: wide and narrow, light and dark."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import Page

from fairnotice.cases.actions.decide import Reach
from fairnotice.delivery import letters
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from tests.browser import axe
from tests.browser.visit import Visit, no_fault, picture
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def decided() -> None:
    sent = making.notice(email="me@example.org")
    making.decided(sent, making.account("r", "reviewer"), reach=Reach("email", "author@example.net"))


def test_the_page_and_sending_again_without_scripts_by_keyboard(visit: Visit) -> None:
    admin = making.account("admin", "administrator")
    visit.client.force_login(get_user_model().objects.get(pk=admin.user_id))
    page = visit.page("/desk/outgoing/", scripts=False)
    assert "Everything has gone out" in page.inner_text("main")
    decided()
    first, second, _third = OutboxRow.objects.order_by("id")
    OutboxRow.objects.filter(pk=first.pk).update(dead=True, attempts=20, error_code="unreachable")
    due = timezone.now() + timedelta(hours=1)
    OutboxRow.objects.filter(pk=second.pk).update(error_code="deferred", attempts=3, due_at=due)
    page = visit.page("/desk/outgoing/")
    assert page.locator("tbody tr").count() == 3
    no_fault(page, "desk-outgoing")
    page = visit.page("/desk/outgoing/", scripts=False)
    page.get_by_role("button", name="Send again").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "It is on its way again" in page.inner_text("main")
    first.refresh_from_db()
    assert (first.dead, first.attempts) == (False, 0)
    assert visit.outside == [] and visit.complaints == []


def _ink(page: Page) -> str:
    """The colour of the words, which the browser chooses with what lies behind them."""
    return str(page.evaluate("getComputedStyle(document.body).color"))


def test_a_letter_reads_well_and_asks_nobody_for_anything(visit: Visit) -> None:
    decided()
    row = OutboxRow.objects.filter(kind="statement").order_by("id").first()
    assert row is not None
    html = letters.compose(row, outbox.payload(row)).get_body(("html",))
    assert html is not None
    page = visit.page("/about/")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(str(html.get_content()))
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe.faults(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        picture(page, f"letter-{width}-light")
    assert "The facts" in page.inner_text("body") and page.locator("h2").count() > 5
    page.emulate_media(color_scheme="light")
    assert _ink(page) == "rgb(0, 0, 0)"
    # axe takes the browser's own dark page for a white one, so it looks at the light one alone.
    page.emulate_media(color_scheme="dark")
    picture(page, "letter-dark")
    assert _ink(page) == "rgb(255, 255, 255)"
    assert asked == [] and visit.outside == []
