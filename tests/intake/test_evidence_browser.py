"""A picture from the form to the desk and back behind the code, in a real browser, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from fairnotice.cases import looking
from fairnotice.cases.models import EvidenceFile
from fairnotice.plumbing import limits
from fairnotice.plumbing.looking.eyes import Eyes
from tests.browser.visit import Visit, no_fault
from tests.cases import making
from tests.plumbing.looking import making as made

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def filled(page: Page) -> None:
    page.get_by_label("Address or exact place").fill("https://forum.example.org/post/7")
    page.get_by_label("Untrue claims that harm").check()
    page.get_by_label("Why is it illegal").fill("It says that I stole money.")
    page.get_by_label("I believe in good faith").check()
    page.locator("main form .actions button").press("Enter")
    page.wait_for_load_state()


def test_a_picture_goes_the_whole_way(
    visit: Visit, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    limits._full_again.clear()
    page = visit.page("/report/")
    filled(page)
    chosen = [
        {"name": "a page that may disappear.png", "mimeType": "image/png", "buffer": made.png_with_words()},
        {"name": "empty.png", "mimeType": "image/png", "buffer": b""},
    ]
    page.get_by_label("Add a picture, a PDF or a text").set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add it").press("Enter")
    page.wait_for_load_state()
    said = page.inner_text("main")
    assert "a page that may disappear.png" in said and "“empty.png” is empty" in said
    no_fault(page, "evidence-review")
    with page.expect_navigation():  # once the page's sum is done
        page.get_by_role("button", name="Send").press("Enter")
    assert "Your report is with us" in page.inner_text("main")
    row = EvidenceFile.objects.get()
    with Eyes(wall=120) as eyes:
        assert looking.look_at_waiting(eyes) == 1

    reviewer = making.account("reviewer", "reviewer")
    own = visit.client.cookies
    visit.client.force_login(get_user_model().objects.get(pk=reviewer.user_id))
    assert row.notice is not None
    case = row.notice.items.get().case
    assert case is not None
    page = visit.page(f"/desk/case/{case.ref}/")
    assert page.locator("img.evidence").count() == 0
    page.get_by_role("link", name="File 1", exact=True).press("Enter")
    page.wait_for_load_state()
    picture = page.locator("img.evidence")
    assert picture.evaluate("(one) => one.complete && [one.naturalWidth, one.naturalHeight]") == [30, 40]
    no_fault(page, "evidence-page")
    # That a fault was answered with 422 is all that the browser has to say.
    assert [one for one in visit.complaints if "status of 422" not in one] == []
    # Its own frame around a picture has styles, which the policy of the picture forbids; it is shown all the same.
    alone = visit.page(f"/desk/evidence/{row.ref}/0/")
    assert alone.evaluate("document.images.length") == 1

    visit.client.cookies = own
    page = visit.page("/status/view/", scripts=False)
    page.get_by_role("link", name="Take it back a page that may disappear.png").press("Enter")
    page.wait_for_load_state()
    page.get_by_role("button", name="Yes, take it back").press("Enter")
    page.wait_for_load_state()
    assert "it is gone for good" in page.inner_text("main")
    row.refresh_from_db()
    assert row.state == "removed"
    assert visit.outside == []


def test_where_none_may_come_the_page_says_why(visit: Visit) -> None:
    limits._full_again.clear()
    page = visit.page("/report/", scripts=False)
    page.get_by_label("Intimate pictures shared").check()
    filled_but_for_the_problem(page)
    assert page.locator("input[type=file]").count() == 0
    assert "With this kind of report we take none" in page.inner_text("main")


def filled_but_for_the_problem(page: Page) -> None:
    page.get_by_label("Address or exact place").fill("https://forum.example.org/post/8")
    page.get_by_label("Why is it illegal").fill("They are of me.")
    page.get_by_label("I believe in good faith").check()
    page.locator("main form .actions button").press("Enter")
    page.wait_for_load_state()
