"""Another key for the log: announced in the log itself, beside the old one for a while, or at once."""

import base64
import json
import stat
import sys
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from fairnotice.ledger import keys, logs, sequencer
from fairnotice.ledger.evidence import build
from fairnotice.ledger.models import Event, LogKey
from fairnotice.ledger.publishing import LogAhead, log_dir
from fairnotice.ledger.rotation import CannotRotate, rotate
from fairnotice.translog.errors import SigningError, TranslogError
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.notes import parse_note
from fairnotice.translog.publish import read_checkpoint
from fairnotice.vault.models import Secret

DAYS = timedelta(days=30)


def signed_by():
    """Public keys that signed the published checkpoint, in the order of its lines."""
    log = logs.current()
    names = {(v.name, v.key_id): v.vkey for v in keys.verifiers(log)}
    note = parse_note(read_checkpoint(log_dir()) or b"")
    return [names[line.name, line.key_id] for line in note.signatures]


def accepted(document, *vkeys):
    return not verify_evidence(json.dumps(document).encode(), list(vkeys)).pending


@pytest.fixture
def pass_days(monkeypatch):
    """Sets the program's clock that many days ahead."""
    now = timezone.now()
    return lambda days: monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=days))


@pytest.fixture
def key_file(data, settings):
    """The log's key in a file; writes another one into it."""
    path = data / "log.key"

    def write(number):
        path.unlink(missing_ok=True)
        path.write_text(bytes([number] * 32).hex())
        path.chmod(0o600)

    write(1)
    settings.FN_LOG_KEY = f"file:{path}"
    return write


def test_the_old_key_signs_beside_the_new_one_until_the_overlap_ends(event, pass_days):
    written = event()
    sequencer.run_once()
    old = keys.vkey()
    before = build("receipt", [(written, None, {})], promise=True)
    done = rotate(overlap=DAYS)
    new = done.vkey
    assert signed_by() == [old, new] == keys.vkeys(logs.current())
    during = build("receipt", [(written, None, {})], promise=True)
    assert during["logs"][0]["vkey"] == new
    assert accepted(during, old) and accepted(during, new)
    pass_days(31)
    event()
    sequencer.run_once()
    assert signed_by() == [new] == keys.vkeys(logs.current())
    after = build("receipt", [(written, None, {})], promise=True)
    assert accepted(after, new)
    with pytest.raises(TranslogError):
        accepted(after, old)
    # What people took home earlier stays good under the key that they noted then.
    assert accepted(before, old) and accepted(during, new)
    assert tree_check(log_dir(), new).size == 3


def test_a_rotation_is_in_the_log_in_the_clear(event):
    event()
    sequencer.run_once()
    old = keys.vkey()
    new = rotate(overlap=DAYS).vkey
    said = Event.objects.get(kind="log.key")
    assert said.clear_type == "log.key" and said.entry.index == 1
    assert {name: said.open[name] for name in ("purpose", "key", "before", "reason")} == {
        "purpose": "checkpoint",
        "key": new,
        "before": [old],
        "reason": "rotated",
    }
    ended = LogKey.objects.get(vkey=old)
    assert ended.until is not None
    assert said.open["both_sign_until"] == ended.until.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (ended.ended, LogKey.objects.get(vkey=new).since_size) == ("rotated", 1)


@pytest.mark.parametrize("why", ["lost", "stolen"])
def test_in_an_emergency_the_old_key_signs_nothing_more(event, why):
    event()
    sequencer.run_once()
    old = keys.vkey()
    if why == "lost":
        Secret.objects.filter(name__startswith="log-signing-key").delete()
        event()
        with pytest.raises(keys.KeyMissing, match="operator's guide"):
            sequencer.run_once()
        with pytest.raises(keys.KeyMissing):
            rotate(overlap=DAYS)
        assert LogKey.objects.filter(purpose="checkpoint").count() == 1
    new = rotate(reason=why).vkey
    assert signed_by() == [new]
    assert LogKey.objects.get(vkey=old).ended == why
    assert Event.objects.get(kind="log.key").open["both_sign_until"] == ""
    assert tree_check(log_dir(), new).size == (3 if why == "lost" else 2)


@pytest.mark.parametrize("why", ["lost", "stolen"])
def test_a_clock_that_is_set_back_brings_no_such_key_back(event, monkeypatch, why):
    event()
    sequencer.run_once()
    new = rotate(reason=why).vkey
    past = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: past)
    event()
    assert sequencer.run_once() == 1
    assert signed_by() == [new]
    assert keys.vkeys(logs.current()) == [new]


def test_an_emergency_ends_an_overlap_too(event):
    event()
    sequencer.run_once()
    rotate(overlap=DAYS)
    new = rotate(reason="stolen").vkey
    assert signed_by() == [new]
    assert LogKey.objects.filter(purpose="checkpoint", ended="stolen").count() == 2


def test_promises_get_a_key_of_their_own_at_once(event):
    written = event()
    sequencer.run_once()
    old, log_key = keys.promise_vkey(), keys.vkey()
    new = rotate(purpose=LogKey.PROMISE).vkey
    assert keys.promise_vkey() == new != old
    assert keys.vkey() == log_key
    receipt = json.dumps(build("receipt", [(written, None, {})], promise=True)).encode()
    verify_evidence(receipt, [log_key], promise_vkeys=[new])


@pytest.mark.parametrize("reason", ["lost", "stolen"])
def test_nobody_gets_rid_of_promises_by_calling_their_key_lost_or_stolen(event, reason):
    event()
    old, log = keys.promise_vkey(), logs.current()
    new = rotate(purpose=LogKey.PROMISE, reason=reason).vkey
    assert keys.good_vkeys(log, LogKey.PROMISE) == [new, old]
    other = rotate(reason=reason).vkey
    assert keys.good_vkeys(log) == [other]


def test_a_key_in_a_file_is_used_and_replaced_only_on_command(event, key_file, data):
    event()
    sequencer.run_once()
    first = keys.vkey()
    assert Secret.objects.filter(name__startswith="log-signing").count() == 0
    with pytest.raises(CannotRotate, match="signs already"):
        rotate(reason="stolen")
    key_file(2)
    event()
    with pytest.raises(keys.KeyMissing):
        sequencer.run_once()
    second = rotate(reason="lost").vkey
    assert second != first and signed_by() == [second]
    key_file(1)
    with pytest.raises(CannotRotate, match="before"):
        rotate(reason="lost")


def test_the_same_key_may_move_to_another_place(event, key_file, data, settings):
    event()
    sequencer.run_once()
    vkey = keys.vkey()
    (data / "log.key").rename(data / "other.key")
    settings.FN_LOG_KEY = f"file:{data / 'other.key'}"
    event()
    with pytest.raises(SigningError, match=r"log\.key"):
        sequencer.run_once()
    assert rotate().moved
    assert sequencer.run_once() == 1
    assert signed_by() == [vkey]
    assert not Event.objects.filter(kind="log.key").exists()


def test_a_key_behind_a_command(event, data, settings):
    program = data / "signer.py"
    program.write_text(
        "import base64, sys\n"
        "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey\n"
        f"key = Ed25519PrivateKey.from_private_bytes(base64.b64decode('{base64.b64encode(bytes(32)).decode()}'))\n"
        "out = key.public_key().public_bytes_raw() if sys.argv[1] == 'public' else key.sign(sys.stdin.buffer.read())\n"
        "print(base64.b64encode(out).decode())\n"
    )
    program.chmod(stat.S_IRWXU)
    settings.FN_LOG_KEY = f"command:{sys.executable} {program}"
    event()
    assert sequencer.run_once() == 1
    assert tree_check(log_dir(), keys.vkey()).size == 1
    program.unlink()
    event()
    with pytest.raises(SigningError):
        sequencer.run_once()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_logkey SET until = NULL, ended = '' WHERE until IS NOT NULL",
        "UPDATE ledger_logkey SET until = '2999-01-01 00:00:00' WHERE until IS NOT NULL",
        "UPDATE ledger_logkey SET vkey = 'x' || vkey",
        "UPDATE ledger_logkey SET since = '2999-01-01 00:00:00'",
        "DELETE FROM ledger_logkey",
    ],
)
def test_the_story_of_the_keys_is_not_rewritten(event, sql):
    event()
    sequencer.run_once()
    rotate(overlap=DAYS)
    with pytest.raises(DatabaseError, match="a key of a log"), connection.cursor() as cursor:
        cursor.execute(sql)


def test_not_inside_a_transaction_and_not_behind_what_is_published(event):
    event()
    sequencer.run_once()
    with transaction.atomic(), pytest.raises(RuntimeError):
        rotate()
    (log_dir() / "checkpoint").write_bytes(b"other")
    with pytest.raises(LogAhead):
        rotate()
    assert LogKey.objects.filter(purpose="checkpoint").count() == 1
