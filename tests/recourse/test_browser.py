"""The pages behind a code in a real browser: accessible, narrow, dark, and complete without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases import codes
from fairnotice.cases.actions import appeal, effect
from fairnotice.cases.drafts import ItemDraft
from fairnotice.cases.models import Appeal, Measure, Statement, StatementStatus
from tests.browser.visit import BASE, Visit, no_fault, picture
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
LABEL = "DECISION_VISIBILITY_CONTENT_LABELLED"


@pytest.fixture
def story(visit: Visit) -> dict[str, str]:
    """Two items, one decided, appealed and partly reversed, and the addresses of all pages of both sides."""
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    items = [
        ItemDraft("https://forum.example.org/post/7?page=2&order=newest-first-of-all", "second paragraph"),
        ItemDraft("message 12 in the hall", ""),
    ]
    sent = making.notice(
        items=items, why="It says that I stole money.\n\nThat is false, and the court said so."
    )
    decision = making.decided(sent, reviewer)
    code = codes.mint(side="affected", case=decision.case)
    access = codes.find(code)
    assert access is not None
    lodged = appeal.lodge(
        access=access, decision_ref=decision.ref, reasons="It was satire.\nSee the headline."
    )
    refs = {s.audience: s.ref for s in Statement.objects.all()}
    measure = decision.measures.get()
    effect.report_effect(measure_ref=measure.ref, effect="confirmed", actor=reviewer)
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    answer = appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="partly_reversed",
        reasons="A label is enough here, because the headline says that it is satire.",
        changes=[
            appeal.ChangeDraft(measure.ref, "replace", measure.review, LABEL, "The label is taken off.")
        ],
    )
    assert Measure.objects.count() == 2
    return {
        "notifier": sent.code,
        "affected": code,
        "decision": decision.ref,
        "statement": refs["affected"],
        "told": refs["notifier"],
        "answer": answer.statements.get(audience="affected").ref,
    }


PAGES = {
    "enter": ("", "/status/"),
    "again": ("", "/status/appeal/{decision}/"),
    "notice-new": ("notifier", "/status/view/"),
    "decision": ("notifier", "/status/statement/{told}/"),
    "notice-read": ("notifier", "/status/view/"),
    "appeal": ("notifier", "/status/appeal/{decision}/"),
    "withdraw": ("notifier", "/status/withdraw/?what=notice"),
    "own-data": ("notifier", "/status/data/"),
    "affected-new": ("affected", "/status/view/"),
    "statement": ("affected", "/status/statement/{statement}/"),
    "answer": ("affected", "/status/statement/{answer}/"),
    "affected-read": ("affected", "/status/view/"),
    "own-data-affected": ("affected", "/status/data/"),
    "appealed": ("affected", "/status/appeal/{decision}/"),
}


def test_no_accessibility_fault_and_nothing_sticks_out(visit: Visit, story: dict[str, str]) -> None:
    side = ""
    page = visit.page("/")
    for name, (wanted, path) in PAGES.items():
        if wanted != side:
            visit.client.post("/status/", {"code": story[wanted]})
            side = wanted
        page.goto(BASE + path.format(**story))
        assert (page.locator("h1").inner_text() == "Enter your code") is (side == ""), name
        no_fault(page, f"recourse-{name}")
    assert [text for text in visit.complaints if "403" not in text] == []


def test_from_the_code_to_an_appeal_without_scripts(visit: Visit, story: dict[str, str]) -> None:
    page = visit.page("/status/", scripts=False, width=360)
    page.get_by_label("Your code").fill(story["notifier"].lower())
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="Read the decision").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Decision about your report"
    page.get_by_role("link", name="Appeal against this decision").click()
    page.get_by_role("button", name="Send the appeal").click()
    page.get_by_role("link", name="Please say why you think").click()
    page.get_by_label("Why is the decision wrong?").fill("It is still there.")
    page.get_by_role("button", name="Send the appeal").click()
    assert page.get_by_text("We have it").is_visible()
    page.get_by_role("link", name="Take the appeal back").click()
    page.get_by_role("link", name="No, keep it").click()
    assert page.get_by_text("It is still there.").is_visible()
    assert Appeal.objects.filter(side="notifier", status__state="received").exists()


def test_print_has_the_words_and_no_buttons(visit: Visit, story: dict[str, str]) -> None:
    visit.client.post("/status/", {"code": story["affected"]})
    StatementStatus.objects.update(delivered_at=timezone.now() - timedelta(days=1))
    page = visit.page(f"/status/statement/{story['statement']}/")
    page.emulate_media(media="print")
    picture(page, "recourse-statement-print")
    assert page.get_by_text("The post says that somebody took money").is_visible()
    for gone in (page.get_by_role("button"), page.get_by_text("Leave this page quickly")):
        assert gone.count() == 0 or not gone.first.is_visible()
