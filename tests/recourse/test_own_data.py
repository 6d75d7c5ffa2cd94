"""Your data, behind a code: all of one's own, nobody else's; corrected, taken along, erased."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from fairnotice.cases.actions import decide, inform, own_data
from fairnotice.cases.models import AccessCode, Correction, Erasure, ErasureRequest, Statement
from tests.cases import making
from tests.retention.gone import whole
from tests.review.reading import text as text_of

pytestmark = pytest.mark.usefixtures("fn_db")
Enter = Callable[[str], Client]
PAGE = "/status/data/"
FILE = "/status/data/copy/"
NAME = "Sentinel Name"
EMAIL = "sentinel@example.org"


@pytest.fixture
def sent() -> making.Submitted:
    return making.notice(name=NAME, email=EMAIL)


def test_the_file_has_all_of_ones_own_and_never_who_one_is(enter: Enter) -> None:
    made = whole()
    client = enter(made.submitted.code)
    text = client.get(FILE).content.decode()
    assert "attachment" in client.get(FILE)["Content-Disposition"]
    for own in (
        made.submitted.notice.ref,
        "It says that I stole money, which is false.",
        "https://forum.example.org/post/7",
        "second paragraph",
        "What was decided",
    ):
        assert own in text, own
    for not_here in (
        "notifier@example.org",
        "Name of the notifier",
        "author@example.net",
        "I never wrote that.",
    ):
        assert not_here not in text, not_here
    assert "a reviewer" not in text
    found = json.loads(client.get(FILE, {"format": "json"}).content)
    assert found["format"] == "fair-notice/own-data/1"
    values = [line["value"] for part in found["parts"] for line in part["lines"]]
    assert all(value in text for value in values)


def test_the_other_side_gets_its_own_and_nothing_of_the_notifier(
    affected: Callable[[object], Client],
) -> None:
    made = whole()
    text = affected(made.decision).get(FILE).content.decode()
    assert "I never wrote that." in text
    assert "The post says that somebody took money" in text
    for not_here in (made.submitted.notice.ref, "It says that I stole money", "notifier@example.org"):
        assert not_here not in text, not_here


def test_nothing_opens_without_a_code(client: Client, sent: making.Submitted) -> None:
    for path in (PAGE, FILE):
        assert client.get(path).status_code == 403
        assert sent.notice.ref not in client.get(path).content.decode()


def test_name_and_address_go_at_once_and_the_code_stays(enter: Enter, sent: making.Submitted) -> None:
    client = enter(sent.code)
    assert "You gave them." in text_of(client.get(PAGE))
    assert client.post(PAGE, {"act": "contact"}).status_code == 303
    assert "None are held." in text_of(client.get(PAGE))
    assert client.post(PAGE, {"act": "contact"}).status_code == 409
    assert "name and e-mail address" in client.get(FILE).content.decode().lower()
    assert Erasure.objects.get().ground == "own-wish"


def test_a_decision_made_afterwards_waits_behind_the_code(enter: Enter, sent: making.Submitted) -> None:
    enter(sent.code).post(PAGE, {"act": "contact"})
    reviewer = making.account("reviewer", "reviewer")
    making.decided(sent, reviewer, reach=decide.Reach("letter"))
    status = Statement.objects.get(audience="notifier").status
    assert (status.channel, status.state) == ("page", "dispatched")


def test_asking_is_answered_behind_the_code(enter: Enter, sent: making.Submitted) -> None:
    client = enter(sent.code)
    assert client.post(PAGE, {"act": "ask", "ask-words": "All of it, please."}).status_code == 303
    assert "Two people look at it" in text_of(client.get(PAGE))
    assert client.post(PAGE, {"act": "ask", "ask-words": "Again."}).status_code == 409
    senior = making.account("senior", "senior_reviewer")
    refusal = own_data.Refusal("case-runs", "Take your report back first.")
    own_data.refuse(actor=senior, request_ref=ErasureRequest.objects.get().ref, refusal=refusal)
    page = text_of(client.get(PAGE))
    assert "Take your report back first." in page and "data protection authority" in page
    client.post(PAGE, {"act": "ask", "ask-words": ""})
    assert client.post(PAGE, {"act": "take-back"}).status_code == 303
    assert client.post(PAGE, {"act": "take-back"}).status_code == 409
    assert ErasureRequest.objects.filter(state="taken_back").count() == 1


def test_a_correction_is_added_and_an_empty_one_keeps_the_page(enter: Enter, sent: making.Submitted) -> None:
    client = enter(sent.code)
    answer = client.post(PAGE, {"act": "correct", "correct-words": "  "})
    assert answer.status_code == 422 and "Please write what has to be put right." in text_of(answer)
    long = "x" * (own_data.MAX_WORDS + 1)
    answer = client.post(PAGE, {"act": "correct", "correct-words": long})
    assert answer.status_code == 422 and long in answer.content.decode()
    assert client.post(PAGE, {"act": "correct", "correct-words": "The third one."}).status_code == 303
    assert "You have added 1 thing." in text_of(client.get(PAGE))
    assert "The third one." in client.get(FILE).content.decode()
    assert Correction.objects.count() == 1
    assert client.post(PAGE, {"act": "something"}).status_code == 422


def test_when_it_is_erased_the_code_opens_nothing(enter: Enter, sent: making.Submitted) -> None:
    client = enter(sent.code)
    client.post("/status/withdraw/", {"what": "notice"})
    client.post(PAGE, {"act": "ask", "ask-words": ""})
    ref = ErasureRequest.objects.get().ref
    own_data.grant(actor=making.account("one", "senior_reviewer"), request_ref=ref)
    own_data.confirm(actor=making.account("two", "senior_reviewer"), request_ref=ref)
    assert client.get(PAGE).status_code == 403
    gone, wrong = (Client().post("/status/", {"code": code}) for code in (sent.code, "A" * 26))
    assert gone.status_code == wrong.status_code
    assert not AccessCode.objects.filter(notice=sent.notice).exists()


def test_the_page_says_what_was_erased(enter: Enter) -> None:
    made = whole()
    for statement in Statement.objects.filter(decision=made.decision, audience="notifier"):
        inform.opened(statement_ref=statement.ref)
    client = enter(made.submitted.code)
    client.post(PAGE, {"act": "contact"})
    assert "took it back" in client.get(FILE).content.decode()
