"""A new year: the old log is closed for good, and everything in it stays provable."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Model
from django.utils import timezone

from fairnotice.ledger import keys, logs, rollover, sequencer
from fairnotice.ledger.append import append
from fairnotice.ledger.evidence import build
from fairnotice.ledger.models import CheckpointRow, Edge, Event, Log, LogEntry
from fairnotice.ledger.promises import promise_for
from fairnotice.ledger.publishing import LogAhead, log_dir, published
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.notes import Verifier
from fairnotice.translog.promise import open_promise

YEAR = datetime.now(UTC).year


def at(year):
    """A moment of that year, some minutes after its beginning."""
    return datetime(year, 1, 1, 0, 5, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """Sets the clock that the program reads to a year; the events' own times follow it."""

    def turn(year):
        monkeypatch.setattr(timezone, "now", lambda: at(year))

    return turn


@pytest.fixture
def closed(event, clock):
    """A year with two entries and one more that waits, and then the next year's first round."""
    first = [event("one"), event("two")]
    sequencer.run_once()
    first.append(event("waits"))
    clock(YEAR + 1)
    sequencer.run_once()
    return first


def event_at(log, index):
    """The event that stands at this place."""
    found = log.entries.get(index=index).event
    assert found is not None
    return found


def size_of(log):
    """Entries in the published checkpoint."""
    seen = published(log)
    assert seen is not None
    return seen.size


def opened(event):
    return {path: event.opening(path).value for path in event.open}


def test_the_old_log_ends_with_the_name_of_the_new_and_the_new_begins_with_its_root(closed):
    old, new = logs.everyone()
    assert (old.year, new.year, old.frozen, new.frozen) == (YEAR, YEAR + 1, True, False)
    assert logs.current() == new
    report = tree_check(log_dir(old), keys.vkey(old))
    assert (report.size, report.origin) == (4, f"log.example.org/log/{YEAR}")
    assert old.final_size == 4
    last = event_at(old, 3)
    assert last.clear_type == "log.closed"
    assert b'"t":"log.closed"' in bytes(last.leaf)
    assert opened(last) == {"log": old.origin, "next": new.origin}
    begin = event_at(new, 0)
    assert opened(begin) == {
        "log": new.origin,
        "before": old.origin,
        "before_size": 4,
        "before_root": encode_base64(report.root),
    }
    assert begin.own_values()["follows"] == bytes(last.leaf_hash).hex()
    assert tree_check(log_dir(new), keys.vkey(new)).size == 1
    assert {keys.vkey(old), keys.vkey(new)} == {row.vkey for row in keys.rows_of(old, "checkpoint")} | {
        row.vkey for row in keys.rows_of(new, "checkpoint")
    }


def test_nothing_is_ever_added_to_a_closed_log(closed):
    old, _new = logs.everyone()
    event = Event.objects.filter(log=old)[0]
    entry = LogEntry(log=old, index=4, leaf=b"x", leaf_hash=bytes(32), recovered=True)
    row = CheckpointRow(log=old, size=9, root=bytes(32), note="x", at=timezone.now())
    event.pk, event.record, event.leaf_hash = None, "f" * 32, bytes(32)
    rows: tuple[Model, ...] = (event, entry, row)
    for model in rows:
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            model.save(force_insert=True)
    for change in (
        lambda: Edge.objects.filter(log=old).update(size=5),
        lambda: Edge.objects.exclude(log=old).update(log=old),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert old.entries.count() == 4


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_log SET frozen_at = NULL, final_size = NULL WHERE frozen_at IS NOT NULL",
        "UPDATE ledger_log SET final_size = 3 WHERE frozen_at IS NOT NULL",
        "UPDATE ledger_log SET origin = 'other'",
        "UPDATE ledger_log SET year = year + 5",
        "UPDATE ledger_log SET place = 'x' || place",
        "DELETE FROM ledger_log",
    ],
)
def test_a_closed_log_is_never_opened_renamed_or_deleted(closed, sql):
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(sql)


def test_proofs_and_promises_of_the_old_year_stay_good(closed, clock):
    old, new = logs.everyone()
    clock(YEAR + 1)
    with transaction.atomic():
        later = append(kind="tally.made", open={"number": 1})
    sequencer.run_once()
    records: list[Any] = [*((event, None, {}) for event in closed), (later, None, {})]
    document = json.dumps(build("statement", records, promise=True)).encode()
    result = verify_evidence(document, [keys.vkey(old), keys.vkey(new)])
    assert not result.pending
    assert [origin for origin, _index, _size in result.entries] == [old.origin] * 3 + [new.origin]
    for event in closed:
        word = open_promise(promise_for(event), [Verifier.from_vkey(keys.promise_vkey(old))])
        assert word.origin == old.origin
    assert open_promise(promise_for(later), [Verifier.from_vkey(keys.promise_vkey(new))]).origin == new.origin


def test_a_clock_that_was_set_back_reopens_nothing(closed, clock, event):
    clock(YEAR)
    assert not rollover.roll_over_if_due()
    assert event("in the old year by the clock").log.year == YEAR + 1
    sequencer.run_once()
    assert [log.year for log in logs.everyone()] == [YEAR, YEAR + 1]
    with pytest.raises(rollover.NotDue, match="not over"):
        rollover.roll()


def test_a_clock_that_jumps_over_a_year_opens_nothing_until_a_person_says_so(event, clock, caplog):
    event()
    sequencer.run_once()
    clock(YEAR + 3)
    event("while the clock is wrong")
    assert sequencer.run_once() == 1
    assert [log.year for log in logs.everyone()] == [YEAR]
    assert "fairnotice log roll" in caplog.text
    new = rollover.roll()
    assert new.year == YEAR + 3
    assert size_of(new) == 1
    assert [log.year for log in logs.everyone()] == [YEAR, YEAR + 3]


def test_a_round_that_fails_closes_nothing(event, clock, monkeypatch):
    event()
    sequencer.run_once()
    clock(YEAR + 1)
    with monkeypatch.context() as broken:
        broken.setattr(logs, "open_year", lambda *_: (_ for _ in ()).throw(OSError(28, "no space")))
        with pytest.raises(OSError, match="no space"):
            sequencer.run_once()
    (log,) = Log.objects.all()
    assert not log.frozen
    assert Event.objects.count() == 1
    sequencer.run_once()
    assert [log.frozen for log in logs.everyone()] == [True, False]


def test_a_last_checkpoint_that_was_not_published_yet_is_published_with_the_next_round(event, clock):
    event()
    sequencer.run_once()
    clock(YEAR + 1)
    assert rollover.roll_over_if_due()
    old, _new = logs.everyone()
    assert size_of(old) == 1
    sequencer.run_once()
    assert size_of(old) == 2


def test_a_database_from_before_the_new_year_signs_nothing(closed, data, tmp_path):
    """An older copy that knows nothing of the year's log that is published."""
    _old, new = logs.everyone()
    later = log_dir(new).rename(log_dir(new).with_name(str(YEAR + 2)))
    with pytest.raises(LogAhead, match=f"{YEAR + 2} is published"):
        sequencer.run_once()
    assert later.exists()


def test_the_promise_says_nothing_of_another_years_tree(closed):
    old, new = logs.everyone()
    CheckpointRow.objects.create(
        log=new, size=70, root=bytes(32), note="x", at=closed[0].at - timedelta(days=1)
    )
    word = open_promise(promise_for(closed[2]), [Verifier.from_vkey(keys.promise_vkey(old))])
    assert word.tree_size in (0, 2)


def test_the_next_logs_keys_can_be_told_before_it_begins(event, clock):
    event()
    sequencer.run_once()
    told = keys.of_next_year()
    clock(YEAR + 1)
    sequencer.run_once()
    assert told == (keys.vkey(logs.current()), keys.promise_vkey(logs.current()))


def test_acts_at_the_turn_of_the_year_enter_one_log_or_the_other(write, clock):
    write(1)
    sequencer.run_once()
    faults, begun = [], threading.Barrier(3)

    def work():
        try:
            begun.wait()
            for _ in range(8):
                write(1)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    begun.wait()
    clock(YEAR + 1)
    sequencer.run_once()
    for thread in threads:
        thread.join()
    sequencer.run_once()
    assert faults == []
    old, new = logs.everyone()
    assert Event.objects.filter(entry__isnull=True).count() == 0
    assert tree_check(log_dir(old), keys.vkey(old)).size == old.final_size
    assert old.final_size + size_of(new) == 1 + 16 + 2
    assert event_at(old, old.final_size - 1).kind == "log.closed"


def test_damage_to_a_closed_year_does_not_hold_up_the_new_one(closed, event):
    old, new = logs.everyone()
    (old.folder() / "checkpoint").write_bytes(b"damaged")
    event("later")
    assert sequencer.enter() == 1  # and a crash before it is published
    for act in (sequencer.publish, sequencer.run_once):
        with pytest.raises(LogAhead, match=old.origin):
            act()
        seen = published(new)
        assert seen is not None and seen.size == 2
        (new.folder() / "checkpoint").unlink()
