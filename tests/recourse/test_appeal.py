"""Appealing behind a code, and taking things back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases.actions import appeal as appeals
from fairnotice.cases.models import Appeal, Statement, StatementStatus
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def sent():
    return making.notice()


@pytest.fixture
def decision(sent):
    return making.decided(sent, making.account("r", "reviewer"))


def url(decision) -> str:
    return f"/status/appeal/{decision.ref}/"


@pytest.mark.parametrize("side", ["notifier", "affected"])
def test_either_side_appeals_once_and_sees_how_it_stands(side, sent, decision, enter, affected):
    client = enter(sent.code) if side == "notifier" else affected(decision)
    page = text(client.get(url(decision)))
    assert "A person who had no part in the decision." in page and "within 14 days" in page
    answer = client.post(url(decision), {"reasons": "It was satire.\r\nSee the headline."})
    assert (answer.status_code, answer["Location"]) == (303, url(decision))
    page = text(client.get(url(decision)))
    assert "We have it" in page and "It was satire.\nSee the headline." in page
    assert Appeal.objects.get().side == side
    again = client.post(url(decision), {"reasons": "Once more."})
    assert again.status_code == 200 and "You have appealed against this decision already" in text(again)
    assert Appeal.objects.count() == 1


def test_both_sides_can_appeal_and_read_only_their_own_words(sent, decision, enter, affected):
    notifier, party = enter(sent.code), affected(decision)
    notifier.post(url(decision), {"reasons": "More should be removed."})
    party.post(url(decision), {"reasons": "It was satire."})
    assert Appeal.objects.count() == 2
    assert "satire" not in text(notifier.get(url(decision)))
    assert "More should be" not in text(party.get(url(decision)))


@pytest.mark.parametrize(
    ("reasons", "said"),
    [("  ", "Please say why you think"), ("x" * 10_001, "This is 10001 characters long; at most 10000 fit")],
)
def test_an_error_keeps_what_was_typed(reasons, said, decision, affected):
    page = text(affected(decision).post(url(decision), {"reasons": reasons}))
    assert said in page and 'href="#id_reasons"' in page and reasons.strip() in page
    assert not Appeal.objects.exists()


def test_line_ends_count_once_as_the_counter_shows(decision, affected):
    reasons = "x" * 9_998 + "\r\n" + "y"
    assert affected(decision).post(url(decision), {"reasons": reasons}).status_code == 303
    assert "\r" not in text(affected(decision).get(url(decision)))


def test_after_the_time_the_page_says_why_and_keeps_the_words(decision, affected):
    client = affected(decision)
    StatementStatus.objects.filter(statement__audience="affected").update(
        delivered_at=timezone.now() - timedelta(days=230), first_opened_at=timezone.now()
    )
    page = text(client.get(url(decision)))
    assert "The time for an appeal has ended" in page and "It was possible until" in page
    assert "<textarea" not in page
    page = text(client.post(url(decision), {"reasons": "I was ill."}))
    assert "I was ill." in page and not Appeal.objects.exists()


def test_the_answer_is_read_where_one_appealed(decision, affected):
    client = affected(decision)
    client.post(url(decision), {"reasons": "It was satire."})
    other = making.account("a", "appeals_reviewer")
    lodged = Appeal.objects.get()
    appeals.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    appeals.decide_appeal(
        actor=other, appeal_ref=lodged.ref, version=2, outcome="reversed", reasons="It was.", changes=[]
    )
    answer = Statement.objects.get(audience="affected", outcome__isnull=False)
    page = text(client.get(url(decision)))
    assert f"/status/statement/{answer.ref}/" in page and "Take it back" not in page
    page = text(client.get(f"/status/statement/{answer.ref}/"))
    assert "Answer to the appeal" in page and "The decision was reversed." in page and "It was." in page
    page = text(client.get("/status/view/"))
    assert "Being restored" in page or "Reversed" in page


def test_an_appeal_is_taken_back_only_after_asking_once_more(decision, affected):
    client = affected(decision)
    client.post(url(decision), {"reasons": "It was satire."})
    lodged = Appeal.objects.get()
    asked = {"what": "appeal", "ref": lodged.ref}
    page = text(client.get("/status/withdraw/", asked))
    assert "This cannot be undone" in page and "second time" in page
    lodged.status.refresh_from_db()
    assert lodged.status.state == "received"
    assert client.post("/status/withdraw/", asked)["Location"] == url(decision)
    assert "You took it back" in text(client.get(url(decision)))
    late = client.post("/status/withdraw/", asked)
    assert late.status_code == 409 and "can no longer be taken back" in text(late)


def test_nobody_takes_back_the_appeal_of_the_other_side(sent, decision, enter, affected):
    affected(decision).post(url(decision), {"reasons": "It was satire."})
    asked = {"what": "appeal", "ref": Appeal.objects.get().ref}
    client = enter(sent.code)
    assert client.get("/status/withdraw/", asked).status_code == 404
    assert client.post("/status/withdraw/", asked).status_code == 404
    assert Appeal.objects.get().status.state == "received"


def test_a_notice_is_taken_back_only_after_asking_once_more(sent, enter):
    client = enter(sent.code)
    page = text(client.get("/status/withdraw/", {"what": "notice"}))
    assert "This cannot be undone" in page
    sent.notice.refresh_from_db()
    assert sent.notice.state == "attached"
    assert client.post("/status/withdraw/", {"what": "notice"})["Location"] == "/status/view/"
    page = text(client.get("/status/view/"))
    assert "You took it back" in page and "Take the report back" not in page
    assert making.case_of(sent).state == "closed"
    assert client.post("/status/withdraw/", {"what": "notice"}).status_code == 409
