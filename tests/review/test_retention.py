"""The desk's page of what is erased: the schedule, holds, requests; two people, and nobody who is involved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases import codes
from fairnotice.cases.actions import claim, hold, own_data, retention, two_people, withdraw
from fairnotice.cases.errors import Refused
from fairnotice.cases.models import Case, ErasureRequest, Hold, Notice, RetentionRun
from fairnotice.cases.permissions import Actor
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL, WHY_SENTINEL
from tests.review.reading import text as text_of

PAGE = "/desk/retention/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
People = dict[str, Actor]
Browser = Callable[[str], Client]


@pytest.fixture
def asked(reported: making.Submitted) -> ErasureRequest:
    access = codes.find(reported.code)
    assert access is not None
    withdraw.withdraw_notice(access=access)
    return own_data.ask(access=access, words="Sealed wish of mine")


def test_everybody_at_the_desk_sees_the_schedule_and_counts(
    browser: Browser, reported: making.Submitted
) -> None:
    for who in ("holder", "admin", "auditor"):
        page = text_of(browser(who).get(PAGE))
        assert "Nobody waits for an answer" in page and "Nothing is held back" in page
        assert "Name and e-mail address of the person who reported" in page
        for not_here in (NAME_SENTINEL, EMAIL_SENTINEL, WHY_SENTINEL):
            assert not_here not in page


def test_two_people_erase_what_somebody_asked_for(
    people: People, browser: Browser, asked: ErasureRequest
) -> None:
    path = f"/desk/erasure/{asked.ref}/"
    senior, appeals = browser("senior"), browser("appeals")
    assert "Sealed wish of mine" in text_of(senior.get(path))
    assert senior.post(path, {"act": "confirm"}).status_code == 409
    assert senior.post(path, {"act": "grant"}).status_code == 302
    assert "somebody else has to" in text_of(senior.get(path))
    assert senior.post(path, {"act": "confirm"}).status_code == 409
    assert Notice.objects.get().erased_at is None
    assert appeals.post(path, {"act": "confirm"}).status_code == 302
    assert Notice.objects.get().erased_at is not None
    assert appeals.post(path, {"act": "confirm"}).status_code == 409
    assert "asked for it" in text_of(senior.get(PAGE))


def test_a_no_needs_a_reason_and_words(browser: Browser, asked: ErasureRequest) -> None:
    path = f"/desk/erasure/{asked.ref}/"
    senior = browser("senior")
    answer = senior.post(path, {"act": "refuse", "reason": "", "words": "Kept words"})
    assert answer.status_code == 422
    assert "Please choose why it has to be kept." in text_of(answer)
    assert "Kept words" in answer.content.decode()
    assert senior.post(path, {"act": "refuse", "reason": "legal-claims", "words": ""}).status_code == 422
    good = {"act": "refuse", "reason": "legal-claims", "words": "A court deals with it."}
    assert senior.post(path, good).status_code == 302
    assert ErasureRequest.objects.get().state == "refused"


def test_whoever_is_involved_finds_no_request(
    people: People, browser: Browser, asked: ErasureRequest
) -> None:
    case = Case.objects.get()
    claim.mark_involved(actor=people["appeals"], case_ref=case.ref, user_id=people["senior"].user_id)
    path = f"/desk/erasure/{asked.ref}/"
    hidden, never = browser("senior").get(path), browser("senior").get("/desk/erasure/aaaaaaaaaaaa/")
    assert hidden.status_code == never.status_code == 404
    bare = [_TOKEN.sub("", text_of(answer)) for answer in (hidden, never)]
    assert bare[0].replace(asked.ref, "") == bare[1].replace("aaaaaaaaaaaa", "")
    assert asked.ref not in text_of(browser("senior").get(PAGE))


def test_a_hold_is_shown_and_ended(people: People, browser: Browser, case: Case) -> None:
    hold.begin(
        first=people["holder"].user_id,
        actor=people["senior"],
        case_ref=case.ref,
        reason="court",
        until=timezone.localdate() + timedelta(days=9),
        words="Sealed reason of the court",
    )
    assert "Sealed reason of the court" in text_of(browser("senior").get(PAGE))
    page = text_of(browser("admin").get(PAGE))
    assert case.ref in page and "Sealed reason of the court" not in page
    path = f"/desk/hold/{Hold.objects.get().ref}/end/"
    assert browser("holder").post(path).status_code == 403
    assert browser("admin").post(path).status_code == 302
    assert browser("admin").post(path).status_code == 409
    assert "Nothing is held back" in text_of(browser("admin").get(PAGE))


def test_a_clock_that_jumped_is_said_and_put_right(people: People, browser: Browser) -> None:
    for number in range(12):
        sent = making.notice(f"https://forum.example.org/{number}", name="N")
        access = codes.find(sent.code)
        assert access is not None
        withdraw.withdraw_notice(access=access)
    retention.run(now=timezone.now())
    retention.run(now=timezone.now() + timedelta(days=900))
    page = text_of(browser("admin").get(PAGE))
    assert "The clock may have jumped" in page and "24 erasures wait" in page
    assert browser("holder").post("/desk/retention/clock/").status_code == 403
    assert browser("admin").post("/desk/retention/clock/").status_code == 302
    assert RetentionRun.objects.get().refused_at is None


def test_the_public_page_counts_without_pointing_at_anybody(client: Client, asked: ErasureRequest) -> None:
    page = text_of(client.get("/what-we-keep/"))
    assert "<dt>Cases on hold now</dt><dd>0</dd>" in page
    retention.run(now=timezone.now() + timedelta(hours=1))
    assert "fewer than 10" in text_of(client.get("/what-we-keep/"))


def test_a_correction_stands_beside_the_words(
    browser: Browser, reported: making.Submitted, case: Case
) -> None:
    access = codes.find(reported.code)
    assert access is not None
    own_data.correct(access=access, words="It was the third paragraph.")
    page = text_of(browser("holder").get(f"/desk/case/{case.ref}/"))
    assert WHY_SENTINEL in page and "It was the third paragraph." in page
    assert "It was the third paragraph." not in text_of(browser("auditor").get(f"/desk/case/{case.ref}/"))


def test_two_people_put_a_hold_and_erase_by_a_proposal(people: People, browser: Browser, case: Case) -> None:
    second = making.account("desk-second", "senior_reviewer")
    until = timezone.localdate() + timedelta(days=9)
    asked = two_people.propose(
        actor=people["senior"], verb="hold", why="court", reason="A court.", case_ref=case.ref, until=until
    )
    with pytest.raises(Refused):
        two_people.confirm(actor=people["senior"], proposal_ref=asked.ref)
    assert not Hold.objects.exists()
    two_people.confirm(actor=second, proposal_ref=asked.ref)
    made = Hold.objects.get()
    assert (made.reason, made.until) == ("court", until)
    assert (made.begun_by_id, made.second_id) == (people["senior"].user_id, second.user_id)
    hold.end(actor=second, hold_ref=made.ref)
    wrong = two_people.propose(
        actor=people["senior"], verb="hold", why="mistake", reason="No.", case_ref=case.ref, until=until
    )
    with pytest.raises(Refused):
        two_people.confirm(actor=second, proposal_ref=wrong.ref)
    early = two_people.propose(
        actor=people["senior"], verb="erase", why="mistake", reason="Sent twice.", case_ref=case.ref
    )
    with pytest.raises(Refused):  # somebody has still to be heard
        two_people.confirm(actor=second, proposal_ref=early.ref)
    access = codes.find(reported_code(case))
    assert access is not None
    withdraw.withdraw_notice(access=access)
    two_people.confirm(actor=second, proposal_ref=early.ref)
    assert Case.objects.get().erased_at is not None
    assert "was erased" in text_of(browser("auditor").get(f"/desk/case/{case.ref}/"))


def reported_code(case: Case) -> str:
    """A fresh code of the notifier."""
    item = case.items.get()
    return codes.mint(side="notifier", notice=item.notice)
