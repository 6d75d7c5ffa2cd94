"""The network in a real browser: an administrator records what a provider does in a year, and looks back; every page
is accessible, fits a phone and a dark screen; the report fits on one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, Page

from fairnotice.answerable.actions import recording
from fairnotice.answerable.findings import KINDS
from fairnotice.answerable.models import Organisation
from fairnotice.answerable.queries import own, selfcheck
from fairnotice.cases.permissions import ROLES
from tests.answerable.register import contact, hold, organisation, provider
from tests.browser.visit import BASE, Visit, no_fault, picture
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]

OUTSIDE = """[...document.querySelectorAll(".chart-box")].flatMap((box) => {
  const frame = box.querySelector("rect").getBBox();
  return [...box.querySelectorAll("text")]
    .filter((text) => text.getBBox().x + text.getBBox().width > frame.x + frame.width - 6)
    .map((text) => text.textContent);
})"""


@pytest.fixture
def visit(chromium: Browser, settings) -> Iterator[Visit]:
    settings.FN_OWN_ORGANISATION = "OWN-1"
    found = Visit(chromium)
    actor = making.account("desk-everything", *ROLES)
    found.client.force_login(get_user_model().objects.get(pk=actor.user_id))
    yield found
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def clock(monkeypatch) -> SimpleNamespace:
    """When the register believes that something is recorded."""
    found = SimpleNamespace(day=datetime(2025, 1, 10, 12, tzinfo=UTC))
    monkeypatch.setattr(recording, "timezone", SimpleNamespace(now=lambda: found.day))
    return found


def _list(page: Page, handle: str, name: str, basis: str) -> None:
    page.goto(f"{BASE}/desk/network/organisations/")
    page.get_by_role("link", name="List an organisation").click()
    page.get_by_label("Handle", exact=True).fill(handle)
    page.locator("#id_called").fill(name)
    page.get_by_label(basis).check()
    page.get_by_role("button", name="List it").click()


def _delegate(page: Page, kind: str, resource: str, giver: str, holder: str) -> None:
    page.get_by_role("link", name="Record a delegation").click()
    page.get_by_label("Kind").select_option(kind)
    page.locator("#id_resource").fill(resource)
    page.locator("#id_from_handle").fill(giver)
    page.locator("#id_holder").fill(holder)
    page.locator("#id_valid_from").fill("2025-01-01")
    page.get_by_role("button", name="Record it").click()


def test_a_year_of_a_provider(visit: Visit, clock: SimpleNamespace) -> None:
    page = visit.page("/desk/network/")
    picture(page, "network-unset")
    _list(page, "OWN-1", "Example Provider", "It is public in a registry")
    page.get_by_text("Add a contact").click()
    page.locator("#id_contact_where").fill("abuse@own.example")
    page.get_by_role("button", name="Add this contact").click()
    page.get_by_role("button", name="It works abuse@own.example").click()
    no_fault(page, "network-organisation")
    _list(page, "LEASE-1", "Example Lessee", "It agreed to be listed")
    _delegate(page, "allocation", "198.51.100.0/24", "", "OWN-1")
    _delegate(page, "lease", "198.51.100.1/25", "OWN-1", "LEASE-1")
    # A prefix with bits beyond its length: said at the field, all else is kept.
    page.locator('.error-summary a[href="#id_resource"]').click()
    assert page.evaluate("document.activeElement.id") == "id_resource"
    assert page.locator("#id_holder").input_value() == "LEASE-1"
    picture(page, "network-delegation-error")
    page.locator("#id_resource").fill("198.51.100.0/25")
    page.get_by_role("button", name="Record it").click()
    assert page.get_by_role("img", name="Who answers, from the registry to the holder").count() == 1
    no_fault(page, "network-delegation")

    clock.day = datetime(2025, 3, 10, 12, tzinfo=UTC)
    page.get_by_role("link", name="It was given back").click()
    page.get_by_label("The first day without it").fill("2025-02-01")
    picture(page, "network-give-back")
    page.get_by_role("button", name="Look once more").click()
    no_fault(page, "network-give-back-preview")
    page.get_by_role("button", name="Record that it was given back").click()
    assert "1 February 2025 was the first day without it" in page.inner_text("main")
    picture(page, "network-delegation-ended")
    page.get_by_label("As we knew it on").fill("2025-02-15")
    page.get_by_role("button", name="Show").click()
    assert "no end is known" in page.locator(".drawn").inner_text()
    picture(page, "network-delegation-known")

    page.goto(f"{BASE}/desk/lookup/")
    for known_on, holder in (("", "Example Provider"), ("2025-02-15", "Example Lessee")):
        page.get_by_label("Address, domain or network").fill("198.51.100.7")
        page.get_by_label("As it was on").fill("2025-02-15")
        page.get_by_label("As we knew it on").fill(known_on)
        page.get_by_role("button", name="Look up").click()
        assert page.locator("tbody tr").last.inner_text().startswith(holder)
    no_fault(page, "network-lookup")
    # That a form was not right is an answer that the browser remarks on.
    assert [text for text in visit.complaints if "422" not in text] == [] and visit.outside == []


@pytest.fixture
def provided(visit: Visit) -> str:
    """A provider with something of everything; the address of its own page."""
    provider()
    hold("198.51.100.128/25", "SHARED-1", giver="OWN-1", kind="lease", since="2023-01-01", public=False)
    hold("198.51.100.192/26", "SHARED-2", giver="OWN-1", kind="lease", since="2023-01-01", shared=True)
    hold("AS64496", "OWN-1", giver="RIR-1")
    contact("OWN-1", "abuse@own.example")
    contact("OWN-1", "net@own.example", own="2001:db8::/32", bad=True)
    organisation(
        "LONG-1", "Association of the Operators of Exemplary Networks for Documentation and Teaching"
    )
    hold("2001:db8:1000::/36", "LONG-1", giver="OWN-1", kind="hosting", public=False)
    return f"/desk/network/organisation/{Organisation.objects.get(handle='OWN-1').pk}/"


def test_no_page_has_an_accessibility_fault(visit: Visit, provided: str) -> None:
    page = visit.page("/desk/network/")
    for name, path in {
        "overview": "/desk/network/",
        "check": "/desk/network/check/",
        "report": "/desk/network/check/report/",
        "resource": "/desk/network/resource/?resource=2001:db8:1000::/36",
        "own": provided,
    }.items():
        page.goto(BASE + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        no_fault(page, f"network-{name}")
        # The server guesses how wide words are; here they are measured.
        assert page.evaluate(OUTSIDE) == []
    page.goto(f"{BASE}/desk/network/")
    page.get_by_role("link", name="198.51.100.0/25").first.click()
    page.get_by_role("link", name="Correct it").click()
    no_fault(page, "network-correct")
    assert visit.complaints == []


def test_the_report_fits_on_one_sheet(visit: Visit, provided: str, monkeypatch) -> None:
    """Also where everything there is to find was found, under long names."""
    ours = own.network(date(2026, 3, 1))
    assert ours is not None
    long = "Association of the Operators of Exemplary Networks for Documentation"
    found = [
        (
            code,
            [selfcheck.Finding(code, "2001:db8:1000::/36", long, until=date(2026, 3, 9), ref="0" * 16)] * 4,
        )
        for code in KINDS
    ]
    monkeypatch.setattr(selfcheck, "check", lambda day: selfcheck.Report(ours, found))
    page = visit.page("/desk/network/check/report/")
    page.set_viewport_size({"width": 680, "height": 1009})  # the sheet without its margins, at 96 dpi
    page.emulate_media(media="print")
    picture(page, "network-report-print")
    sheet = page.pdf(format="A4", margin={"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"})
    assert sheet.count(b"/Type /Page\n") == 1
    assert all(str(kind.title) in page.inner_text("main") for kind in KINDS.values())
