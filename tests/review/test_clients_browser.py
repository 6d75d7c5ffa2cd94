"""Clients in a real browser: an administrator adds one, makes, rotates and revokes its tokens, and records that it is a
trusted flagger; every page is accessible and fits a phone and a dark screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import Browser, Page

from fairnotice.cases.actions import tokens
from fairnotice.cases.clients import usable
from fairnotice.cases.models import ApiClient, ApiToken
from tests.browser.visit import BASE, Visit, no_fault
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
REVIEWER, ADMIN = "reviewer", "administrator"


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    found = Visit(chromium)
    actor = making.account("desk-clients", ADMIN, REVIEWER)
    found.client.force_login(get_user_model().objects.get(pk=actor.user_id))
    yield found
    for context in chromium.contexts:
        context.close()


def _new_token(page: Page, *scopes: str) -> str:
    page.get_by_role("link", name="Make a token").click()
    for scope in scopes:
        page.locator(f"input[name=scopes][value={scope}]").check()
    page.get_by_role("button", name="Make it").click()
    return page.locator("#new-token").inner_text()


def test_a_clients_life_at_the_desk(visit: Visit) -> None:
    page = visit.page("/desk/clients/")
    no_fault(page, "clients-empty")
    page.get_by_role("link", name="Add a client").click()
    page.get_by_role("button", name="Add it").click()
    no_fault(page, "client-add-error")
    page.get_by_label("Which organisation or program it is").fill("A reporting centre")
    page.get_by_role("button", name="Add it").click()
    no_fault(page, "client-new")
    text = _new_token(page, "notices", "bulk")
    no_fault(page, "token-shown")
    assert tokens.find_token(text, "bulk") is not None
    page.get_by_role("link", name="I have kept it").click()
    assert text not in page.content()

    page.get_by_role("link", name="Record a status").click()
    page.get_by_role("button", name="Record it").click()
    no_fault(page, "trusted-errors")
    page.locator("#id_reference").fill("https://coordinator.example/trusted-flaggers/7")
    page.locator("#id_country").fill("IE")
    today = timezone.localdate()
    page.locator("#id_awarded_on").fill((today - timedelta(days=90)).isoformat())
    page.locator("#id_review_on").fill((today + timedelta(days=300)).isoformat())
    page.get_by_label("Scams").check()
    page.get_by_role("button", name="Record it").click()

    client = ApiClient.objects.get()
    reviewer = making.Actor(get_user_model().objects.get(username="desk-clients").pk, frozenset({REVIEWER}))
    for number in range(4):
        sent = making.sent_by(client, f"https://shop.example.org/{number}", problem="phishing")
        if number:
            making.decided(sent, reviewer, *(["NO_ACTION"] if number == 3 else []))
    page.goto(f"{BASE}/desk/client/{client.ref}/")
    page.get_by_role("link", name="Rotate").click()
    no_fault(page, "token-rotate")
    page.get_by_role("button", name="Make the new one").click()
    no_fault(page, "token-rotated")
    page.get_by_role("link", name="I have kept it").click()
    assert "2 of 3" in page.content()
    no_fault(page, "client-full")
    page.goto(f"{BASE}/desk/clients/")
    no_fault(page, "clients")
    page = visit.page(f"/desk/client/{client.ref}/")
    page.get_by_role("link", name="It has ended").focus()
    page.keyboard.press("Enter")
    page.locator("#id_reason").fill("The coordinator withdrew it.")
    no_fault(page, "trusted-end")
    page.get_by_role("button", name="Record that it has ended").click()
    old = ApiToken.objects.get(replaces=None)
    page.goto(f"{BASE}/desk/token/{old.ref}/revoke/")
    no_fault(page, "token-revoke")
    page.get_by_role("button", name="Revoke it").click()
    page.get_by_role("link", name="Close this client").click()
    no_fault(page, "client-close")
    page.get_by_role("button", name="Close it").click()
    no_fault(page, "client-closed")
    assert usable().count() == 0
