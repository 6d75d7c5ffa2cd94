"""Witnesses that are real servers: what they cosign is published, and what they remember stops a fork."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from fairnotice.ledger import keys, logs, treefiles, witnessing
from fairnotice.ledger.errors import LogAhead
from fairnotice.ledger.models import CheckpointRow, Cosignature
from fairnotice.ledger.proofs import proof_for
from fairnotice.ledger.publishing import log_dir, publish, published
from fairnotice.ledger.recover import recover
from fairnotice.ledger.sequencer import enter, run_if_full, run_once
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.policy import parse_policy
from fairnotice.translog.witness.marks import origin_hash
from tests.ledger import test_restore
from tests.translog.witness.live import Live, command, live


@pytest.fixture
def witnessed(data, settings, tmp_path):
    """Starts a witness that knows this log's key and is named in the policy; gives a function that writes the
    policy's other lines."""
    witnessing.forget()
    settings.FN_WITNESS_TIMEOUT = 10
    settings.FN_WITNESS_POLICY = tmp_path / "policy"

    def policy(witness: Live, quorum: str = "w") -> None:
        text = f"witness w {witness.vkeys[0]} {witness.url}\nquorum {quorum}\n"
        (tmp_path / "policy").write_text(text)

    with live(tmp_path / "witness") as witness:
        added = command("add-log", witness.folder, keys.vkey(logs.current()))
        assert added.returncode == 0, added.stderr
        witness.kill()
        witness.start()
        policy(witness)
        yield witness, policy
    witnessing.forget()


def keep(folder: Path) -> None:
    """A copy of the whole installation, database and published files, as a backup would take it."""
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections["default"].close()
    folder.mkdir()
    shutil.copy(connections["default"].settings_dict["NAME"], folder / "db")
    shutil.copytree(log_dir(), folder / "log")


def restore(folder: Path) -> None:
    """Put the copy back, and begin as after a start."""
    tree = log_dir()
    connections["default"].close()
    name = Path(connections["default"].settings_dict["NAME"])
    for path in name.parent.glob(f"{name.name}*"):
        path.unlink()
    shutil.copy(folder / "db", name)
    shutil.rmtree(tree)
    shutil.copytree(folder / "log", tree)
    witnessing.forget()


def test_what_is_published_carries_the_witness(witnessed, write, event):
    witness, _ = witnessed
    write(3)
    assert run_once() == 3
    first = event()
    assert run_once() == 1
    seen = published()
    assert seen is not None and seen.size == 4
    vkey = keys.vkey(logs.current())
    policy = parse_policy(f"log {vkey}\nwitness w {witness.vkeys[0]}\nquorum w\n".encode())
    assert list(policy.examine(seen.note).witnesses) == [b"w"]
    proof = proof_for(first)
    assert proof is not None and policy.check(proof.split("\n\n", 1)[1]).size == 4
    assert tree_check(log_dir(), vkey).size == 4
    assert Cosignature.objects.count() == 2


def test_without_the_quorum_nothing_is_published_and_the_next_round_tries_again(witnessed, write, event):
    witness, _ = witnessed
    write(2)
    run_once()
    witness.kill()
    later = event()
    assert run_once() == 1, "it enters all the same"
    assert CheckpointRow.objects.count() == 2
    seen = published()
    assert seen is not None and seen.size == 2
    assert proof_for(later) is None
    assert publish() == 2
    witness.start()
    assert run_once() == 0
    seen = published()
    assert seen is not None and seen.size == 3
    assert proof_for(later) is not None
    assert tree_check(log_dir(), keys.vkey(logs.current())).ahead == 0


def test_after_a_start_nothing_is_signed_before_the_quorum_confirms(witnessed, write):
    witness, _ = witnessed
    write(1)
    run_once()
    witness.kill()
    witnessing.forget()
    write(1)
    with pytest.raises(witnessing.WitnessesMissing):
        run_once()
    assert CheckpointRow.objects.count() == 1
    witness.start()
    assert run_once() == 1


def test_with_no_quorum_asked_for_the_log_goes_on_alone(witnessed, write):
    witness, policy = witnessed
    policy(witness, "none")
    witness.kill()
    write(1)
    assert run_once() == 1
    seen = published()
    assert seen is not None and seen.size == 1 and seen.note == CheckpointRow.objects.get().note
    witness.start()
    assert run_once() == 0
    seen = published()
    assert seen is not None and seen.note != CheckpointRow.objects.get().note, "cosigned afterwards"


def test_a_witness_that_has_seen_more_stops_a_log_that_was_put_back_whole(witnessed, write, tmp_path):
    """Database and published files are both the older copy: only the witness knows better."""
    write(2)
    run_once()
    keep(tmp_path / "copy")
    write(3)
    run_once()
    restore(tmp_path / "copy")
    write(1)
    with pytest.raises(LogAhead, match="has seen 5 entries"):
        run_once()
    assert CheckpointRow.objects.count() == 1, "nothing was signed"
    with pytest.raises(LogAhead):
        run_once()


def test_a_fork_that_was_signed_elsewhere_is_not_published(witnessed, write, tmp_path, settings):
    """Signed without the witness, then the witness is asked: its no keeps the other tree from the public."""
    write(2)
    run_once()
    keep(tmp_path / "copy")
    write(1)
    run_once()
    restore(tmp_path / "copy")
    policy, settings.FN_WITNESS_POLICY = settings.FN_WITNESS_POLICY, None
    write(1)
    run_once()
    settings.FN_WITNESS_POLICY = policy
    with pytest.raises(LogAhead, match="another tree"):
        run_once()
    write(1)
    with pytest.raises(LogAhead):
        run_once()


def test_after_a_witness_said_no_nothing_more_is_signed(witnessed, write, tmp_path):
    """Two machines go on from one copy: the second had been confirmed, so it learns of the other only after it
    has signed. That must be the last time."""
    write(2)
    run_once()
    keep(tmp_path / "copy")
    write(1)
    run_once()
    restore(tmp_path / "copy")
    treefiles._prover.cache_clear()
    witnessing._confirmed.add(logs.current().pk)
    write(1)
    for _ in range(3):
        with pytest.raises(LogAhead, match="another tree"):
            run_once()
        write(1)
    assert CheckpointRow.objects.count() == 2
    seen = published()
    assert seen is not None and seen.size == 2


def test_the_old_year_is_published_whatever_the_new_one_waits_for(witnessed, write, monkeypatch):
    """The witness was away at midnight, and nobody told it of the new log."""
    witness, _ = witnessed
    write(2)
    run_once()
    old = logs.current()
    new_year = datetime(old.year + 1, 1, 1, 0, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: new_year)
    witness.kill()
    run_once()
    seen = published(old)
    assert seen is not None and seen.size == 2
    witness.start()
    write(1)
    with pytest.raises(witnessing.WitnessesMissing):
        run_once()
    seen = published(old)
    assert seen is not None and seen.size == 3
    assert published() is None


def test_after_a_crash_before_the_files_the_witnesses_get_their_proof(witnessed, write):
    """Also a command asks them before it signs, and it may be the first to be started."""
    write(2)
    run_once()
    write(3)
    assert enter() == 3
    witnessing.forget()
    treefiles._prover.cache_clear()
    treefiles._frontiers.clear()
    write(1)
    assert run_once() == 1
    seen = published()
    assert seen is not None and seen.size == 6
    assert tree_check(log_dir(), keys.vkey(logs.current())).size == 6


def test_cosignatures_stay_when_nobody_is_asked_any_more(witnessed, write, settings):
    write(2)
    run_once()
    cosigned = published()
    settings.FN_WITNESS_POLICY = None
    publish()
    assert run_once() == 0
    assert published() == cosigned
    (log_dir() / "checkpoint").unlink()
    publish()
    assert published() == cosigned


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read"),
        ("quorum everybody\n", "line 1"),
        ("witness w nonsense https://example.org\nquorum w\n", "line 1"),
    ],
)
def test_a_policy_that_cannot_be_used_says_why(data, settings, tmp_path, write, text, words):
    settings.FN_WITNESS_POLICY = tmp_path / "policy"
    if text is not None:
        settings.FN_WITNESS_POLICY.write_text(text)
    write(1)
    with pytest.raises(witnessing.WitnessSettings, match=words):
        run_once()


def test_a_full_round_enters_early_and_one_that_is_not_does_not(write, settings):
    settings.FN_LOG_BATCH = 3
    assert run_if_full() == 0
    write(2)
    assert run_if_full() == 0
    write(1)
    assert run_if_full() == 3
    assert run_if_full() == 0
    assert [row.size for row in CheckpointRow.objects.order_by("size")] == [3]


def test_what_has_piled_up_enters_a_bounded_number_at_a_time(write, monkeypatch):
    monkeypatch.setattr("fairnotice.ledger.sequencer.MOST", 4)
    write(10)
    assert run_once() == 10
    assert [row.size for row in CheckpointRow.objects.order_by("size")] == [4, 8, 10]
    assert tree_check(log_dir(), keys.vkey(logs.current())).size == 10


def test_cosignatures_are_read_back_with_the_entries(witnessed, write, tmp_path):
    write(1)
    run_once()
    test_restore.keep(tmp_path / "copies")
    write(2)
    run_once()
    seen = published()
    test_restore.put_back(tmp_path / "copies")
    witnessing.forget()
    recover()
    row = CheckpointRow.objects.latest("size")
    assert (row.size, row.cosignatures.count()) == (3, 1)
    assert publish() == 3
    assert published() == seen
    assert run_once() == 1
    assert tree_check(log_dir(), keys.vkey(logs.current())).size == 4


def test_what_only_a_witness_has_seen_is_read_back_with_its_checkpoint(witnessed, write, tmp_path):
    """The database was lost between the witness's answer and the publication: the entries were written."""
    witness, _ = witnessed
    write(1)
    run_once()
    test_restore.keep(tmp_path / "copies")
    first = (log_dir() / "checkpoint").read_bytes()
    write(2)
    run_once()
    (log_dir() / "checkpoint").write_bytes(first)
    test_restore.put_back(tmp_path / "copies")
    witnessing.forget()
    write(1)
    with pytest.raises(LogAhead, match="has seen 3 entries"):
        run_once()
    assert recover() == []
    status, note = witness.get(f"/{origin_hash(logs.current().origin)}/checkpoint")
    assert status == 200
    (tmp_path / "note").write_text(note, "utf-8")
    (done,) = recover(checkpoints=[tmp_path / "note"])
    assert (done.before, done.after) == (1, 3)
    assert publish() == 3
    assert run_once() == 2
    assert tree_check(log_dir(), keys.vkey(logs.current())).size == 5
