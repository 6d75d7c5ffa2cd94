"""What each side finds behind its code, and what it never finds."""

from __future__ import annotations

import pytest

from fairnotice.cases.actions import appeal, claim, decide, inform
from fairnotice.cases.drafts import ItemDraft
from fairnotice.cases.models import Statement, StatementStatus
from fairnotice.vault import keys
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
WHO = {"name": "Sentinelname", "email": "sentinel@example.org"}


def text(answer) -> str:
    return answer.content.decode()


def test_a_notifier_sees_every_step(enter):
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    sent = making.notice()
    client = enter(sent.code)
    page = text(client.get("/status/view/"))
    assert "hxxps://forum[.]example[.]org/post/7" in page and "https://forum.example.org" not in page
    assert "It waits in the queue" in page and "stole money" in page and "second paragraph" in page

    case = making.case_of(sent)
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    assert "Somebody has taken it on" in text(client.get("/status/view/"))
    claim.release(actor=reviewer, case_ref=case.ref, version=case.version)

    decision = making.decided(sent, reviewer)
    page = text(client.get("/status/view/"))
    assert "There is an answer for you" in page and "A person decided" in page
    assert "Disabling access" not in page, "not before the decision was opened"
    told = Statement.objects.get(audience="notifier")
    client.get(f"/status/statement/{told.ref}/")
    page = text(client.get("/status/view/"))
    assert "There is an answer for you" not in page
    assert "Disabling access to content" in page and "you can appeal until" in page

    lodged = appeal.lodge(
        access=making.notifier_access(sent), decision_ref=decision.ref, reasons="It is still there."
    )
    assert "Somebody else looks at it again" in text(client.get("/status/view/"))
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="upheld",
        reasons="Enough was done.",
        changes=[],
    )
    page = text(client.get("/status/view/"))
    assert "Your appeal was answered" in page and "Read the answer to the appeal" in page


def test_each_item_has_its_own_way_and_its_own_answerable_party(enter):
    reviewer = making.account("r", "reviewer")
    sent = making.notice(
        items=[
            ItemDraft("https://forum.example.org/post/7"),
            ItemDraft("message 12 in the hall"),
        ]
    )
    making.decided(sent, reviewer)
    page = text(enter(sent.code).get("/status/view/"))
    assert page.count('<ol class="steps">') == 2
    assert "It waits in the queue" in page and "A person decided" in page
    assert "No organisation is recorded here for this location." in page


def test_the_affected_party_sees_the_decision_but_nothing_of_the_notice(affected):
    reviewer = making.account("r", "reviewer")
    sent = making.notice(**WHO)
    decision = making.decided(sent, reviewer)
    client = affected(decision)
    told = Statement.objects.get(audience="affected")
    pages = [
        client.get("/status/view/"),
        client.get(f"/status/statement/{told.ref}/"),
        client.get(f"/status/appeal/{decision.ref}/"),
        client.get("/status/view/"),
        client.get("/status/receipt/", {"statement": told.ref}),
    ]
    for page in pages:
        assert page.status_code == 200
        for secret in ("entinel", "stole money", "second paragraph", sent.notice.ref, sent.code):
            assert secret not in text(page)
    assert "Read the statement of reasons" in text(pages[0])
    assert "Disabling access to content" in text(pages[3])


def test_a_name_is_on_no_page_of_the_other_side_after_appeals_of_both(affected):
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    sent = making.notice(**WHO)
    decision = making.decided(sent, reviewer)
    lodged = appeal.lodge(
        access=making.notifier_access(sent), decision_ref=decision.ref, reasons="Sentinelname disagrees."
    )
    client = affected(decision)
    assert "There is an appeal" not in text(client.get("/status/view/"))
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    appeal.decide_appeal(
        actor=other, appeal_ref=lodged.ref, version=2, outcome="upheld", reasons="It was enough.", changes=[]
    )
    for told in Statement.objects.filter(audience="affected"):
        page = text(client.get(f"/status/statement/{told.ref}/"))
        assert "entinel" not in page
    assert "entinel" not in text(client.get("/status/view/"))


def test_what_belongs_to_others_does_not_exist(enter, affected):
    reviewer = making.account("r", "reviewer")
    sent, other = making.notice(), making.notice("https://example.net/other")
    decision, foreign = making.decided(sent, reviewer), making.decided(other, reviewer)
    notifier, party = enter(sent.code), affected(decision)
    mine = {s.audience: s.ref for s in Statement.objects.filter(decision=decision)}
    theirs = {s.audience: s.ref for s in Statement.objects.filter(decision=foreign)}
    assert party.get(f"/status/statement/{mine['affected']}/").status_code == 200
    assert notifier.get(f"/status/statement/{mine['notifier']}/").status_code == 200
    for client, ref in (
        (notifier, mine["affected"]),
        (party, mine["notifier"]),
        (notifier, theirs["notifier"]),
        (party, theirs["affected"]),
    ):
        assert client.get(f"/status/statement/{ref}/").status_code == 404
        assert client.get("/status/receipt/", {"statement": ref}).status_code == 404
        assert client.get(f"/status/appeal/{foreign.ref}/").status_code == 404
        posted = client.post(f"/status/appeal/{foreign.ref}/", {"reasons": "No."})
        assert posted.status_code == 404
    assert party.get("/status/receipt/").status_code == 404
    assert party.get("/status/withdraw/", {"what": "notice"}).status_code == 404
    assert not foreign.appeals.exists()


def test_what_was_erased_says_so_and_the_rest_stays(enter):
    reviewer = making.account("r", "reviewer")
    sent = making.notice()
    making.decided(sent, reviewer)
    client = enter(sent.code)
    told = Statement.objects.get(audience="notifier")
    keys.destroy(sent.notice.notifier_key)
    assert "Your words have been erased" in text(client.get("/status/view/"))
    page = client.get(f"/status/statement/{told.ref}/")
    assert page.status_code == 410 and "It was erased for good on" in text(page)
    assert client.get("/status/receipt/", {"statement": told.ref}).status_code == 404
    keys.destroy(sent.notice.items_key)
    assert "The address was erased" in text(client.get("/status/view/"))


def test_a_letter_that_never_went_out_counts_from_its_first_opening(affected):
    reviewer = making.account("r", "reviewer")
    decision = making.decided(making.notice(), reviewer, reach=decide.Reach("letter"))
    told = Statement.objects.get(audience="affected")
    client, url = affected(decision), f"/status/statement/{told.ref}/"
    client.head(url)
    client.get(url, headers={"Sec-Purpose": "prefetch;prerender"})
    before = StatementStatus.objects.get(statement=told)
    assert before.first_opened_at is None and decision.measures.get().status.state == "proposed"
    client.get(url)
    after = StatementStatus.objects.get(statement=told)
    first = after.first_opened_at
    assert first is not None and after.delivered_at is not None
    assert decision.measures.get().status.state == "in_force"
    client.get(url)
    assert StatementStatus.objects.get(statement=told).first_opened_at == first


def test_a_severe_decision_is_told_to_nobody_before_the_second_person(enter):
    reviewer = making.account("r", "reviewer")
    sent = making.notice()
    making.decided(sent, reviewer, "DECISION_PROVISION_TOTAL_TERMINATION")
    page = text(enter(sent.code).get("/status/view/"))
    assert "being checked before it is sent" in page and "ccount" not in page.split("How it stands")[1][:900]


def test_mail_that_went_out_shows_until_when_one_can_appeal(affected):
    reviewer = making.account("r", "reviewer")
    decision = making.decided(making.notice(), reviewer, reach=decide.Reach("email", "author@example.net"))
    told = Statement.objects.get(audience="affected")
    inform.dispatched(statement_ref=told.ref)
    page = text(affected(decision).get(f"/status/statement/{told.ref}/"))
    assert "If you do not agree, you can appeal until" in page
    assert "author@example.net" not in page
