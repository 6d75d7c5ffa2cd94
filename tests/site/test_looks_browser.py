"""Every component in a real browser: accessible, narrow, dark, printed, under the strict policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visit import BASE, Visit, no_fault, picture

pytestmark = pytest.mark.browser
_MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]


@pytest.fixture
def visit(visit: Visit, settings) -> Visit:
    """At the page that shows every component."""
    settings.ROOT_URLCONF = "tests.site.looks_pages"
    settings.MIDDLEWARE = _MIDDLEWARE
    return visit


@pytest.mark.parametrize("path", ["/", "/?errors=1", "/desk/", "/fails/404/"])
def test_no_accessibility_fault_and_no_broken_policy(visit: Visit, path: str) -> None:
    page = visit.page(path)
    name = path.strip("/?").replace("/", "-").replace("=", "") or "public"
    complaints = [text for text in visit.complaints if "404" not in text]
    no_fault(page, f"looks-{name}")
    assert complaints == []
    assert visit.outside == []


@pytest.mark.parametrize("path", ["/", "/?errors=1", "/desk/", "/fails/500/"])
def test_nothing_sticks_out_on_the_narrowest_phone(visit: Visit, path: str) -> None:
    page = visit.page(path, width=320)
    wide = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter(e => !e.closest(".scroll, .skip, thead")
             && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_whatever_one_presses_is_large_enough(visit: Visit) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 CSS pixels, links inside a sentence excepted."""
    page = visit.page("/desk/", width=360)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, nav a, summary, input, .list-link")]
             .filter(e => e.offsetParent).map(e => [e, e.getBoundingClientRect()])
             .filter(([e, r]) => r.height < 24 || r.width < 24).map(([e]) => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_the_focus_is_plain_to_see(visit: Visit) -> None:
    page = visit.page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "3px" in outline
    assert "solid" in outline


def test_refused_form_moves_the_focus_to_the_summary_and_on_to_the_field(visit: Visit) -> None:
    page = visit.page("/?errors=1")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.click("text=What kind of problem is it? – This field is required.")
    assert page.url.endswith("#id_problem")
    field = page.locator("#id_reason")
    described = (field.get_attribute("aria-describedby") or "").split()
    assert described == ["id_reason-hint", "id_reason-error"]
    assert all(page.locator(f"#{name}").is_visible() for name in described)
    assert field.get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize("way", ["click", "escape"])
def test_quick_exit_leaves_no_way_back(visit: Visit, way: str) -> None:
    page = visit.page("/fails/404/")
    page.goto(BASE + "/")
    if way == "click":
        page.click("text=Leave this page quickly")
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    expect(page).to_have_title("elsewhere")
    page.go_back()
    assert page.url == BASE + "/fails/404/"


def test_quick_exit_is_a_plain_link_without_scripts(visit: Visit, settings) -> None:
    page = visit.page("/", scripts=False)
    link = page.locator("text=Leave this page quickly")
    assert link.get_attribute("href") == settings.FN_QUICK_EXIT_URL
    assert "noreferrer" in (link.get_attribute("rel") or "")
    page.mouse.wheel(0, 3000)
    assert link.is_visible()
    assert page.locator("text=Copy the code").is_hidden()


def test_rows_of_items_are_added_and_removed_in_place(visit: Visit) -> None:
    page = visit.page("/")
    add = page.locator("[data-add-row]")
    page.fill("[name=items-0-location]", "first")
    add.click()
    page.fill("[name=items-1-location]", "second")
    add.click()
    assert page.locator("[name=items-TOTAL_FORMS]").input_value() == "3"
    assert add.is_disabled()
    page.locator("[data-remove-row]").first.click()
    assert page.locator("[name=items-0-location]").input_value() == "second"
    assert page.locator("[name=items-TOTAL_FORMS]").input_value() == "2"
    assert page.locator("label[for=id_items-1-location]").count() == 1
    assert add.is_enabled()


def test_counter_and_copying(visit: Visit) -> None:
    page = visit.page("/")
    page.fill("#id_reason", "a word")
    assert page.locator("[data-counter=id_reason]").inner_text() == "494 characters left"
    page.click("text=Copy the code")
    page.wait_for_selector("text=Copied")


def test_print_shows_addresses_and_no_navigation(visit: Visit) -> None:
    page = visit.page("/", dark=True)
    page.emulate_media(media="print")
    assert page.locator("nav").first.is_hidden()
    assert page.locator(".quick-exit").is_hidden()
    shown = page.evaluate(
        "getComputedStyle(document.querySelector('main .card a[href^=https]'), '::after').content"
    )
    assert "https://" in shown
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
    picture(page, "looks-print")
