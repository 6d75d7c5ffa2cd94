"""Telling the affected party: another way, a letter with a code, a letter that was posted."""

from __future__ import annotations

import re

import pytest

from fairnotice.cases import codes, sealed
from fairnotice.cases.actions import claim
from fairnotice.cases.actions.decide import Reach
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL
from tests.review.reading import text

AFFECTED_SENTINEL = "affected.sentinel@example.net"


@pytest.fixture
def statement(people, reported):
    made = making.decided(reported, people["holder"], reach=Reach("letter"))
    return made.statements.get(audience="affected")


def inform(statement) -> str:
    return f"/desk/statement/{statement.ref}/inform/"


def letter(statement) -> str:
    return f"/desk/statement/{statement.ref}/letter/"


def test_the_list_shows_the_way_and_no_address(browser, people, statement):
    making.decided(making.notice(), people["other"], reach=Reach("email", AFFECTED_SENTINEL))
    for name in ("holder", "senior", "auditor"):
        page = text(browser(name).get("/desk/statements/"))
        assert "printed letter" in page and "e-mail" in page
        for hidden in (AFFECTED_SENTINEL, EMAIL_SENTINEL, NAME_SENTINEL):
            assert hidden not in page
    assert "sealed-place" not in text(browser("auditor").get("/desk/statements/"))


def test_the_letter_carries_the_statement_and_a_code_that_opens_it(browser, statement):
    page = text(browser("holder").post(letter(statement)))
    assert "the court found the opposite" in page and "https://sealed-place.example.org/post/7" in page
    assert "/status/" in page
    shown = re.search(r'<code id="receipt-code"[^>]*>([^<]+)</code>', page)
    assert shown is not None
    access = codes.find(shown[1])
    assert access is not None and access.case == statement.decision.case
    for hidden in (NAME_SENTINEL, EMAIL_SENTINEL):
        assert hidden not in page


def test_a_link_or_a_look_mints_no_code(browser, statement):
    assert browser("holder").get(letter(statement)).status_code == 405
    assert statement.decision.case.codes.count() == 0


def test_a_posted_letter_puts_the_measure_in_force_once(browser, statement):
    client = browser("appeals")
    client.post(letter(statement))
    assert client.post(inform(statement), {"act": "sent"}).status_code == 302
    measure = statement.decision.measures.get()
    assert (measure.status.state, measure.status.effect) == ("in_force", "pending")
    answer = client.post(inform(statement), {"act": "sent"})
    assert answer.status_code == 409 and "Every statement has gone out" in text(answer)
    late = {f"{statement.ref}-channel": "unreachable", f"{statement.ref}-reason": "Moved away."}
    answer = client.post(inform(statement), late)
    assert answer.status_code == 409 and "Moved away." in text(answer), "what was typed can be copied"


def test_another_way_can_be_chosen_until_it_has_gone_out(browser, statement):
    client = browser("other")
    sent = {
        "act": "channel",
        f"{statement.ref}-channel": "unreachable",
        f"{statement.ref}-reason": "Moved away.",
    }
    assert client.post(inform(statement), sent).status_code == 302
    statement.status.refresh_from_db()
    assert (statement.status.channel, statement.status.unreachable_reason_length) == ("unreachable", 11)
    assert sealed.read("statement", statement.ref, "unreachable_reason") == "Moved away."
    assert "Moved away." in text(client.get("/desk/statements/"))
    assert "Moved away." not in text(browser("auditor").get("/desk/statements/"))
    assert "Every statement has gone out" in text(client.get("/desk/statements/")), "it waits for nothing"
    sent = {
        "act": "channel",
        f"{statement.ref}-channel": "email",
        f"{statement.ref}-email": AFFECTED_SENTINEL,
    }
    assert client.post(inform(statement), sent).status_code == 302
    assert AFFECTED_SENTINEL not in text(client.get("/desk/statements/"))


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": "email", "email": "not an address"}, "email"),
        ({"channel": "email", "email": "a\x00@example.net"}, "email"),
        ({"channel": "unreachable", "reason": " "}, "reason"),
    ],
)
def test_faults_stand_at_their_field(browser, statement, fields, faulty):
    sent = {f"{statement.ref}-{name}": typed for name, typed in fields.items()}
    answer = browser("holder").post(inform(statement), sent)
    assert answer.status_code == 422
    assert f'href="#id_{statement.ref}-{faulty}"' in text(answer)


@pytest.mark.parametrize("name", ["publisher", "admin", "auditor"])
def test_other_roles_can_neither_print_nor_change(browser, statement, name):
    assert browser(name).post(letter(statement)).status_code == 403
    assert browser(name).post(inform(statement), {"act": "sent"}).status_code == 403


def test_a_notifier_gets_no_letter(browser, statement):
    told = statement.decision.statements.get(audience="notifier")
    assert browser("holder").post(letter(told)).status_code == 409


def test_somebody_involved_finds_no_statement(browser, people, statement):
    claim.mark_involved(
        actor=people["senior"], case_ref=statement.decision.case.ref, user_id=people["other"].user_id
    )
    assert browser("other").post(letter(statement)).status_code == 404
    assert statement.ref not in text(browser("other").get("/desk/statements/"))
