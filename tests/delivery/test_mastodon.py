"""Decisions at a Mastodon server that keeps state: done, seen to be done, undone, and the report closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fairnotice.cases import sealed, services
from fairnotice.cases.actions import clock, confirm, effect, review
from fairnotice.cases.models import Case, Decision, Measure, MeasureStatus
from fairnotice.cases.permissions import REVIEWER, SENIOR
from fairnotice.delivery.runner import run_due
from fairnotice.intake.fediverse.pull import pull
from fairnotice.intake.reading import read_waiting
from fairnotice.ledger.models import Event, OutboxRow
from tests.cases import making
from tests.intake.fediverse.conftest import nothing_remembered, secret_file, social
from tests.intake.fediverse.mastodon_server import Mastodon

__all__ = ["nothing_remembered", "secret_file", "social"]  # fixtures
pytestmark = pytest.mark.usefixtures("fn_db")
SUSPENDED = "DECISION_ACCOUNT_SUSPENDED"
REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED"
LABELLED = "DECISION_VISIBILITY_CONTENT_LABELLED"


def cases(server: Mastodon, *posts: str, number: str = "61") -> list[Case]:
    """A report came in and became a notice; its cases."""
    server.add_report(number, posts)
    found = services.service_named("social")
    assert found is not None
    assert pull(found) == 1
    read_waiting()
    server.asked.clear()
    return list(Case.objects.filter(items__notice__received__isnull=False).distinct().order_by("id"))


def decide(case: Case, *kinds: str, **changes: Any) -> Decision:
    """Decided, confirmed where it has to be, and told: its measures are in force."""
    reviewer = making.account(f"reviewer{case.pk}", REVIEWER)
    if SUSPENDED in kinds:
        rests_on = making.decided(making.notice(f"https://forum.example.org/post/{case.pk}"), reviewer)
        changes = {"other_items": [rests_on.case.ref], **changes}
    decision = making.decided_case(case, reviewer, *kinds, **changes)
    if decision.status.state == "proposed":
        confirm.confirm(actor=making.account(f"senior{case.pk}", SENIOR), decision_ref=decision.ref)
    return decision


def status_of(decision: Decision) -> MeasureStatus:
    return MeasureStatus.objects.get(measure__decision=decision)


def send() -> None:
    OutboxRow.objects.filter(done_at=None, dead=False).update(due_at=timezone.now() - timedelta(seconds=1))
    run_due()


def suspended(server: Mastodon) -> bool:
    return bool(server.accounts["100200"]["suspended"])


def end(decision: Decision) -> None:
    """Its review date passes."""
    day = Measure.objects.get(decision=decision).review
    assert day is not None
    clock.expire_measures(now=timezone.now() + timedelta(days=200))


def note(decision: Decision) -> str:
    return sealed.read("measure", Measure.objects.get(decision=decision).ref, "effect_note") or ""


def test_an_account_is_suspended_confirmed_restored_and_its_report_closed(social) -> None:
    (case,) = cases(social)
    decision = decide(case, SUSPENDED)
    assert status_of(decision).effect == "pending"
    assert social.done() == []
    send()
    assert suspended(social)
    assert social.done()[0] == "POST /api/v1/admin/accounts/100200/action"
    assert social.sent[0] == {"type": "suspend", "send_email_notification": False, "report_id": "61"}
    assert status_of(decision).effect == "confirmed"
    assert "Looked up at the server" in note(decision)
    assert social.report("61")["action_taken"] is True
    event = Event.objects.filter(kind="measure.effect").get()
    assert (event.open["effect"], event.open["by"]) == ("confirmed", "software")

    end(decision)
    assert status_of(decision).effect == "restoring"
    send()
    assert not suspended(social)
    assert status_of(decision).effect == "restored"


def test_a_post_is_marked_and_the_mark_taken_off(social) -> None:
    (case,) = cases(social, "771")
    decision = decide(case, LABELLED)
    send()
    assert social.posts["771"]["sensitive"] is True
    assert social.accounts["100200"]["sensitized"] is False
    assert status_of(decision).effect == "confirmed"
    end(decision)
    send()
    assert (social.posts["771"]["sensitive"], status_of(decision).effect) == (False, "restored")


def test_a_post_is_removed_and_cannot_be_put_back(social) -> None:
    (case,) = cases(social, "772")
    decision = decide(case, REMOVED)
    send()
    assert "772" not in social.posts
    assert status_of(decision).effect == "confirmed"
    end(decision)
    send()
    assert status_of(decision).effect == "restore_failed"
    assert "cannot be put back" in note(decision)


def test_where_single_posts_cannot_be_told_about_a_person_is_asked(social, settings) -> None:
    settings.FN_SERVICES = [{**settings.FN_SERVICES[0], "post_api": False}]
    (case,) = cases(social, "773")
    decision = decide(case, REMOVED)
    send()
    assert ("773" in social.posts, status_of(decision).effect) == (True, "failed")
    assert "by hand" in note(decision)
    actor = making.account("somebody", REVIEWER)
    effect.report_effect(
        measure_ref=Measure.objects.get(decision=decision).ref, effect="confirmed", actor=actor
    )
    assert status_of(decision).effect == "confirmed"


def test_a_measure_about_a_post_never_falls_on_the_account(social) -> None:
    (case,) = cases(social, "774")
    decision = decide(case, "DECISION_VISIBILITY_CONTENT_DISABLED")
    send()
    assert [one for one in social.done() if "accounts" in one] == []
    assert social.posts["774"]["sensitive"] is False
    assert status_of(decision).effect == "failed"


def test_a_report_about_two_posts_is_closed_with_the_second(social) -> None:
    first, second = cases(social, "775", "776")
    decide(first, "NO_ACTION")
    send()
    assert social.report("61")["action_taken"] is False
    decide(second, LABELLED)
    send()
    assert social.report("61")["action_taken"] is True
    assert (social.posts["775"]["sensitive"], social.posts["776"]["sensitive"]) == (False, True)


def test_a_decision_without_action_closes_the_report_and_does_nothing_else(social) -> None:
    (case,) = cases(social, "777")
    decide(case, "NO_ACTION")
    send()
    assert social.done() == ["POST /api/v1/admin/reports/61/resolve"]


def test_a_case_that_is_opened_again_opens_its_report(social) -> None:
    from fairnotice.cases.steps import reopen_case

    (case,) = cases(social, "778")
    decide(case, "NO_ACTION")
    send()
    case.refresh_from_db()
    reopen_case(case)
    send()
    assert social.report("61")["action_taken"] is False


@pytest.mark.parametrize(
    ("broken", "words"),
    [(500, "busy"), (403, "token"), (422, "refused"), ("forget", "does not show it")],
)
def test_what_does_not_work_is_said_at_the_desk(social, broken, words) -> None:
    (case,) = cases(social)
    decision = decide(case, SUSPENDED)
    row = OutboxRow.objects.get(kind=services.EFFECT)
    for _try in range(3):
        # The first request looks how it is; the second does it.
        social.broken = [None, broken, None] if broken in (422, "forget") else [broken]
        OutboxRow.objects.filter(kind=services.REPORT).update(done_at=timezone.now(), sealed=None)
        send()
    row.refresh_from_db()
    assert not suspended(social)
    assert status_of(decision).effect == "failed"
    assert words in note(decision)
    assert "mail.example.org" not in note(decision)
    if row.dead:
        return
    social.broken = []
    send()
    assert status_of(decision).effect == "confirmed"


def test_a_server_that_is_away_is_tried_again(social, settings) -> None:
    (case,) = cases(social)
    settings.FN_SERVICES = [{**settings.FN_SERVICES[0], "url": social.url}]
    decision = decide(case, SUSPENDED)
    social.broken = [503]
    send()
    assert status_of(decision).effect == "pending"
    send()
    assert status_of(decision).effect == "confirmed"


def test_what_is_so_already_is_confirmed_without_doing_it_again(social) -> None:
    (case,) = cases(social)
    social.accounts["100200"]["suspended"] = True
    decision = decide(case, SUSPENDED)
    send()
    assert status_of(decision).effect == "confirmed"
    assert not any("action" in one for one in social.done())


def test_a_measure_that_ended_meanwhile_is_not_carried_out(social) -> None:
    (case,) = cases(social)
    decision = decide(case, SUSPENDED)
    end(decision)
    send()
    assert not suspended(social)
    assert not any("action" in one for one in social.done())
    assert status_of(decision).effect == "restored"


def test_ending_one_measure_leaves_another_on_the_same_account(social) -> None:
    first, second = cases(social, "781", "782")
    one, other = decide(first, SUSPENDED), decide(second, SUSPENDED)
    send()
    senior = making.account("a senior", SENIOR)
    review.review_measure(
        actor=senior,
        measure_ref=Measure.objects.get(decision=one).ref,
        keep_until=None,
        reason="It was too much.",
    )
    send()
    assert status_of(one).effect == "restored"
    assert "Another measure" in note(one)
    assert suspended(social)
    assert status_of(other).effect == "confirmed"
    end(other)
    send()
    assert not suspended(social)


@pytest.mark.parametrize("place", ["/@holder/791", "/users/holder/statuses/791?x=1", "/@holder#top"])
def test_an_item_that_somebody_reported_here_is_found_by_its_address(social, place) -> None:
    social.add_report("1", ("791",))
    submitted = making.notice(f"{social.url}{place}")
    decision = decide(making.case_of(submitted), SUSPENDED)
    send()
    assert suspended(social)
    assert status_of(decision).effect == "confirmed"


def test_nobody_else_is_ever_asked(social) -> None:
    submitted = making.notice("https://elsewhere.example.org/@holder/1")
    decide(making.case_of(submitted), SUSPENDED)
    assert not OutboxRow.objects.filter(kind__startswith="mastodon").exists()


def test_an_account_that_is_gone_is_for_a_person_to_look_at(social) -> None:
    (case,) = cases(social)
    decision = decide(case, SUSPENDED)
    del social.accounts["100200"]
    send()
    assert status_of(decision).effect == "failed"
    assert "knows no such account" in note(decision)


def test_the_operator_chooses_what_a_measure_does_to_an_account(social, settings) -> None:
    settings.FN_SERVICES = [{**settings.FN_SERVICES[0], "actions": {SUSPENDED: "disable"}}]
    (case,) = cases(social)
    decide(case, SUSPENDED)
    send()
    holder = social.accounts["100200"]
    assert (holder["disabled"], holder["suspended"]) == (True, False)
