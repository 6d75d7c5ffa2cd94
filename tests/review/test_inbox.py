"""Answering whoever forwarded a notice, on the page of its case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fairnotice.cases.actions import inbox
from fairnotice.cases.models import Inbound
from fairnotice.ledger.models import OutboxRow
from tests.cases import making
from tests.review.conftest import with_purpose
from tests.review.reading import text


@pytest.fixture
def inbound(fn_db, settings) -> Inbound:
    settings.FN_PEERS = [{"url": "https://forum.example.org/api/v1", "token_file": "none"}]
    sender = inbox.Sender(
        "A sealed forum",
        datetime(2026, 1, 14, 16, 22, tzinfo=UTC),
        "https://forum.example.org/api/v1/forwards/answers",
        "for this one",
        forwarded=True,
    )
    return making.forwarded(sender=sender)


def page(inbound: Inbound) -> str:
    case = inbound.notice.items.get().case
    assert case is not None
    return f"/desk/case/{case.ref}/"


def post(client, inbound: Inbound, answer: str, words: str = ""):
    data = {f"{inbound.ref}-answer": answer, f"{inbound.ref}-text": words}
    return client.post(f"/desk/forwarded/{inbound.ref}/answer/", data)


def test_the_case_says_who_forwarded_it_and_takes_the_answer(browser, inbound):
    client = browser("holder")
    before = text(client.get(page(inbound)))
    assert "A sealed forum" in before and "Answer the sender" in before
    assert "another organisation, which forwarded it" in before
    answer = post(client, inbound, "answered", "The page is gone.")
    assert answer.status_code == 302 and answer["Location"] == page(inbound)
    after = text(client.get(page(inbound)))
    assert "The page is gone." in after and "Answer the sender" not in after
    row = OutboxRow.objects.get(kind=inbox.ANSWER_REST)
    OutboxRow.objects.filter(pk=row.pk).update(error_code="unreachable")
    assert "has not reached the sender yet" in text(client.get(page(inbound)))


def test_a_faulty_answer_comes_back_with_what_is_wrong(browser, inbound):
    client = browser("holder")
    for given in (
        {"answer": "answered"},
        {"answer": ""},
        {"answer": "gone"},
        {"answer": "taken", "words": "x" * 5001},
    ):
        answer = post(client, inbound, **given)
        assert answer.status_code == 422
        assert "Answer the sender" in text(answer) and 'role="alert"' in text(answer)
    inbound.refresh_from_db()
    assert inbound.answer == ""


def test_a_second_final_answer_is_refused(browser, inbound):
    client = browser("holder")
    assert post(client, inbound, "too_old").status_code == 302
    again = post(client, inbound, "not_ours")
    assert again.status_code == 409
    assert "The sender has this answer already." in text(again)


@pytest.mark.parametrize("name", ["appeals", "publisher", "admin", "auditor"])
def test_other_roles_do_not_answer_and_some_do_not_see_who_sent_it(browser, inbound, name):
    client = browser(name)
    if name == "appeals":
        with_purpose(client, inbound.notice.items.get().case.ref)
    shown = text(client.get(page(inbound)))
    assert "Answer the sender" not in shown
    assert ("A sealed forum" in shown) == (name == "appeals")
    assert post(client, inbound, "taken").status_code == 403


def test_who_may_not_see_the_case_finds_nothing(browser, inbound):
    inbound.notice.items.get().case.involved.create(
        user_id=browser("holder").session["_auth_user_id"], kind="involved"
    )
    assert post(browser("holder"), inbound, "taken").status_code == 404
