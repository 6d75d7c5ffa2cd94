"""Passkeys in a real browser with a virtual authenticator, and what a browser sends along from staff pages."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from fairnotice.accounts.actions import add_user
from fairnotice.cases.permissions import ADMIN, REVIEWER
from tests.browser import visit as visits
from tests.browser.visit import Visit, no_fault

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
# WebAuthn knows no numbers, and takes this name for safe.
HERE = "http://localhost:9"


class Here(Visit):
    """Says what it wants to have, too: the page asks for a challenge as JSON."""

    def answer(self, route: Route) -> None:
        wanted = route.request.headers.get("accept", "")
        self.client.defaults["HTTP_ACCEPT"] = "application/json" if "json" in wanted else "text/html"
        super().answer(route)


@pytest.fixture
def at(chromium: Browser, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FN_BASE_URL = HERE
    monkeypatch.setattr(visits, "BASE", HERE)
    visit = Here(chromium)
    visit.client = Client(headers={"host": "localhost:9"}, enforce_csrf_checks=True)
    yield visit
    for window in chromium.contexts:
        window.close()


def with_authenticator(page: Page) -> None:
    """A platform authenticator that keeps passkeys and always knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, name: str, password: str) -> None:
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.click("main form button:has-text('Sign in') >> nth=0")


def test_a_passkey_is_added_and_signs_in_by_itself(at: Here) -> None:
    user, password = add_user(username="a-reviewer", roles=[REVIEWER, ADMIN])
    page = at.page("/accounts/login/")
    with_authenticator(page)
    no_fault(page, "sign-in")
    sign_in(page, "a-reviewer", password)
    page.goto(f"{HERE}/accounts/safety/")
    no_fault(page, "your-account")
    page.goto(f"{HERE}/accounts/again/?next=/accounts/safety/passkey/")
    page.fill("[name=password]", password)
    page.click("text=Go on")
    no_fault(page, "add-a-passkey")
    page.click("button:has-text('Add a passkey')")
    expect(page.locator("h1")).to_have_text("Recovery codes")
    assert page.locator(".recovery-codes li").count() == 10
    no_fault(page, "recovery-codes")
    row = Authenticator.objects.get(user=user, type="webauthn")
    assert row.wrap().is_passwordless and row.data["name"] == "Passkey 1"
    # Signed out, in by the passkey alone.
    at.context = contextvars.copy_context()
    page.goto(f"{HERE}/accounts/logout/")
    page.click("main button:has-text('Sign out')")
    page.goto(f"{HERE}/accounts/login/")
    page.click("text=Sign in with a passkey")
    expect(page.locator("h1")).to_contain_text("Queue")
    page.goto(f"{HERE}/accounts/signed-in/")
    expect(page.locator("main")).to_contain_text("with a passkey")
    no_fault(page, "signed-in")
    # And as the second step after the password.
    page.goto(f"{HERE}/accounts/logout/")
    page.click("main button:has-text('Sign out')")
    page.goto(f"{HERE}/accounts/login/")
    sign_in(page, "a-reviewer", password)
    expect(page.locator("h1")).to_have_text("Second step")
    no_fault(page, "second-step")
    page.click("button:has-text('Use a passkey')")
    expect(page.locator("h1")).to_contain_text("Queue")
    page.goto(f"{HERE}/desk/staff/")
    no_fault(page, "people")
    page.goto(f"{HERE}/desk/staff/propose/")
    no_fault(page, "propose")
    # What is called off is said, and nothing is sent.
    assert [text for text in at.complaints if "404" not in text] == []
    assert at.outside == []


def test_an_app_is_set_up_without_scripts_and_its_picture_is_shown(at: Here) -> None:
    _, password = add_user(username="a-reviewer", roles=[REVIEWER])
    page = at.page("/accounts/login/", width=390, dark=True, scripts=False)
    expect(page.locator("main")).to_contain_text("Passkeys need scripts")
    sign_in(page, "a-reviewer", password)
    page.goto(f"{HERE}/accounts/again/?next=/accounts/safety/app/")
    page.fill("[name=password]", password)
    page.click("text=Go on")
    picture = page.locator("img.code-picture")
    expect(picture).to_be_visible()
    size = picture.bounding_box()
    assert size is not None and size["width"] >= 180
    visits.picture(page, "app-phone-dark")


def test_forms_carry_their_origin_and_other_sites_learn_nothing(at: Here) -> None:
    """With "no-referrer" a browser sends "Origin: null" with a form, which the check against forged requests
    must refuse; "same-origin" tells other sites as little."""
    _, password = add_user(username="a-reviewer", roles=[REVIEWER])
    page = at.page("/accounts/login/")
    sent: list[tuple[str, str, dict[str, str]]] = []
    page.on("request", lambda one: sent.append((one.method, one.url, one.all_headers())))
    sign_in(page, "a-reviewer", password)
    expect(page.locator("h1")).to_contain_text("Queue")
    [form] = [headers for method, url, headers in sent if method == "POST" and url.startswith(HERE)]
    assert form.get("origin") == HERE
    answer = at.client.get("/desk/")
    assert answer["Referrer-Policy"] == "same-origin" and answer["Cache-Control"] == "no-store"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin" and answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    page.evaluate("""() => { const link = document.createElement("a"); link.href = "https://other.example.org/";
        link.id = "away"; link.textContent = "away"; document.querySelector("main").append(link); }""")
    page.click("#away")
    [away] = [headers for _, url, headers in sent if url.startswith("https://other.example.org/")]
    assert "referer" not in away and "origin" not in away
