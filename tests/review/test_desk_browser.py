"""The desk in a real browser: accessible, narrow, dark, and a whole decision with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from fairnotice.cases.actions import appeal, claim, hold, own_data, receive, rules
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.models import Decision
from fairnotice.cases.permissions import ROLES
from tests.answerable.register import example_host
from tests.browser.visit import BASE, Visit, no_fault, picture
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


LETTER = b"Subject: A post that is false\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n\n" + b"Please look. " * 300


class AtTheDesk(Visit):
    """Somebody with every role, so that every button shows."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser)
        self.actor = making.account("desk-everything", *ROLES)
        self.client.force_login(get_user_model().objects.get(pk=self.actor.user_id))


@pytest.fixture
def visit(chromium: Browser) -> Iterator[AtTheDesk]:
    yield AtTheDesk(chromium)
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def places(visit: AtTheDesk) -> dict[str, str]:
    """The desk in the middle of a working day, and where each page is."""
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="The first rules.")
    example_host()
    other = making.account("desk-reviewer", "reviewer")
    items = [
        ItemDraft("https://forum.example.org/thread/12?page=3&order=newest", "second paragraph"),
        ItemDraft("message 12 in the hall"),
    ]
    sent = making.notice(
        items=items, why="It says that I stole money.\n\nThat is false, and the court said so."
    )
    making.notice("https://b\u00fccher.example/shop", problem="phishing", name="A", email="a@example.net")
    making.notice("https://forum.example.org/threat", problem="threat")
    held = making.case_of(sent)
    held = claim.claim(actor=visit.actor, case_ref=held.ref, version=held.version)
    decided = making.decided(making.notice("https://forum.example.org/post/8"), other)
    lodged = appeal.lodge(
        access=making.affected_access(decided), decision_ref=decided.ref, reasons="It was a quotation."
    )
    appeal.claim_appeal(actor=visit.actor, appeal_ref=lodged.ref, version=1)
    making.decided(making.notice("https://forum.example.org/post/9"), other, reach=Reach("letter"))
    making.decided(
        making.notice("https://forum.example.org/post/10"), other, "DECISION_PROVISION_TOTAL_SUSPENSION"
    )
    asked = own_data.ask(access=making.notifier_access(sent), words="I do not want to be in it any more.")
    hold.begin(
        first=other.user_id,
        actor=visit.actor,
        case_ref=decided.case.ref,
        reason="court",
        until=timezone.localdate() + timedelta(days=90),
        words="The district court asked for the file.",
    )
    letter = receive.receive(door="mail", raw=LETTER)[0]
    receive.settle_waiting(
        received=letter, reason="no-place", draft=NoticeDraft(why="A long letter."), detail="items: none"
    )
    receive.settle_held(received=receive.receive(door="mail", raw=b"1")[0], reason="flood")
    return {
        "queue": "/desk/",
        "case": f"/desk/case/{held.ref}/",
        "case-decided": f"/desk/case/{decided.case.ref}/",
        "decide": f"/desk/case/{held.ref}/decide/",
        "messages": "/desk/messages/",
        "message": f"/desk/message/{letter.ref}/",
        "ways-in": "/desk/ways-in/",
        "seconds": "/desk/second/",
        "retention": "/desk/retention/",
        "erasure": f"/desk/erasure/{asked.ref}/",
        "statements": "/desk/statements/",
        "measures": "/desk/measures/",
        "appeals": "/desk/appeals/",
        "appeal": f"/desk/appeal/{lodged.ref}/",
        "appeal-decide": f"/desk/appeal/{lodged.ref}/decide/",
        "publications": "/desk/publications/",
        "publication": f"/desk/publication/{decided.publication.ref}/",
        "lookup": "/desk/lookup/",
        "rules": "/desk/rules/",
        "rules-publish": "/desk/rules/publish/",
    }


def test_no_page_has_an_accessibility_fault(visit: AtTheDesk, places: dict[str, str]) -> None:
    page = visit.page("/")
    for name, path in places.items():
        page.goto(BASE + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        no_fault(page, f"desk-{name}")
    assert visit.complaints == []


def _fill_in(page: Page) -> None:
    today = timezone.localdate()
    page.get_by_label("Something is done about the item").check()
    page.locator("#id_measures-0-kind").select_option("DECISION_VISIBILITY_CONTENT_DISABLED")
    page.locator("#id_measures-0-review").fill((today + timedelta(days=180)).isoformat())
    page.locator("#id_measures-0-how_to_reverse").fill("The post is shown again.")
    page.get_by_label("A law", exact=True).check()
    page.locator("#id_law").fill("Section 186 of the Criminal Code")
    for name in ("facts", "explanation", "necessity", "milder_considered", "paraphrase"):
        page.locator(f"#id_{name}").fill(f"What a reviewer types about {name}.")
    page.get_by_role("checkbox", name="Text", exact=True).check()
    page.locator("#id_content_date").fill((today - timedelta(days=3)).isoformat())
    page.get_by_role("radio", name="Nobody can be reached").check()
    page.locator("#id_reach_reason").fill("The service holds no address of the author.")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_whole_decision(visit: AtTheDesk, places: dict[str, str], scripts: bool) -> None:
    page = visit.page(places["case"], scripts=scripts)
    page.get_by_role("link", name="Decide this case").click()
    _fill_in(page)
    page.get_by_role("button", name="Add another measure").click()
    assert page.locator("#id_measures-1-start").input_value() == timezone.localdate().isoformat()
    assert page.locator("#id_facts").input_value() == "What a reviewer types about facts."
    page.get_by_role("button", name="Remove this measure").nth(1).click()
    page.locator("form .actions").get_by_role("button", name="Look once more").click()
    # The summary is still missing: the page says so, leads there, and has kept everything.
    assert page.locator('.error-summary a[href="#id_summary"]').count() == 1
    assert page.locator(".error-summary li").count() == 1
    if scripts:
        no_fault(page, "desk-decide-errors")
    page.locator("#id_summary").fill(making.SUMMARY)
    page.locator("form .actions").get_by_role("button", name="Look once more").click()
    assert "What the affected party reads" in page.inner_text("main")
    if scripts:
        no_fault(page, "desk-preview")
    page.get_by_role("button", name="Go back and change something").click()
    page.locator("form .actions").get_by_role("button", name="Look once more").click()
    page.get_by_role("button", name="Decide now").click()
    assert "Decided. Both sides are being told." in page.inner_text("main")
    assert Decision.objects.filter(case__ref=places["case"].split("/")[-2]).count() == 1


def test_the_filters_change_the_list_in_place(visit: AtTheDesk, places: dict[str, str]) -> None:
    page = visit.page(places["queue"])
    assert page.locator("#queue tbody tr").count() > 1
    page.get_by_label("Only those that I hold").check()
    expect(page.locator("#queue tbody tr")).to_have_count(1)
    assert urlsplit(page.url).query == ""


def test_a_letter_to_print(visit: AtTheDesk, places: dict[str, str]) -> None:
    page = visit.page(places["statements"])
    page.get_by_role("button", name="Show the letter to print").click()
    assert "Your code" in page.inner_text("main")
    no_fault(page, "desk-letter")
    page.emulate_media(media="print")
    picture(page, "desk-letter-print")
    assert not page.get_by_role("button", name="The letter has been posted").is_visible()
