"""Older copies of the data folder, put back: the log is never continued beside what was published."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from fairnotice.cases.actions.housekeeping import sweep_keys
from fairnotice.ledger import keys, logs, publishing, rotation, sequencer
from fairnotice.ledger.models import CheckpointRow, Event, Log
from fairnotice.ledger.publishing import LogAhead

DATABASES = ("default", "keys")


def keep(copies: Path) -> None:
    """Copy the databases as they are now, as the operator's guide says."""
    copies.mkdir()
    for alias in DATABASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections[alias].close()
        shutil.copy(connections[alias].settings_dict["NAME"], copies)


def put_back(copies: Path, *aliases: str) -> None:
    """Put the copies in the place of these databases, or of both, and begin as after a start; the published
    files stay."""
    publishing._verified.clear()
    for alias in aliases or DATABASES:
        connections[alias].close()
        name = Path(connections[alias].settings_dict["NAME"])
        for path in name.parent.glob(f"{name.name}-*"):
            path.unlink()
        shutil.copy(copies / name.name, name)


def published(data: Path) -> dict[str, bytes]:
    return {
        path.relative_to(data / "log").as_posix(): path.read_bytes()
        for path in (data / "log").rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def refused(data: Path, why: str) -> None:
    """Nothing is signed or written by any way in, before and after something new waits."""
    before, signed = published(data), CheckpointRow.objects.count()
    for act in (sequencer.run_once, sequencer.publish, rotation.rotate):
        with pytest.raises(LogAhead, match=why):
            act()
    assert published(data) == before
    assert CheckpointRow.objects.count() == signed


@pytest.fixture
def copied(event, tmp_path):
    """An installation with one signed entry, of which a copy was made."""
    event("first")
    sequencer.run_once()
    keep(tmp_path / "copies")
    return tmp_path / "copies"


def test_after_more_entries(copied, event, data):
    event("second")
    sequencer.run_once()
    put_back(copied)
    refused(data, "rolled back")
    for text in ("another second", "and a third", "and a fourth"):
        event(text)
    refused(data, "rolled back")


def test_with_the_same_number_of_other_entries(copied, event, data):
    event("second")
    sequencer.run_once()
    aside = data / "aside"
    shutil.copytree(data / "log", aside)
    put_back(copied)
    # Somebody goes on without the published files, and they turn up again.
    shutil.rmtree(data / "log")
    event("another second")
    sequencer.run_once()
    shutil.rmtree(data / "log")
    aside.rename(data / "log")
    event("third")
    refused(data, "another root")


def test_after_the_year_was_closed(copied, event, data, monkeypatch):
    later = datetime(datetime.now(UTC).year + 1, 1, 1, 0, 1, tzinfo=UTC)
    with monkeypatch.context() as patched:
        patched.setattr(timezone, "now", lambda: later)
        sequencer.run_once()
    assert Log.objects.count() == 2
    put_back(copied)
    assert [log.frozen for log in logs.everyone()] == [False]
    event("second")
    refused(data, "is published, and the database knows none")


def test_after_another_key_began_to_sign(copied, event, data):
    old = keys.vkey()
    rotation.rotate(reason="stolen")
    put_back(copied)
    event("second")
    refused(data, "not signed by this log's key")
    assert keys.verifiers(logs.current())[0].vkey == old


def test_from_before_the_first_log(event, data, tmp_path):
    keep(tmp_path / "copies")
    event("first")
    sequencer.run_once()
    put_back(tmp_path / "copies")
    with pytest.raises(LogAhead, match="rolled back"):
        sequencer.publish()
    event("other first")
    refused(data, "not signed by this log's key|rolled back")


def test_keys_of_what_an_older_copy_does_not_know_are_not_swept_away(copied, event, tmp_path, monkeypatch):
    """The wrong copy of the database was put back by mistake; the newer one must open everything again."""
    lost = event("not in the copy")
    sequencer.run_once()
    keep(tmp_path / "newer")
    put_back(copied, "default")
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(LogAhead):
        sweep_keys()
    put_back(tmp_path / "newer", "default")
    assert sweep_keys() == 0
    assert Event.objects.get(pk=lost.pk).opening("kind").value == "notice.submitted"
