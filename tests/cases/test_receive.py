"""What comes in is kept whole before anybody reads it, and nothing of it is lost or taken twice."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from fairnotice.cases import sealed
from fairnotice.cases.actions import housekeeping, receive, received_desk
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import Notice, Received, SealedValue
from fairnotice.cases.permissions import Forbidden
from fairnotice.intake import reading
from fairnotice.intake.reading_types import Reading
from fairnotice.ledger.models import Event, OutboxRow
from tests.cases import making
from tests.cases.received_acts import DRAFT, arrived, held, waiting

pytestmark = pytest.mark.usefixtures("fn_db")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000))
def test_any_bytes_are_kept_as_they_came(raw: bytes) -> None:
    received = arrived(raw)
    assert receive.raw_of(received) == raw
    assert bytes(received.sha256) == hashlib.sha256(raw).digest() and received.size == len(raw)


def test_of_what_is_too_long_the_beginning_is_kept_and_the_hash_of_all(monkeypatch) -> None:
    monkeypatch.setattr(receive, "MAX_KEPT", 10)
    received = arrived(b"0123456789abc")
    assert receive.raw_of(received) == b"0123456789" and not received.whole and received.size == 13
    assert bytes(received.sha256) == hashlib.sha256(b"0123456789abc").digest()


def test_the_same_thing_at_the_same_door_is_one() -> None:
    first, again = receive.receive(door="mail", raw=b"one")
    assert not again
    assert receive.receive(door="mail", raw=b"one") == (first, True)
    assert receive.receive(door="mastodon", raw=b"one")[0] != first
    assert receive.receive(door="mastodon", raw=b"two", key="7") != receive.receive(door="mastodon", raw=b"x")
    assert receive.receive(door="mastodon", raw=b"other words", key="7")[1]
    assert Event.objects.filter(kind="message.received").count() == Received.objects.count()


def test_a_door_nobody_knows_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="no door"):
        receive.receive(door="window", raw=b"")


def test_nothing_of_it_is_stored_in_the_clear() -> None:
    received = arrived(b"From: sentinel-sender@example.org", envelope={"from": "sentinel-envelope"})
    receive.settle_waiting(received=received, reason="invalid", draft=DRAFT, detail="sentinel-detail")
    stored = b"".join(bytes(blob) for blob in SealedValue.objects.values_list("blob", flat=True))
    rows = repr(list(Received.objects.values())) + repr(list(Event.objects.values()))
    for word in ("sentinel-sender", "sentinel-envelope", "sentinel-detail", "notifier@example.org"):
        assert word.encode() not in stored and word not in rows
    assert receive.draft_of(received) == DRAFT
    assert receive.envelope_of(received) == {"from": "sentinel-envelope"}


def _reads(monkeypatch, answer) -> None:
    def reader(raw: bytes, envelope: dict[str, object]) -> Reading:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(reading.READERS, "mail", reader)


def test_a_whole_notice_is_one_at_once_and_its_sender_gets_a_code(monkeypatch) -> None:
    _reads(monkeypatch, Reading("notice", "mail", DRAFT, machine=True, receipt_to="notifier@example.org"))
    received = arrived()
    assert reading.read_waiting() == 1 and reading.read_waiting() == 0
    received.refresh_from_db()
    assert received.state == "taken" and received.notice == Notice.objects.get()
    assert OutboxRow.objects.get(kind="notice-received").ref == received.notice.ref


def test_a_notice_with_a_fault_waits_for_a_person_with_its_words(monkeypatch) -> None:
    bad = Reading("notice", "xarf", making.NoticeDraft(items=DRAFT.items, problem="defamation"), machine=True)
    _reads(monkeypatch, bad)
    received = arrived()
    reading.read_waiting()
    received.refresh_from_db()
    assert (received.state, received.reason, Notice.objects.count()) == ("waiting", "invalid", 0)
    assert receive.draft_of(received) == bad.draft
    assert "why:" in str(sealed.read("received", received.ref, "detail"))


def test_what_breaks_its_reader_waits_for_a_person_after_three_tries(monkeypatch, caplog) -> None:
    _reads(monkeypatch, RuntimeError("sentinel in an exception"))
    received = arrived()
    for state in ("new", "new", "waiting"):
        reading.read_waiting()
        received.refresh_from_db()
        assert received.state == state
    assert received.reason == "failed" and "sentinel" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Reading("automatic", "mail"), "filed"),
        (Reading("bounce", "mail"), "filed"),
        # It looks like an answer, and answers nothing of ours.
        (Reading("reply", "mail", DRAFT, reason="answer"), "waiting"),
        (Reading("pass_on", "xarf", detail="a scan"), "passed_on"),
        (Reading("draft", "mail", DRAFT, reason="no-place"), "waiting"),
    ],
)
def test_each_reading_is_settled(monkeypatch, settings, answer: Reading, state: str) -> None:
    settings.FN_PASS_ON_TO = "network@example.org"
    _reads(monkeypatch, answer)
    received = arrived()
    reading.read_waiting()
    received.refresh_from_db()
    assert received.state == state and not Notice.objects.exists()


def test_a_person_makes_a_notice_of_it_once() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("s", "reviewer")
    received = waiting()
    with pytest.raises(Invalid):
        received_desk.take_draft(
            actor=reviewer, received_ref=received.ref, draft=making.NoticeDraft(problem="defamation")
        )
    sent = received_desk.take_draft(actor=reviewer, received_ref=received.ref, draft=DRAFT)
    assert sent.notice.door == "mail" and sent.notice.event.actor_id == reviewer.user_id
    with pytest.raises((Refused, Conflict)):
        received_desk.take_draft(actor=other, received_ref=received.ref, draft=DRAFT)
    assert Notice.objects.count() == 1


def test_what_was_put_away_can_be_taken_up_again_and_quarantine_opens() -> None:
    reviewer = making.account("r", "reviewer")
    received = waiting()
    with pytest.raises(Invalid):
        received_desk.dismiss(actor=reviewer, received_ref=received.ref, why=" ")
    received_desk.dismiss(actor=reviewer, received_ref=received.ref, why="It is an advert.")
    assert received_desk.release(actor=reviewer, received_ref=received.ref).state == "waiting"
    kept = receive.receive(door="mail", raw=b"another")[0]
    receive.settle_held(received=kept, reason="flood")
    assert received_desk.release(actor=reviewer, received_ref=kept.ref).state == "new"


@pytest.mark.parametrize("role", ["publisher", "administrator", "auditor", "appeals_reviewer"])
def test_who_may_not_settle_it_does_not(role: str) -> None:
    actor, received = making.account(role, role), held()
    with pytest.raises(Forbidden):
        received_desk.release(actor=actor, received_ref=received.ref)
    with pytest.raises(NotFound):
        received_desk.release(actor=making.account("r", "reviewer"), received_ref="ABSENT")


def test_what_may_hold_pictures_of_children_is_kept_for_less_than_a_day() -> None:
    about_a_child = replace(DRAFT, problem="child-abuse", email="")
    taken, draft, other = arrived(b"a"), arrived(b"b"), arrived(b"c")
    receive.settle_notice(received=taken, draft=about_a_child, machine=True)
    receive.settle_waiting(received=draft, reason="invalid", draft=about_a_child)
    receive.settle_waiting(received=other, reason="invalid", draft=DRAFT)
    assert housekeeping.forget_files() == 0
    later = timezone.now() + timedelta(hours=23)
    assert housekeeping.forget_files(now=later) == 2 and housekeeping.forget_files(now=later) == 0
    assert [receive.raw_of(one) for one in (taken, draft, other)] == [b"", b"", b"c"]
    assert bytes(taken.sha256) == hashlib.sha256(b"a").digest() and receive.draft_of(draft) == about_a_child


def test_a_mail_that_is_no_notice_is_kept_whole_for_the_days_of_the_setting(settings: Settings) -> None:
    settings.FN_MAIL_ORIGINAL_DAYS = 5
    unset = replace(DRAFT, problem="")
    reviewer = making.account("r", "reviewer")
    nobody_chose, put_away, automatic, taken, unread, quarantined = (
        arrived(one) for one in (*[b"%d" % n for n in range(6)],)
    )
    receive.settle_waiting(received=nobody_chose, reason="needs-a-person", draft=unset)
    receive.settle_waiting(received=put_away, reason="needs-a-person", draft=unset)
    received_desk.dismiss(actor=reviewer, received_ref=put_away.ref, why="It is an advert.")
    receive.settle_filed(received=automatic, format="mail")
    receive.settle_notice(received=taken, draft=DRAFT, machine=True)
    receive.settle_held(received=quarantined, reason="flood")
    assert housekeeping.forget_originals(now=timezone.now() + timedelta(days=4)) == 0
    later = timezone.now() + timedelta(days=5, minutes=1)
    assert housekeeping.forget_originals(now=later) == 3 and housekeeping.forget_originals(now=later) == 0
    gone, kept = (nobody_chose, put_away, automatic), (taken, unread, quarantined)
    assert [receive.raw_of(one) for one in gone] == [b""] * 3
    assert all(receive.raw_of(one) for one in kept), (
        "a notice has a clock of its own; nobody has read the others"
    )
    assert receive.draft_of(nobody_chose).why == unset.why
    assert bytes(nobody_chose.sha256) == hashlib.sha256(b"0").digest()
