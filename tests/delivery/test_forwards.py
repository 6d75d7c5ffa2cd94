"""A notice on its way to those who answer for the place: by real mail, step by step, and what the notifier hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from fairnotice.answerable.actions.delegate import Terms, delegate
from fairnotice.answerable.resources import parse_resource
from fairnotice.cases import sealed
from fairnotice.cases.actions import clock, forward, forward_send
from fairnotice.cases.actions.withdraw import withdraw_notice
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.errors import Conflict, Refused
from fairnotice.cases.models import Forward, ForwardAnswer, ForwardConsent, ForwardStatus
from fairnotice.delivery.runner import run_due
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.plumbing import limits
from fairnotice.vault import keys
from tests.answerable import register
from tests.cases import making, network
from tests.cases.network import FORUM_DESK, HOST_DESK, PLACE, REGISTRAR_DESK, of, states
from tests.fault.mailserver import Post, post_office

pytestmark = pytest.mark.usefixtures("fn_db")
NOTIFIER = "notifier@example.net"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    limits._full_again.clear()


def to(post: Post, address: str) -> list:
    return [letter for receivers, letter in post.taken() if receivers == [address]]


def test_the_whole_way_up_the_chain(client: Client) -> None:
    network.network()
    sent = network.notice()
    assert states() == {"FORUM-1": "proposed", "HOST-1": "proposed", "REGISTRAR-1": "proposed"}
    with post_office() as (port, post):
        way = network.smtp(port)
        run_due(port=way)
        assert [one for one, _letter in post.taken()] == [[NOTIFIER]], "nobody else hears of it without a yes"

        network.confirmed(sent, "FORUM-1", "HOST-1")
        assert states() == {"FORUM-1": "sending", "HOST-1": "confirmed", "REGISTRAR-1": "proposed"}
        run_due(port=way)
        run_due(port=way)
        [first] = to(post, FORUM_DESK)
        assert states()["FORUM-1"] == "dispatched" and to(post, HOST_DESK) == []
        assert first.get_content_type() == "multipart/report"
        assert PLACE in network.text_of(first) and "stole money" not in first.as_string()
        assert f"/answer/{network.token_in(first).upper()}/" in network.text_of(first).replace("\n", "")
        due = of("FORUM-1").due_at
        assert due is not None

        clock.tick(due - timedelta(hours=17))
        assert states()["FORUM-1"] == "reminded"
        network.hurry()
        run_due(port=way)
        [_first, reminder] = to(post, FORUM_DESK)
        assert "Reminder" in str(reminder["Subject"])
        assert date_format(due, "j F Y, H:i") in network.text_of(reminder), "the day that was named before"
        assert clock.tick(due - timedelta(hours=16))["forwards_reminded"] == 0, "once"

        assert clock.tick(due)["forwards_overdue"] == 1
        assert states() == {"FORUM-1": "escalated", "HOST-1": "sending", "REGISTRAR-1": "proposed"}
        network.hurry()
        run_due(port=way)
        [second] = to(post, HOST_DESK)

        page = f"/answer/{network.token_in(second)}/"
        assert client.get(page).status_code == 200 and states()["HOST-1"] == "dispatched", "looking is no act"
        answered = client.post(page, {"status": "not_ours", "text": "We sold it."})
        assert answered.status_code == 303
        assert states() == {"FORUM-1": "escalated", "HOST-1": "answered", "REGISTRAR-1": "proposed"}, (
            "further up only after another yes"
        )
        run_due(port=way)
        network.confirmed(sent, "REGISTRAR-1")
        run_due(port=way)
        [third] = to(post, REGISTRAR_DESK)
        for answer in ("taken", "answered"):
            forward.record_answer(
                token=network.token_in(third), status=answer, text="It is gone.", door="rest"
            )
            network.hurry()
            run_due(port=way)
        news = [network.text_of(letter) for letter in to(post, NOTIFIER)[1:]]
    assert states()["REGISTRAR-1"] == "answered"
    said = "\n".join(news)
    for sentence in (
        "forwarded to FORUM-1 Ltd, who should answer by",
        "FORUM-1 Ltd was reminded",
        "FORUM-1 Ltd has not answered in time",
        "HOST-1 Ltd says that this is not theirs",
        "REGISTRAR-1 Ltd has taken it on",
        "REGISTRAR-1 Ltd has answered",
    ):
        assert sentence in said, sentence
    assert PLACE not in said and "We sold it" not in said, "mail is read by more eyes than one"
    client.post("/status/", {"code": sent.code})
    page_text = client.get("/status/view/").content.decode()
    assert "We sold it." in page_text and "It is gone." in page_text
    kinds = set(Event.objects.filter(kind__startswith="forward.").values_list("kind", flat=True))
    assert kinds == {
        f"forward.{verb}"
        for verb in ("proposed", "confirmed", "sending", "dispatched", "reminded", "overdue", "answered")
    }
    for event in Event.objects.filter(kind__startswith="forward."):
        assert "example" not in str(event.open) and "1 Ltd" not in str(event.open)


def test_an_answer_spares_those_who_were_not_asked_yet() -> None:
    network.network()
    sent = network.notice()
    network.confirmed(sent, "FORUM-1", "HOST-1")
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        [letter] = to(post, FORUM_DESK)
        token = network.token_in(letter)
        given = forward.record_answer(token=token, status="too_old", text="No logs.", door="link")
        assert states() == {"FORUM-1": "answered", "HOST-1": "spared", "REGISTRAR-1": "spared"}
        again = forward.record_answer(token=token, status="too_old", door="link")
        assert again == given and ForwardAnswer.objects.count() == 1
        with pytest.raises(Refused):
            forward.record_answer(token=token, status="answered", door="link")
        clock.tick(timezone.now() + timedelta(days=30))
        run_due(port=network.smtp(port))
        assert to(post, HOST_DESK) == []
    with pytest.raises(Conflict):
        network.confirmed(sent, "REGISTRAR-1")


def test_a_letter_that_is_refused_goes_to_the_next() -> None:
    network.network()
    network.confirmed(network.notice(email=""), "FORUM-1", "HOST-1")
    with post_office() as (port, post):
        post.refusals.append("550 no such mailbox")
        run_due(port=network.smtp(port))
        assert states() == {"FORUM-1": "undeliverable", "HOST-1": "dispatched", "REGISTRAR-1": "proposed"}
        assert len(to(post, HOST_DESK)) == 1
    assert not OutboxRow.objects.filter(kind="forward-news").exists(), "no address, no letter"


def test_a_late_answer_still_counts() -> None:
    network.network()
    network.confirmed(network.notice(), "FORUM-1", "HOST-1")
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        due = of("FORUM-1").due_at
        assert due is not None
        clock.tick(due)
        token = network.token_in(to(post, FORUM_DESK)[0])
    forward.record_answer(token=token, status="taken", door="link")
    assert states()["FORUM-1"] == "taken"


def test_taking_the_report_back_stops_everything() -> None:
    network.network()
    sent = network.notice()
    network.confirmed(sent, "FORUM-1", "HOST-1")
    withdraw_notice(access=network.access_of(sent))
    assert set(states().values()) == {"stopped"}
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        assert to(post, FORUM_DESK) == []
    with pytest.raises(Refused):
        network.confirmed(sent, "HOST-1")


def test_two_acts_that_crossed_are_caught_up_with() -> None:
    network.network()
    network.confirmed(network.notice(), "HOST-1")
    ForwardStatus.objects.filter(forward__handle="HOST-1").update(state="confirmed")
    OutboxRow.objects.filter(kind="forward-mail").delete()
    assert clock.tick()["forwards_sent"] == 1
    assert states()["HOST-1"] == "sending"


def test_a_letter_whose_sender_died_counts_as_undelivered() -> None:
    network.network()
    network.confirmed(network.notice(), "HOST-1")
    OutboxRow.objects.filter(kind="forward-mail").update(dead=True)
    assert clock.tick()["forwards_undelivered"] == 1
    assert states()["HOST-1"] == "undeliverable"


def test_the_time_to_answer_is_what_was_agreed(settings) -> None:
    settings.FN_ANSWER_HOURS = 99
    for handle in ("LIR-1", "USER-1"):
        register.contact(handle, f"abuse@{handle.lower()}.example")
    since = Terms(valid_from=date(2020, 1, 1), visibility="public")
    block, part = parse_resource("192.0.2.0/24"), parse_resource("192.0.2.64/26")
    delegate(actor_id=None, resource=block, holder="LIR-1", kind="allocation", terms=since)
    agreed = replace(since, answer_hours=12)
    delegate(actor_id=None, resource=part, holder="USER-1", giver="LIR-1", kind="lease", terms=agreed)
    making.notice("http://192.0.2.65/page")
    assert of("USER-1").forward.answer_hours == 12
    assert of("LIR-1").forward.answer_hours == 99
    making.notice("http://192.0.2.65/other", problem="intimate")
    assert ForwardStatus.objects.filter(forward__handle="USER-1").count() == 1, (
        "who uses an address may run the site"
    )


def test_machine_reports_go_out_by_standing_setting_with_nothing_but_place_and_kind(settings) -> None:
    network.network()

    def report(where: str, machine: bool) -> None:
        draft = NoticeDraft(
            items=[ItemDraft(where, "a note")],
            problem="phishing",
            why="A program saw it.",
            name="Reporting Desk",
            email="desk@reporter.example",
            source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
            good_faith=None if machine else True,
        )
        making.submit_notice(draft=draft, door="xarf", machine=machine)

    report(f"{PLACE}?1", True)
    settings.FN_FORWARD_MACHINE_REPORTS = True
    report(f"{PLACE}?2", False)
    assert set(ForwardStatus.objects.values_list("state", flat=True)) == {"proposed"}
    report(f"{PLACE}?3", True)
    assert ForwardStatus.objects.filter(state="sending").count() == 1
    assert ForwardConsent.objects.filter(given_by="standing").count() == 3
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        [letter] = to(post, FORUM_DESK)
    for kept in ("A program saw it", "a note", "Reporting Desk", "desk@reporter.example"):
        assert kept not in letter.as_string() and kept not in network.text_of(letter)


def test_what_is_ours_is_not_forwarded(settings) -> None:
    settings.FN_OWN_ORGANISATION = "FORUM-1"
    network.network()
    network.notice()
    assert not Forward.objects.exists()
    settings.FN_OWN_ORGANISATION = "HOST-1"
    making.notice(f"{PLACE}?2")
    assert states() == {"FORUM-1": "proposed"}, "our customer answers; nobody above us is asked"


def test_an_erased_notifier_is_not_forwarded_any_more() -> None:
    network.network()
    sent = network.notice()
    network.confirmed(sent, "FORUM-1", "HOST-1")
    keys.destroy(sent.notice.notifier_key)
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        assert post.taken() == []
    assert states()["FORUM-1"] == "undeliverable" and states()["HOST-1"] == "confirmed"
    assert forward_send.advance(sent.notice.items.get()) is None
    assert sealed.read("item", sent.notice.items.get().ref, "location") == PLACE
