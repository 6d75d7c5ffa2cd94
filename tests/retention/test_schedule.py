"""What time erases: each kind on its day, not before, and never what somebody still needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.cases import codes
from fairnotice.cases.actions import erase, hold, own_data, receive, received_desk, retention, withdraw
from fairnotice.cases.errors import Invalid, NotFound, Refused
from fairnotice.cases.models import AccessCode, Case, Erasure, ErasureOpen, Hold, Notice, Received
from fairnotice.cases.queries import retention as queries
from fairnotice.law.retention import BULK, GAP, SCHEDULE, jumped, refuses, schedule
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.ledger.proofs import proof_for
from fairnotice.ledger.sequencer import run_once
from fairnotice.vault import keys
from fairnotice.vault.models import Key
from tests.cases import making
from tests.retention.gone import closed, sealed_fields, whole

pytestmark = pytest.mark.usefixtures("fn_db")
DAY = timedelta(days=1)


def alive(*key_ids: str) -> int:
    return Key.objects.filter(id__in=key_ids, destroyed_at=None).count()


def test_nothing_goes_before_its_time_and_all_goes_in_it() -> None:
    made = whole()
    notice = made.submitted.notice
    contact = notice.contact_key
    retention.run()
    assert not Erasure.objects.exclude(what="appeal").exists()
    assert {"notice.email", "notice.name", "notice.why", "case.location"} <= sealed_fields()
    over = closed(made)
    made.case.refresh_from_db()
    address = made.case.contact_key
    assert alive(contact, address) == 2
    retention.run(now=over)
    # The time for appeal is over: nobody has to be written to any more.
    assert alive(contact, address) == 0
    assert not {"notice.email", "notice.name", "decision.email", "appeal.reasons"} & sealed_fields()
    assert {"notice.why", "item.location", "case.location", "decision.facts"} <= sealed_fields()
    assert codes.find(made.submitted.code) is not None
    step = over
    for day in (60, 120, 180, 182):
        step = over + timedelta(days=day)
        retention.run(now=step)
    assert {"notice.why", "case.location"} <= sealed_fields()
    retention.run(now=over + timedelta(days=183))
    assert sealed_fields() == set()
    notice.refresh_from_db()
    assert alive(notice.notifier_key, notice.items_key, made.case.subject_key, made.appeal.key_id) == 0
    assert notice.erased_at is not None
    assert codes.find(made.submitted.code) is None
    assert not AccessCode.objects.exists()
    assert Case.objects.get(pk=made.case.pk).item_key is None
    assert notice.items.get().item_key is None
    assert not OutboxRow.objects.filter(sealed__isnull=False, done_at=None).exclude(
        kind__startswith="measure"
    )
    assert not ErasureOpen.objects.exists()


def test_the_log_says_what_went_and_proves_the_rest() -> None:
    made = whole()
    over = closed(made)
    retention.run(now=over)
    retention.run(now=over + timedelta(days=2))
    Hold.objects.all().delete()
    for day in range(4, 190, 3):
        retention.run(now=over + timedelta(days=day))
    said = {event.open["what"]: event for event in Event.objects.filter(kind="erasure")}
    assert set(said) == {"contact", "affected-contact", "appeal", "notice", "case"}
    assert all(event.clear_type == "erasure" for event in said.values())
    assert said["notice"].open["by"] == "schedule"
    assert said["notice"].follows == made.submitted.notice.event.record
    assert "notice.why" in said["notice"].open["fields"]
    run_once()
    first = made.submitted.notice.event
    assert proof_for(first) is not None
    # The commitment outlives the words, and nothing opens it any more.
    assert first.commitment("why") == bytes(made.submitted.notice.why_commitment)
    assert first.length("why") > 0


def test_a_hold_keeps_all_of_its_case_until_its_day() -> None:
    made = whole()
    senior = making.account("a senior reviewer", "senior_reviewer")
    over = closed(made)
    until = timezone.localdate() + timedelta(days=300)
    hold.begin(
        first=made.reviewer.user_id,
        actor=senior,
        case_ref=made.case.ref,
        reason="court",
        until=until,
        words="The district court asked for it.",
    )
    for day in range(0, 100, 3):
        retention.run(now=over + timedelta(days=day))
    assert {"notice.email", "decision.email", "notice.why"} <= sealed_fields()
    with pytest.raises(Refused):
        erase.erase(what="notice", ref=made.submitted.notice.ref)
    with pytest.raises(Refused):
        hold.begin(
            first=made.reviewer.user_id,
            actor=senior,
            case_ref=made.case.ref,
            reason="court",
            until=until,
            words="Again.",
        )
    hold.end(actor=senior, hold_ref=Hold.objects.get().ref)
    retention.run(now=over + timedelta(days=101))
    assert "notice.email" not in sealed_fields()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "because"},
        {"until": timezone.localdate()},
        {"until": timezone.localdate() + timedelta(days=400)},
        {"words": "  "},
    ],
)
def test_a_hold_without_reason_end_or_words_is_none(wrong: dict[str, object]) -> None:
    made = making.notice()
    senior = making.account("a senior reviewer", "senior_reviewer")
    values = {"reason": "court", "until": timezone.localdate() + DAY, "words": "A court asked.", **wrong}
    with pytest.raises(Invalid):
        hold.begin(first=0, actor=senior, case_ref=making.case_of(made).ref, **values)  # type: ignore[arg-type]


def test_one_person_puts_no_hold() -> None:
    made = making.notice()
    senior = making.account("a senior reviewer", "senior_reviewer")
    with pytest.raises(Refused):
        hold.begin(
            first=senior.user_id,
            actor=senior,
            case_ref=making.case_of(made).ref,
            reason="court",
            until=timezone.localdate() + DAY,
            words="A court asked.",
        )


def test_what_was_taken_back_before_anybody_decided_goes_sooner() -> None:
    made = making.notice(name="Name", email="notifier@example.org")
    access = codes.find(made.code)
    assert access is not None
    withdraw.withdraw_notice(access=access)
    now = timezone.now()
    retention.run(now=now)
    assert not {"notice.name", "notice.email"} & sealed_fields()
    for day in range(3, 30, 3):
        retention.run(now=now + timedelta(days=day))
    assert "notice.why" in sealed_fields()
    retention.run(now=now + timedelta(days=31))
    assert not any(name.startswith(("notice.", "item.")) for name in sealed_fields())


def test_a_message_that_became_nothing_goes_a_month_after_it_was_dismissed() -> None:
    reviewer = making.account("a reviewer", "reviewer")
    received, _new = receive.receive(door="mail", raw=b"From: a@example.org\n\nnothing")
    receive.settle_waiting(received=received, reason="no-words")
    received_desk.dismiss(actor=reviewer, received_ref=received.ref, why="Advertising.")
    now = timezone.now()
    retention.run(now=now)
    for day in range(3, 30, 3):
        retention.run(now=now + timedelta(days=day))
    assert "received.raw" in sealed_fields()
    retention.run(now=now + timedelta(days=31))
    assert sealed_fields() == set()
    kept = Received.objects.get()
    assert kept.erased_at is not None
    assert bytes(kept.key_mac) != bytes(received.key_mac)


def test_a_notice_in_a_running_case_is_never_due() -> None:
    made = making.notice(name="Name", email="notifier@example.org")
    far = timezone.now() + timedelta(days=4000)
    assert not [one for one in queries.due(far) if one.ref == made.notice.ref]
    with pytest.raises(Refused):
        erase.erase(what="notice", ref=made.notice.ref)


def test_after_a_jump_of_the_clock_much_waits_for_a_person() -> None:
    admin = making.account("an administrator", "administrator")
    for number in range(BULK + 1):
        made = making.notice(f"https://forum.example.org/post/{number}", name="Name")
        access = codes.find(made.code)
        assert access is not None
        withdraw.withdraw_notice(access=access)
    now = timezone.now()
    assert retention.run(now=now).erased == BULK + 1, "names"
    # Notices and their cases.
    assert retention.run(now=now + timedelta(days=3650)).waiting == 2 * (BULK + 1)
    assert retention.run(now=now - timedelta(hours=2)).waiting == 0, "nothing is due at that time"
    assert "notice.why" in sealed_fields()
    assert retention.clock_is_right(actor=admin, now=now + timedelta(days=3650))
    assert retention.run(now=now + timedelta(days=3650)).erased == 2 * (BULK + 1)
    assert "notice.why" not in sealed_fields()


def test_what_was_cut_off_is_finished_by_the_next_run() -> None:
    made = making.notice(name="Name", email="notifier@example.org")
    access = codes.find(made.code)
    assert access is not None
    withdraw.withdraw_notice(access=access)
    # Killed after the first half: the rows are gone, the keys are there.
    erase.begin(what="notice", ref=made.notice.ref)
    assert alive(made.notice.notifier_key) == 1
    assert ErasureOpen.objects.count() == 1
    assert retention.run().completed == 1
    assert alive(made.notice.notifier_key, made.notice.items_key) == 0
    assert not ErasureOpen.objects.exists()
    with pytest.raises(NotFound):
        erase.erase(what="notice", ref=made.notice.ref)


def test_an_older_copy_of_the_database_forgets_again() -> None:
    made = making.notice(name="Name", email="notifier@example.org")
    notice = made.notice
    keys.destroy_many([notice.notifier_key, notice.items_key, notice.contact_key])
    assert "notice.why" in sealed_fields()
    assert erase.forget_destroyed() > 0
    assert not any(name.startswith("notice.") for name in sealed_fields())
    notice.refresh_from_db()
    assert notice.erased_at is not None
    assert codes.find(made.code) is None
    assert notice.items.get().item_key is None


@given(
    last=st.integers(0, 10**6).map(lambda hours: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    later=st.integers(-400, 400),
    due=st.integers(0, 100),
)
def test_a_bulk_waits_if_and_only_if_the_clock_may_have_jumped(last: datetime, later: int, due: int) -> None:
    now = last + timedelta(hours=later)
    assert jumped(last, now) == (later < 0 or timedelta(hours=later) > GAP)
    assert refuses(last, now, due) == (due > BULK and jumped(last, now))
    assert not refuses(None, now, due)


def test_the_schedule_takes_only_days_that_it_allows() -> None:
    assert schedule({"notice": 90})["notice"] == 90
    for rule in SCHEDULE:
        assert schedule({})[rule.kind] == rule.days <= rule.longest
        for wrong in (-1, rule.longest + 1):
            with pytest.raises(ValueError, match=rule.kind):
                schedule({rule.kind: wrong})
    with pytest.raises(ValueError, match="no kind"):
        schedule({"everything": 3})


def test_two_people_say_yes_to_a_request_and_one_says_no() -> None:
    first = making.account("a senior reviewer", "senior_reviewer")
    second = making.account("another senior reviewer", "senior_reviewer")
    made = making.notice(name="Name", email="notifier@example.org")
    access = codes.find(made.code)
    assert access is not None
    asked = own_data.ask(access=access, words="I want all of it gone.")
    with pytest.raises(Refused):
        own_data.ask(access=access, words="")
    with pytest.raises(Refused):  # somebody has still to be heard
        own_data.grant(actor=first, request_ref=asked.ref)
    refusal = own_data.Refusal("case-runs", "Please take your report back first.")
    own_data.refuse(actor=first, request_ref=asked.ref, refusal=refusal)
    withdraw.withdraw_notice(access=access)
    asked = own_data.ask(access=access, words="")
    own_data.grant(actor=first, request_ref=asked.ref)
    with pytest.raises(Refused):
        own_data.confirm(actor=first, request_ref=asked.ref)
    assert "notice.why" in sealed_fields()
    own_data.confirm(actor=second, request_ref=asked.ref)
    assert not {"notice.why", "item.location", "erasure-request.words"} & sealed_fields()
    erasure = Erasure.objects.get(what="notice")
    assert (erasure.ground, erasure.decided_by_id, erasure.second_id) == (
        "request",
        first.user_id,
        second.user_id,
    )
    assert Notice.objects.get().erased_at is not None


def test_name_and_address_go_at_once_on_ones_own_wish() -> None:
    made = making.notice(name="Name", email="notifier@example.org")
    access = codes.find(made.code)
    assert access is not None
    own_data.forget_contact(access=access)
    assert not {"notice.name", "notice.email"} & sealed_fields()
    assert "notice.why" in sealed_fields()
    assert codes.find(made.code) is not None
    with pytest.raises(NotFound):
        own_data.forget_contact(access=access)


def test_a_correction_is_added_and_goes_with_the_notice() -> None:
    made = making.notice()
    access = codes.find(made.code)
    assert access is not None
    with pytest.raises(Invalid):
        own_data.correct(access=access, words=" ")
    own_data.correct(access=access, words="It was the third paragraph.")
    assert {"notice.why", "correction.words"} <= sealed_fields()
    withdraw.withdraw_notice(access=access)
    erase.erase(what="notice", ref=made.notice.ref)
    assert "correction.words" not in sealed_fields()


def test_one_that_fails_keeps_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    refs = []
    for number in range(3):
        made = making.notice(f"https://forum.example.org/post/{number}")
        access = codes.find(made.code)
        assert access is not None
        withdraw.withdraw_notice(access=access)
        refs.append(made.notice.ref)
    real = erase.begin

    def begin(**call: object) -> Erasure:
        if call["ref"] == refs[1]:
            raise RuntimeError("broken")
        return real(**call)  # type: ignore[arg-type]

    monkeypatch.setattr(erase, "begin", begin)
    with pytest.raises(RuntimeError, match="broken"):
        erase.erase_each([("notice", ref) for ref in refs], now=timezone.now())
    assert list(Notice.objects.order_by("pk").values_list("erased_at", flat=True)).count(None) == 1
