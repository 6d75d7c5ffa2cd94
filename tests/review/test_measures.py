"""Reporting that a measure was carried out, or undone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases import sealed
from fairnotice.cases.actions import clock
from fairnotice.cases.actions.decide import Reach
from tests.cases import making
from tests.review.reading import text


@pytest.fixture
def measure(people, reported):
    return making.decided(reported, people["holder"]).measures.get()


def url(measure) -> str:
    return f"/desk/measure/{measure.ref}/effect/"


def test_what_is_to_be_done_says_where_and_how_it_is_undone(browser, measure):
    page = text(browser("other").get("/desk/measures/"))
    assert "Disabling access to content" in page and "hxxps://sealed-place" in page
    assert "The post is shown again." in page
    audit = text(browser("auditor").get("/desk/measures/"))
    assert "sealed-place" not in audit and "Record this" not in audit


def test_done_is_recorded_and_leaves_the_list(browser, measure):
    client = browser("other")
    sent = {f"{measure.ref}-effect": "confirmed", f"{measure.ref}-note": "Switched off at noon."}
    assert client.post(url(measure), sent).status_code == 302
    measure.status.refresh_from_db()
    assert (measure.status.effect, measure.status.effect_note_length) == ("confirmed", 21)
    assert sealed.read("measure", measure.ref, "effect_note") == "Switched off at noon."
    assert measure.ref not in text(client.get("/desk/measures/"))
    assert measure.ref in text(client.get("/desk/measures/", {"effect": "confirmed"}))


def test_a_page_from_before_the_end_cannot_report_the_undoing(browser, measure):
    client = browser("other")
    clock.expire_measures(now=timezone.now() + timedelta(days=400))
    page = text(client.get("/desk/measures/"))
    offered = re.findall(rf'name="{measure.ref}-effect" value="(\w+)"', page)
    assert offered == ["restored", "restore_failed"]
    stale = client.post(url(measure), {f"{measure.ref}-effect": "confirmed"})
    assert stale.status_code == 409 and "to be undone" in text(stale)
    measure.status.refresh_from_db()
    assert measure.status.effect == "restoring"
    assert client.post(url(measure), {f"{measure.ref}-effect": "restored"}).status_code == 302
    measure.status.refresh_from_db()
    assert measure.status.effect == "restored"


def test_failed_stays_on_the_list_with_its_note(browser, measure):
    client = browser("appeals")
    sent = {f"{measure.ref}-effect": "failed", f"{measure.ref}-note": "No access."}
    assert client.post(url(measure), sent).status_code == 302
    page = text(client.get("/desk/measures/"))
    assert "Failed" in page and "No access." in page
    assert "No access." not in text(browser("auditor").get("/desk/measures/"))


@pytest.mark.parametrize(
    ("effect", "note"),
    [("", "kept"), ("nonsense", "kept"), ("confirmed", "y" * 501), ("confirmed", "kept\x00")],
)
def test_faults_stand_at_their_field(browser, measure, effect, note):
    answer = browser("other").post(
        url(measure), {f"{measure.ref}-effect": effect, f"{measure.ref}-note": note}
    )
    assert answer.status_code == 422
    assert note[:4] in text(answer)
    measure.status.refresh_from_db()
    assert measure.status.effect == "pending"


def test_a_measure_that_waits_for_its_letter_cannot_be_reported(browser, people):
    waiting = making.decided(making.notice(), people["holder"], reach=Reach("letter")).measures.get()
    sent = {f"{waiting.ref}-effect": "confirmed", f"{waiting.ref}-note": "Hidden since noon."}
    answer = browser("other").post(url(waiting), sent)
    assert answer.status_code == 409 and "not in force" in text(answer)
    assert "Hidden since noon." in text(answer), "what was typed can be copied"


@pytest.mark.parametrize("name", ["publisher", "admin", "auditor"])
def test_other_roles_cannot_report(browser, measure, name):
    assert browser(name).post(url(measure), {f"{measure.ref}-effect": "confirmed"}).status_code == 403


def test_strange_filters_show_what_is_to_be_done(browser, measure):
    for strange in ("nonsense", "\x00", "9" * 300):
        answer = browser("other").get("/desk/measures/", {"effect": strange})
        assert answer.status_code == 200 and measure.ref in text(answer)


@pytest.fixture
def due(people, reported):
    """A measure whose review is near."""
    wanted = making.draft().measures
    wanted[0].review = timezone.localdate() + timedelta(days=10)
    return making.decided(reported, people["holder"], measures=wanted).measures.get()


def reviewed(browser, name: str, measure, **fields: str):
    sent = {f"review-{measure.ref}-{key}": typed for key, typed in fields.items()}
    return browser(name).post(f"/desk/measure/{measure.ref}/review/", sent)


def test_a_measure_is_looked_at_again_from_the_list(browser, due):
    page = text(browser("other").get("/desk/measures/"))
    assert "To be looked at again soon" in page and "Record the review" in page
    day = (timezone.localdate() + timedelta(days=100)).isoformat()
    answer = reviewed(browser, "other", due, act="keep", keep_until=day, reason="Still needed.")
    assert answer.status_code == 302
    assert "To be looked at again soon" not in text(browser("other").get("/desk/measures/"))
    due.status.refresh_from_db()
    assert due.status.review_again.isoformat() == day


def test_ending_it_there_asks_for_the_undoing(browser, due):
    assert reviewed(browser, "senior", due, act="end", reason="Corrected.").status_code == 302
    assert "Undo:" in text(browser("senior").get("/desk/measures/"))
    late = reviewed(browser, "senior", due, act="end", reason="It was mended since.")
    assert late.status_code == 409 and "no longer in force" in text(late)
    assert "It was mended since." in text(late), "what was typed can be copied"


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"reason": "Why."}, "act"),
        ({"act": "keep", "reason": "Why."}, "keep_until"),
        ({"act": "keep", "keep_until": "soon", "reason": "Why."}, "keep_until"),
        ({"act": "keep", "keep_until": "2001-01-01", "reason": "Why."}, "keep_until"),
        ({"act": "end", "reason": ""}, "reason"),
    ],
)
def test_faults_of_a_review_stand_at_their_field(browser, due, fields, faulty):
    answer = reviewed(browser, "other", due, **fields)
    assert answer.status_code == 422
    assert f'href="#id_review-{due.ref}-{faulty}"' in text(answer)


@pytest.mark.parametrize("name", ["appeals", "publisher", "admin", "auditor"])
def test_other_roles_see_the_list_and_cannot_review(browser, due, name):
    assert "Record the review" not in text(browser(name).get("/desk/measures/"))
    assert reviewed(browser, name, due, act="end", reason="Why.").status_code == 403
