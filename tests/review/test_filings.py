"""Statements for the EU database at the desk: what waits for a person and why, what leaves, what changed since."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from fairnotice.cases import sealed
from fairnotice.cases.actions import appeal, claim, erase, filing
from fairnotice.cases.models import Case, Decision, Filing, Opened
from fairnotice.cases.permissions import Actor
from fairnotice.delivery.database import exporting
from fairnotice.ledger.models import Event
from tests.cases import making

LIST = "/desk/filings/"
People = dict[str, Actor]
Browser = Callable[[str], Client]
NAMED = "The post of @somebody says that a person took money; write to me@example.org."
PLAIN = "The post says that somebody took money."
WHY = "A false statement of fact."


def held(people: People, submitted: making.Submitted, **changes: Any) -> Filing:
    """The statement of a decision whose facts name somebody."""
    making.decided(submitted, people["holder"], **{"facts": NAMED, **changes})
    filing.prepare(place="sandbox", now=timezone.now())
    return Filing.objects.get()


def page_of(found: Filing) -> str:
    return f"/desk/filing/{found.ref}/"


def let_go(client: Client, found: Filing, **changes: object) -> int:
    sent = {"version": found.version, "facts": PLAIN, "explanation": WHY, "reason": "", **changes}
    return client.post(f"/desk/filing/{found.ref}/release/", sent).status_code


def test_a_bank_account_without_a_run_of_digits_is_held_as_well(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    found = held(people, reported, facts="The post names the account MT05LCAB12AB34CD56EF78GH.")
    assert (found.state, found.faults) == ("held", ["decision_facts:personal_data"])
    assert "Looks like personal data" in browser("senior").get(page_of(found)).content.decode()


def test_the_places_are_marked_and_the_looking_is_written_down(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    found = held(people, reported)
    assert (found.state, found.reason) == ("held", "personal")
    assert set(found.faults) == {"decision_facts:handle", "decision_facts:email"}
    listed = browser("senior").get(LIST).content.decode()
    assert found.ref in listed and "1 held back" in listed and NAMED not in listed
    text = browser("senior").get(page_of(found)).content.decode()
    assert "<mark>@somebody<" in text and "<mark>me@example.org<" in text
    row = Opened.objects.get(user_id=people["senior"].user_id)
    assert (row.purpose, row.about, row.ref) == ("publish", "case", found.decision.case.ref)
    assert row.kinds == ["decision"]
    for who in ("publisher", "admin", "auditor"):
        assert browser(who).get(LIST).status_code == 200
        assert browser(who).get(page_of(found)).status_code == 403
        assert let_go(browser(who), found) == 403


def test_a_person_writes_a_version_for_the_database_and_the_decision_stays(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    found = held(people, reported)
    assert let_go(browser("senior"), found) == 302
    found.refresh_from_db()
    assert (found.state, found.edited, found.cleared) == ("queued", True, False)
    assert sealed.read("decision", found.decision.ref, "facts") == NAMED
    assert sealed.read("filing", found.ref, "facts") == PLAIN
    event = Event.objects.get(kind="filing.released")
    assert PLAIN not in str(event.open) and event.length("facts") == len(PLAIN)
    text = browser("senior").get(page_of(found)).content.decode()
    assert "own words" in text and PLAIN in text


def test_what_still_looks_like_personal_data_needs_a_reason(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    found = held(people, reported)
    client = browser("senior")
    answer = client.post(
        f"/desk/filing/{found.ref}/release/",
        {"version": found.version, "facts": NAMED + " More.", "explanation": WHY},
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "or say why it may go so" in text and "More." in text and "<mark>@somebody<" in text
    assert let_go(client, found, facts=NAMED, reason="It is the name of the forum.") == 302
    found.refresh_from_db()
    assert (found.state, found.cleared, found.reason_length) == ("queued", True, 28)
    assert "name of the forum" in client.get(page_of(found)).content.decode()


def test_a_text_that_the_database_would_refuse_goes_with_no_reason(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    found = held(people, reported)
    for changes in ({"facts": ""}, {"facts": "x" * 5001}, {"explanation": "y" * 2001}, {"facts": "a\x00b"}):
        assert let_go(browser("senior"), found, reason="Because.", **changes) == 422
    assert let_go(browser("senior"), found, version=found.version + 1) == 409
    assert Filing.objects.get().state == "held"
    assert let_go(browser("senior"), found) == 302
    assert let_go(browser("senior"), found) == 409


def test_what_the_database_said_stands_on_the_page_and_it_goes_again(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    found = held(people, reported, facts=PLAIN)
    Filing.objects.update(state="sending", call="a")
    assert filing.rejected(filing_ref=found.ref, call="a", said='{"category": ["invalid"]}')
    client = browser("holder")
    assert "invalid" in client.get(page_of(found)).content.decode()
    puid = found.puid
    found.refresh_from_db()
    assert let_go(client, found) == 302
    found.refresh_from_db()
    assert (found.state, found.puid) == ("queued", puid)
    assert sealed.read("filing", found.ref, "said") is None


def test_erased_texts_can_be_sent_no_more_and_that_is_said(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    found = held(people, reported)
    Case.objects.update(state="closed", closed_at=timezone.now())
    erase.erase(what="case", ref=found.decision.case.ref, now=timezone.now() + timedelta(days=400))
    assert let_go(browser("senior"), found) == 409
    filing.prepare(place="sandbox", now=timezone.now())
    assert Filing.objects.get().state == "erased"
    assert "were erased" in browser("senior").get(page_of(found)).content.decode()


def test_what_changed_since_is_kept_here(
    people: People, browser: Browser, reported: making.Submitted, tmp_path: Path
) -> None:
    found = held(people, reported, facts=PLAIN)
    Filing.objects.update(state="sending", call="a")
    filing.accepted(filing_ref=found.ref, uuid="0" * 36, made={}, how="sent")
    Filing.objects.update(accepted_at=timezone.now() - timedelta(days=1))
    decision = Decision.objects.get()
    lodged = appeal.lodge(
        access=making.affected_access(decision), decision_ref=decision.ref, reasons="It was satire."
    )
    appeal.claim_appeal(actor=people["appeals"], appeal_ref=lodged.ref, version=1)
    appeal.decide_appeal(
        actor=people["appeals"],
        appeal_ref=lodged.ref,
        version=2,
        outcome="reversed",
        reasons="It was.",
        changes=[],
    )
    client = browser("senior")
    assert found.ref in client.get(LIST, {"state": "changed"}).content.decode()
    text = client.get(page_of(found)).content.decode()
    assert "the decision was reversed" in text and "A measure was undone" in text
    assert text.count("The database does not know this.") == 2
    done = exporting.export(tmp_path / "out", "json")
    assert done.counts == {"accepted": 1, "changed": 1}
    [line] = (tmp_path / "out" / "changed-since.jsonl").read_text("utf-8").splitlines()
    said = json.loads(line)
    assert (said["puid"], said["uuid"]) == (found.puid, "0" * 36)
    assert [one["what"] for one in said["since"]] == ["reversed", "reverse"]


def test_somebody_involved_finds_nothing_of_it(
    people: People, browser: Browser, reported: making.Submitted
) -> None:
    found = held(people, reported)
    case = found.decision.case
    claim.mark_involved(actor=people["senior"], case_ref=case.ref, user_id=people["other"].user_id)
    client = browser("other")
    assert client.get(page_of(found)).status_code == 404 and let_go(client, found) == 404
    assert found.ref not in client.get(LIST).content.decode()


def test_a_stopped_sending_is_said_and_goes_on_by_a_press(people: People, browser: Browser) -> None:
    filing.stop_all(why="token")
    for who in ("admin", "holder"):
        assert "does not take our token" in browser(who).get(LIST).content.decode()
    assert browser("holder").post("/desk/filings/on/").status_code == 403
    assert browser("admin").post("/desk/filings/on/").status_code == 302
    assert "does not take our token" not in browser("admin").get(LIST).content.decode()


def test_an_identifier_is_never_changed_and_its_row_never_goes(
    people: People, reported: making.Submitted
) -> None:
    found = held(people, reported)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Filing.objects.filter(pk=found.pk).update(puid="another")
    with pytest.raises(DatabaseError, match="never used again"), transaction.atomic():
        Filing.objects.filter(pk=found.pk).delete()
    assert Filing.objects.filter(puid=found.puid).exists()
