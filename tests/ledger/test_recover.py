"""An older copy was put back: what was published since is read back, and the log goes on as one history."""

import json
import os
import shutil
import signal
from datetime import UTC, datetime

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from fairnotice.ledger import keys, logs, readback, rollover, rotation
from fairnotice.ledger import recover as recover_module
from fairnotice.ledger.evidence import build
from fairnotice.ledger.lostkeys import NoKey
from fairnotice.ledger.models import CheckpointRow, Event, Log, LogEntry, LogKey, Waiting
from fairnotice.ledger.publishing import LogAhead, publish, published
from fairnotice.ledger.recover import RECOVERED, CannotRecover, recover
from fairnotice.ledger.sequencer import run_once
from fairnotice.ledger.sightings import NothingThere
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.export import export_static
from fairnotice.translog.fsck import tree_check
from fairnotice.vault.models import Secret
from tests.ledger.test_restore import keep, put_back
from tests.translog.server import serving

NEXT_YEAR = datetime(datetime.now(UTC).year + 1, 1, 1, 0, 1, tzinfo=UTC)


def receipt(event):
    return json.dumps(build("receipt", [(event, None, {})], promise=True)).encode()


def holds(document):
    """Anybody's check, with the keys of the log as they are published now."""
    vkeys = [one for log in logs.everyone() for one in keys.good_vkeys(log)]
    promise = [one for log in logs.everyone() for one in keys.good_vkeys(log, LogKey.PROMISE)]
    result = verify_evidence(document, vkeys, promise_vkeys=promise)
    return not result.pending and len(result.entries) == 1


def check(size, log=None):
    """The published tree holds together, has so many entries, and they are those of the database."""
    log = log or logs.current()
    report = tree_check(log.folder(), keys.vkey(log))
    assert (report.size, report.ahead) == (size, 0)
    rows = LogEntry.objects.filter(log=log).order_by("index")
    assert list(rows.values_list("index", flat=True)) == list(range(size))
    return report.root


@pytest.fixture
def copied(event, tmp_path):
    """One signed entry, and one event that waits; then a copy is made of both databases."""
    receipt(event("first"))
    run_once()
    event("waits in the copy")
    keep(tmp_path / "copies")
    return tmp_path / "copies"


def test_it_refuses_recovers_and_goes_on(copied, event, write, client):
    documents = [receipt(Event.objects.earliest("id"))]
    run_once()  # the event that waits in the copy enters here
    between = event("lost with the copy")
    write(300)
    run_once()
    documents.append(receipt(between))
    seen = published()
    assert seen is not None
    put_back(copied)
    after = event("entered into the copy")
    with pytest.raises(LogAhead, match="fairnotice log recover"):
        run_once()
    (done,) = recover()
    assert (done.before, done.after, done.linked, done.own, done.lost) == (1, 303, 1, 0, 301)
    assert (done.stranded, done.keys, done.key_changes) == (0, (), 0)
    # Nothing was signed: the newest checkpoint is the one that was published.
    row = CheckpointRow.objects.latest("size")
    assert (row.size, bytes(row.root), row.note) == (303, seen.root, seen.note)
    assert published() == seen
    assert publish() == 303
    said = Event.objects.get(kind=RECOVERED)
    assert said.open == {"log": done.log.origin, "from_size": 1, "to_size": 303}
    assert said.clear_type == RECOVERED
    assert run_once() == 2  # the one after, and what the log says
    assert not Waiting.objects.exists()
    documents += [receipt(after), receipt(Event.objects.order_by("id")[1])]
    assert all(holds(document) for document in documents)
    check(305)
    page = client.get(reverse("log-year", args=[done.log.year])).content.decode()
    assert "after number 1, up to 303, were then read back" in page
    proof = client.get(reverse("log-event", args=[done.log.year, said.record]))
    assert holds(proof.content)
    # Each leaf stands once, each event has one entry, and only what is lost has none.
    assert LogEntry.objects.values("leaf_hash").distinct().count() == 305
    assert LogEntry.objects.filter(event__isnull=False).count() == Event.objects.count() == 4
    assert LogEntry.objects.filter(recovered=True).count() == 302


def test_again_there_is_nothing_to_do(copied, event):
    event("lost")
    run_once()
    put_back(copied)
    assert len(recover()) == 1
    rows = CheckpointRow.objects.count(), LogEntry.objects.count(), Event.objects.count()
    assert recover() == []
    run_once()
    assert recover() == []
    assert CheckpointRow.objects.count() == rows[0] + 1
    assert Event.objects.count() == rows[2]
    check(4)


def test_a_trial_changes_nothing(copied, event):
    event("lost")
    run_once()
    put_back(copied)
    (done,) = recover(dry_run=True)
    assert (done.before, done.after, done.lost) == (1, 3, 1)
    assert (LogEntry.objects.count(), CheckpointRow.objects.count(), Waiting.objects.count()) == (1, 1, 1)
    with pytest.raises(LogAhead):
        run_once()
    assert len(recover()) == 1


def export(to):
    for log in logs.everyone():
        export_static(log.folder(), to / log.place, keys.vkey(log))
    return to


@pytest.mark.parametrize("shape", ["above", "itself"])
def test_from_a_newer_export_with_an_old_published_folder(copied, event, data, tmp_path, shape):
    """The worst case that can be mended: databases and published files are old, somebody has newer files."""
    run_once()
    old = shutil.copytree(data / "log", tmp_path / "old-files")
    event("lost")
    run_once()
    event("lost too")
    run_once()
    copy = export(tmp_path / "export")
    put_back(copied)
    shutil.rmtree(data / "log")
    shutil.copytree(old, data / "log")
    named = copy if shape == "above" else copy / logs.current().place
    (done,) = recover(str(named))
    assert (done.before, done.after, done.linked, done.lost) == (1, 4, 1, 2)
    # Also the tree that was published in between has its row, so that files and database agree.
    assert list(CheckpointRow.objects.values_list("size", flat=True).order_by("size")) == [1, 2, 4]
    assert publish() == 4
    run_once()
    check(5)


def test_from_a_server(copied, event, data, tmp_path):
    event("lost")
    run_once()
    copy = export(tmp_path / "export")
    put_back(copied)
    shutil.rmtree(data / "log")
    with serving(copy) as server:
        (done,) = recover(f"{server.url}/")
    assert (done.before, done.after) == (1, 3)
    publish()
    run_once()
    check(4)


def test_two_histories_are_refused(copied, event, data):
    run_once()
    event("second")
    run_once()
    other = data / "other"
    (data / "log").rename(other)
    put_back(copied)
    event("another")
    run_once()  # somebody went on without the published files
    before = LogEntry.objects.count()
    with pytest.raises(CannotRecover, match="two histories"):
        recover(str(other))
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("lost", ["tile/entries/000.p/3", "tile/0/000.p/3"])
def test_damaged_files_are_named_and_nothing_changes(copied, event, lost):
    event("lost")
    run_once()
    put_back(copied)
    path = logs.current().folder() / lost
    good = path.read_bytes()
    for bad in (good[:-1], good[:-1] + bytes([good[-1] ^ 1]), None):
        path.unlink()
        if bad is not None:
            path.write_bytes(bad)
        with pytest.raises(CannotRecover, match=lost if bad is None else "tile"):
            recover()
        path.write_bytes(good)
    assert LogEntry.objects.count() == 1
    assert len(recover()) == 1


def test_nothing_there_is_said(copied, tmp_path):
    with pytest.raises(NothingThere, match="nowhere"):
        recover(str(tmp_path / "nowhere"))


def close_year(monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(timezone, "now", lambda: NEXT_YEAR)
        run_once()
    return logs.current()


def test_after_the_year_was_closed(copied, event, data, monkeypatch):
    """Only db.sqlite3 is old: the keys of the year that the copy does not know are in keys.sqlite3."""
    lost = event("lost")
    new = close_year(monkeypatch)
    lost_there = event("lost in the new year")
    run_once()
    documents = [receipt(lost), receipt(lost_there)]
    origin, vkey = new.origin, keys.vkey(new)
    put_back(copied, "default")
    late = event("entered into the copy")
    first, second = recover()
    assert (first.before, first.after, first.linked, first.own, first.lost) == (1, 4, 1, 1, 1)
    assert (first.log.frozen, first.log.final_size, first.stranded) == (True, 4, 1)
    assert (second.log.origin, second.before, second.after, second.own) == (origin, 0, 2, 1)
    assert (second.keys, second.lost_keys) == ((vkey,), ())
    assert keys.vkey(logs.current()) == vkey
    assert run_once() == 2  # what was recovered of each log
    assert all(holds(document) for document in documents)
    check(4, first.log)
    check(4, second.log)
    # What was promised for the closed log cannot be kept, and everything new goes on.
    assert list(Waiting.objects.values_list("pk", flat=True)) == [late.pk]
    event("goes on")
    assert run_once() == 1


def test_the_beginning_of_a_year_that_nobody_saw(copied, data, monkeypatch):
    new = close_year(monkeypatch)
    shutil.rmtree(new.folder())
    put_back(copied, "default")
    (done,) = recover()
    assert done.log.frozen
    following = logs.current()
    assert (following.origin, following.frozen) == (new.origin, False)
    assert run_once() == 2
    assert set(Event.objects.filter(log=following).values_list("kind", flat=True)) == {
        rollover.OPENED,
        RECOVERED,
    }
    check(2, following)


def test_a_year_whose_key_is_lost(copied, event, data, monkeypatch):
    new = close_year(monkeypatch)
    vkey = keys.vkey(new)
    put_back(copied)
    secrets = set(Secret.objects.values_list("name", flat=True))
    with pytest.raises(CannotRecover, match="--vkey"):
        recover()
    with pytest.raises(NoKey):
        recover(vkeys=["nonsense"])
    assert set(Secret.objects.values_list("name", flat=True)) == secrets
    assert Log.objects.count() == 1
    _, second = recover(vkeys=[vkey])
    assert (second.keys, second.lost_keys) == ((vkey,), (vkey,))
    event("after")
    with pytest.raises(keys.KeyMissing):
        run_once()
    rotation.rotate(reason="lost")
    assert run_once() == 0  # all that waited entered with the new key
    assert not Waiting.objects.exists()
    assert LogKey.objects.get(vkey=vkey).ended == "lost"
    check(LogEntry.objects.filter(log=second.log).count(), second.log)


@pytest.mark.parametrize("reason", ["stolen", "overlap"])
def test_after_another_key_began_to_sign(copied, event, reason):
    old = keys.vkey()
    overlap = {"overlap": NEXT_YEAR - datetime.now(UTC)} if reason == "overlap" else {"reason": reason}
    rotation.rotate(**overlap)
    new = keys.vkey()
    put_back(copied, "default")
    (done,) = recover()
    assert (done.keys, done.key_changes, done.own) == ((new,), 1, 1)
    assert keys.vkeys(done.log) == ([old, new] if reason == "overlap" else [new])
    assert run_once() == 1
    assert keys.vkey() == new
    check(4)


def test_a_foreign_log_is_refused(copied, data, tmp_path):
    run_once()
    folder = tmp_path / "foreign"
    shutil.copytree(logs.current().folder(), folder)
    note = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(note.replace("log.example.org", "other.example.net"))
    with pytest.raises(CannotRecover, match="none of this installation"):
        recover(str(folder))


@pytest.mark.parametrize("moment", ["before the first row", "between two bundles", "before the end"])
def test_killed_in_the_middle_and_begun_again(copied, write, moment):
    write(300)
    run_once()
    put_back(copied)
    connections.close_all()
    child = os.fork()
    if child == 0:
        die_at(moment)
        try:
            recover()
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert (LogEntry.objects.count(), CheckpointRow.objects.count(), Waiting.objects.count()) == (1, 1, 1)
    with pytest.raises(LogAhead):
        run_once()
    (done,) = recover()
    assert (done.before, done.after) == (1, 302)
    run_once()
    check(303)


def die_at(moment):
    """Let this process end without a word at a moment of its recovery."""
    calls: list[int] = []
    store, go_on = readback._store, recover_module._go_on

    def stored(*arguments):
        if moment == "before the first row" or (moment == "between two bundles" and calls):
            os.kill(os.getpid(), signal.SIGKILL)
        calls.append(1)
        store(*arguments)

    def gone_on(*arguments):
        go_on(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    readback._store, recover_module._go_on = stored, gone_on
