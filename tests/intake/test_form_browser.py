"""The form in a real browser, with scripts and without: accessible, whole on a phone, nothing lost on the way."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from fairnotice.cases.models import Notice
from fairnotice.plumbing import floods, limits
from tests.browser.visit import BASE, Visit, no_fault, picture

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def _notice() -> Notice:
    return Notice.objects.prefetch_related("items").get()


@pytest.fixture(autouse=True)
def no_earlier_visits() -> None:
    limits._full_again.clear()


def test_the_whole_way_with_scripts(visit: Visit) -> None:
    page = visit.page("/report/")
    no_fault(page, "intake-form")

    page.get_by_role("button", name="Look at it once more").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    no_fault(page, "intake-errors")
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
    no_fault(page, "intake-review")

    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your report is with us")
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#receipt-code").inner_text()
    no_fault(page, "intake-receipt")
    assert len(_notice().items.all()) == 2
    # The browser itself notes the answer 422; nothing else complains, least of all about the policy.
    assert [text for text in visit.complaints if "422" not in text] == []
    assert visit.outside == []


def test_the_whole_way_without_scripts(visit: Visit) -> None:
    page = visit.page("/report/", scripts=False)
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
    page = visit.page("/report/", scripts=scripts)
    expect(page.get_by_label("Your e-mail address")).to_be_visible()
    page.get_by_label("Sexual abuse of a child").check()
    expect(page.get_by_label("Your e-mail address")).to_be_hidden()
    expect(page.get_by_text("we do not ask who you are")).to_be_visible()


def test_the_page_about_the_api_is_accessible(visit: Visit) -> None:
    page = visit.page("/api/")
    no_fault(page, "intake-api")
    assert visit.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_in_a_crowd_the_sum_lets_in_and_without_it_the_report_is_stored(
    visit: Visit, settings: Settings, scripts: bool
) -> None:
    settings.FN_FLOOD_PER_MINUTE = 1
    floods.forget()
    assert not floods.flooded("web", 1, time.time())
    page = visit.page("/report/?location=https://forum.example.org/post/7", scripts=scripts)
    expect(page.get_by_text("hxxps://forum[.]example[.]org/post/7")).to_be_visible()
    if scripts:
        no_fault(page, "intake-brought")
    page.get_by_label("Untrue claims").check()
    page.locator("#id_why").fill("It is false.")
    page.get_by_label("I believe in good faith").check()
    page.get_by_role("button", name="Look at it once more").last.click()
    # At once: the page itself finishes the sum before it sends.
    page.get_by_role("button", name="Send").click()
    wanted = "Your report is with us" if scripts else "Your report is stored"
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted)
    expect(page.locator("#receipt-code")).to_be_visible()
    assert Notice.objects.count() == scripts
    if not scripts:
        code = page.locator("#receipt-code").inner_text()
        picture(page, "intake-held")
        page.goto(BASE + "/status/")
        page.locator("input[name=code]").fill(code)
        page.get_by_role("button").first.click()
        expect(page.get_by_text("It is held back for now")).to_be_visible()
        picture(page, "recourse-held")
    assert [text for text in visit.complaints if "csp" in text.lower() or "policy" in text.lower()] == []
    assert visit.outside == []
