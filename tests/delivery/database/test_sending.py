"""Statements into the database, over a real connection to a stand-in: once each, whatever breaks off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases import filing_leases, sealed
from fairnotice.cases.actions import filing as actions
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.models import Filing, FilingGate, Notice
from fairnotice.delivery.database import client, send_due, sending
from fairnotice.delivery.database.pace import Pace
from fairnotice.ledger.models import Event
from fairnotice.site import check_out
from tests.cases import making
from tests.delivery.database.standin import MOODS, Database, database

pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture
def there(settings: Settings, tmp_path: Path) -> Iterator[Database]:
    """The database, which the settings name."""
    settings.FN_DATA = tmp_path
    with database() as state:
        (tmp_path / "token").write_text(state.token + "\n", "utf-8")
        settings.FN_STATEMENTS = {
            "send": True,
            "url": state.url,
            "place": "sandbox",
            "token_file": "token",
        }
        yield state


def decided(count: int = 1, **changes: Any) -> list[Filing]:
    """So many decisions that took effect, and their rows."""
    reviewer = making.account(f"r{Filing.objects.count()}-{Event.objects.count()}", "reviewer")
    for number in range(count):
        place = f"https://forum.example.org/post/{Event.objects.count()}-{number}"
        making.decided(making.notice(place), reviewer, **changes)
    before = set(Filing.objects.values_list("pk", flat=True))
    actions.prepare(place="sandbox", now=timezone.now())
    return list(Filing.objects.exclude(pk__in=before).order_by("pk"))


def later(hours: float = 8) -> None:
    """Time passes: what waits is due, leases are over, and the gate is open again."""
    gone = timezone.now() - timedelta(seconds=1)
    Filing.objects.filter(state__in=("queued", "sending")).update(due_at=gone)
    Filing.objects.exclude(leased_until=None).update(leased_until=gone)
    FilingGate.objects.update(not_before=None)


def states() -> list[str]:
    return list(Filing.objects.order_by("pk").values_list("state", flat=True))


def settle(there: Database, rounds: int = 12) -> None:
    """Run until nothing waits any more."""
    for _ in range(rounds):
        later()
        send_due(timeout=5)
        if not Filing.objects.filter(state__in=("queued", "sending")).exists():
            return
    raise AssertionError(states())


def test_each_goes_once_with_a_random_identifier_that_no_notifier_holds(there: Database) -> None:
    made = decided(3)
    assert send_due().counts == {"sent": 3}
    assert len(there.calls) == 1 and states() == ["accepted"] * 3
    assert [one.puid for one in made] == there.puids
    by_puid = {one["puid"]: one["uuid"] for one in there.stored}
    for one in Filing.objects.all():
        assert one.uuid == by_puid[one.puid] and one.accepted_at
    known = {value for row in Notice.objects.values() for value in row.values() if isinstance(value, str)}
    assert not known & set(there.puids)
    [first, *_] = there.stored
    assert first["decision_facts"] == making.draft().facts and "who" not in first
    # A second round finds nothing, and asks nothing.
    asked = len(there.asked)
    assert send_due().counts == {} and len(there.asked) == asked
    assert Event.objects.filter(kind="filing.accepted").count() == 3


def test_no_action_is_never_sent_and_nothing_before_somebody_is_told(there: Database) -> None:
    assert decided(1) and send_due().counts == {"sent": 1}
    reviewer = making.account("another", "reviewer")
    making.decided(making.notice("https://forum.example.org/none"), reviewer, "NO_ACTION")
    letter = making.decided(making.notice("https://forum.example.org/l"), reviewer, reach=Reach("letter"))
    actions.prepare(place="sandbox", now=timezone.now())
    assert Filing.objects.count() == 1 and send_due().counts == {}
    letter.measures.get().status.statement  # noqa: B018 - nobody was told
    assert not Filing.objects.filter(decision=letter).exists()


def test_a_call_holds_so_many_at_most(there: Database) -> None:
    decided(5)
    call = filing_leases.take(2)
    assert call is not None and len(call.filings) == 2 and filing_leases.CALL == 100
    assert filing_leases.give_back(call) == 2
    assert send_due().counts == {"sent": 5}


def test_one_bad_statement_waits_with_what_was_said_and_the_others_go(
    there: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = decided(3)
    bad = made[1]
    real = there.store

    def store(call: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        places = [n for n, one in enumerate(call) if one["puid"] == bad.puid]
        if places:
            errors = {f"statement_{places[0]}": {"category": ["The selected category is invalid."]}}
            return 422, {"message": "The given data was invalid.", "errors": errors}
        return real(call)

    monkeypatch.setattr(there, "store", store)
    done = send_due()
    assert done.counts == {"refused": 1, "again": 2, "sent": 2}
    assert states() == ["accepted", "rejected", "accepted"]
    assert "category is invalid" in (sealed.read("filing", bad.ref, "said") or "")
    [event] = Event.objects.filter(kind="filing.rejected")
    assert "invalid" not in json.dumps(event.open)


def test_a_refusal_that_names_none_sends_each_alone(there: Database) -> None:
    decided(3)
    there.moods.append("unkeyed-422")
    assert send_due().counts == {"again": 3, "sent": 3}
    assert [len(call) for call in there.calls] == [1, 1, 1]
    there.moods.extend(["unkeyed-422"])
    decided(1)
    assert send_due().counts == {"refused": 1}


def test_a_call_that_is_too_large_goes_one_by_one_and_what_is_too_large_alone_waits(there: Database) -> None:
    decided(3)
    there.moods.extend(["413", "", "413"])
    assert send_due().counts == {"again": 3, "sent": 2, "refused": 1}
    assert sorted(states()) == ["accepted", "accepted", "rejected"]
    assert not any(one.startswith("GET") for one in there.asked), "nobody has to be asked"


@pytest.mark.parametrize("mood", ["drop-before", "drop-after", "500-before", "500-after", "garbage", "other-count",
                                  "slow-after", "redirect", "proxy-404", "html"])  # fmt: skip
def test_an_unclear_ending_is_asked_about_and_nothing_is_there_twice(there: Database, mood: str) -> None:
    decided(2)
    there.moods.append(mood)
    done = send_due(timeout=0.3 if mood == "slow-after" else 5)
    assert done.stopped == "unclear" and states() == ["sending"] * 2
    assert send_due().counts == {}, "it is not asked at once: a slow server may still be at work"
    settle(there)
    assert states() == ["accepted"] * 2
    assert sorted(there.puids) == sorted(Filing.objects.values_list("puid", flat=True))
    posts = [one for one in there.asked if one.startswith("POST")]
    stored_by_first = mood in ("drop-after", "500-after", "garbage", "other-count", "slow-after", "html")
    assert len(posts) == (1 if stored_by_first else 2)
    assert not [one for one in there.asked if "elsewhere" in one], "no redirect is followed"


def test_a_process_that_is_killed_between_call_and_answer_leaves_nothing_twice(
    there: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(2)

    def killed(*args: object, **kwargs: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(actions, "accepted", killed)
        with pytest.raises(SystemExit):
            send_due()
    assert len(there.stored) == 2 and states() == ["sending"] * 2
    assert send_due().counts == {}, "another one holds them until the lease is over"
    later()
    assert send_due().counts == {"known": 2}
    assert states() == ["accepted"] * 2 and len(there.stored) == 2


def test_identifiers_that_it_has_already_are_done_and_the_rest_goes(there: Database) -> None:
    made = decided(3)
    there.stored.append({"puid": made[0].puid, "uuid": "x"})
    assert send_due().counts == {"known": 1, "again": 2, "sent": 2}
    assert states() == ["accepted"] * 3
    assert Filing.objects.get(pk=made[0].pk).uuid == ""


@pytest.mark.parametrize("mood", ["401", "403"])
def test_a_token_that_is_not_taken_stops_everything_and_says_so(
    there: Database, mood: str, settings: Settings
) -> None:
    settings.FN_OPERATOR_REPORT_MAIL = ["me@example.org"]
    decided(2)
    there.moods.append(mood)
    done = send_due()
    assert done.stopped == "token" and states() == ["queued"] * 2 and there.stored == []
    asked = len(there.asked)
    assert send_due().stopped == "token" and len(there.asked) == asked, "it is not asked again"
    assert Event.objects.filter(kind="filing.stopped").count() == 1
    actions.go_on(actor=making.account("boss", "administrator"))
    assert send_due().counts == {"sent": 2}


def test_a_wrong_token_file_is_the_same(there: Database, tmp_path: Path) -> None:
    decided(1)
    (tmp_path / "token").write_text("99|wrong\n", "utf-8")
    assert send_due().stopped == "token" and there.stored == []
    (tmp_path / "token").write_text("two words\n", "utf-8")
    actions.go_on(actor=None)
    with pytest.raises(client.Misconfigured):
        send_due()


def test_what_was_decided_before_a_day_is_left_out(there: Database, settings: Settings) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    settings.FN_STATEMENTS = {**settings.FN_STATEMENTS, "since": tomorrow}
    assert decided(1) == []
    settings.FN_STATEMENTS = {**settings.FN_STATEMENTS, "since": tomorrow - timedelta(days=1)}
    assert sending.run().counts == {"sent": 1}


@pytest.mark.parametrize("wait", [9, "9" * 40, "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_too_fast_waits_as_long_as_it_says(there: Database, wait: int | str) -> None:
    decided(1)
    there.retry_after = wait
    there.moods.append("429")
    assert send_due().stopped == "wait" and states() == ["queued"]
    until = FilingGate.objects.get().not_before
    assert until is not None
    assert timedelta(seconds=5) < until - timezone.now() < timedelta(hours=7)
    asked = len(there.asked)
    assert send_due().stopped == "wait" and len(there.asked) == asked
    settle(there)
    assert states() == ["accepted"]


def test_an_answer_without_identifiers_goes_by_its_order(there: Database) -> None:
    there.shows_puid = False
    decided(3)
    assert send_due().counts == {"sent": 3}
    for one in there.stored:
        assert Filing.objects.get(puid=one["puid"]).uuid == one["uuid"]


def test_every_mood_in_every_order_ends_with_each_there_once(there: Database) -> None:
    decided(3)
    there.slow = 0.01
    there.moods.extend(mood for mood in (*MOODS, *reversed(MOODS)) if mood not in ("401", "403"))
    settle(there, rounds=60)
    assert set(states()) <= {"accepted", "rejected"}
    assert len(there.puids) == len(set(there.puids))
    accepted = Filing.objects.filter(state="accepted").values_list("puid", flat=True)
    assert set(there.puids) == set(accepted)


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds


def test_our_own_pace_keeps_to_both_limits() -> None:
    clock = Clock()
    pace = Pace(clock=clock, sleep=clock.sleep)
    begun = []
    for _ in range(12_000):
        pace.wait()
        begun.append(clock.now)
    for window, most in ((1.0, 200), (60.0, 12_000)):
        first = 0
        for last, at in enumerate(begun):
            while begun[first] <= at - window:
                first += 1
            assert last - first + 1 <= most
    assert 60 < clock.slept < 70


def test_the_stand_in_itself_turns_away_what_is_too_fast(there: Database) -> None:
    clock = Clock()
    there.clock, there.per_second, there.per_minute = clock, 3, 5
    allowed = 0
    for _ in range(3):
        while not there.over():
            allowed += 1
        clock.sleep(1.0)
    assert allowed == 5


def test_only_one_process_sends(there: Database) -> None:
    decided(1)
    with sending._alone() as ours:
        assert ours and send_due().stopped == "busy"
    assert send_due().counts == {"sent": 1}


def test_nothing_is_sent_while_it_is_off_or_to_another_address(there: Database, settings: Settings) -> None:
    decided(1)
    settings.FN_STATEMENTS = {**settings.FN_STATEMENTS, "send": False}
    assert sending.run().counts == {} and there.asked == []
    for url in ("http://192.0.2.1/api/v1", "https://user@example.org/api/v1", "", "ftp://127.0.0.1/"):
        settings.FN_STATEMENTS = {**settings.FN_STATEMENTS, "send": True, "url": url}
        with pytest.raises(client.Misconfigured):
            sending.run()
    assert there.asked == []
    settings.FN_STATEMENTS = {**settings.FN_STATEMENTS, "url": there.url}
    assert sending.run().counts == {"sent": 1}


def test_the_other_database_gets_its_own_identifiers(there: Database, settings: Settings) -> None:
    decided(1)
    send_due()
    settings.FN_STATEMENTS = {**settings.FN_STATEMENTS, "place": "production"}
    sending.run()
    assert len(set(there.puids)) == 2 and Filing.objects.count() == 2


def test_the_check_says_what_keeps_statements_back(there: Database, tmp_path: Path) -> None:
    (tmp_path / "token").chmod(0o400)
    assert list(check_out.statements()) == []
    (tmp_path / "token").chmod(0o644)
    assert [one.mend for one in check_out.statements()] == [f"Run: chmod 0400 {tmp_path / 'token'}"]
    (tmp_path / "token").unlink()
    actions.stop_all(why="token")
    assert [one.level for one in check_out.statements()] == ["error", "error"]
