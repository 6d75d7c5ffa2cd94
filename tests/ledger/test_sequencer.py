"""The way into the log: whole after every crash, never a fork, and open to anybody's check."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from django.db import connections, transaction

from fairnotice.ledger import keys as log_keys
from fairnotice.ledger import sequencer
from fairnotice.ledger.models import CheckpointRow, Edge, Event, LogEntry, Waiting
from fairnotice.ledger.publishing import LogAhead, LogCorrupt, log_dir, publish, published
from fairnotice.ledger.sequencer import enter, run_once
from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.errors import TileConflict
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.notes import Signer
from fairnotice.translog.tiles import TileReader

OTHER = Signer("other.example.org/log", bytes(32))


def check(size):
    """The published tree holds together, by the code that anybody uses, and has `size` entries."""
    report = tree_check(log_dir(), log_keys.vkey())
    assert (report.size, report.ahead) == (size, 0)
    return report


def files():
    return {
        path.relative_to(log_dir()).as_posix(): path.read_bytes()
        for path in log_dir().rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def restore(folder, alias="default"):
    """Put an earlier copy of the database back, as an operator would."""
    connections[alias].close()
    name = Path(connections[alias].settings_dict["NAME"])
    for path in name.parent.glob(f"{name.name}*"):
        path.unlink()
    shutil.copy(folder / name.name, name)


def keep(folder, alias="default"):
    """A copy of the database as it is now."""
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections[alias].close()
    folder.mkdir(exist_ok=True)
    shutil.copy(connections[alias].settings_dict["NAME"], folder)


def test_an_empty_log_is_signed_once(data):
    assert run_once() == 0
    first = files()
    assert set(first) == {"checkpoint"}
    seen = published()
    assert seen is not None
    assert (seen.size, seen.root) == (0, merkle.EMPTY_ROOT)
    assert run_once() == 0
    assert publish() == 0
    assert files() == first
    assert CheckpointRow.objects.count() == 1


def test_batches_around_a_tile_leave_a_sound_tree(write):
    total = 0
    roots = {}
    for size in (1, 255, 256, 257, 1):
        write(size)
        assert run_once() == size
        total += size
        roots[total] = check(total).root
    tree = TileReader(log_dir(), total)
    for old, root in roots.items():
        merkle.verify_consistency(old, total, tree.consistency(old), root, roots[total])
        assert TileReader(log_dir(), old).root() == root
    leaves = [
        bytes(leaf) for leaf in LogEntry.objects.order_by("index").values_list("event__leaf", flat=True)
    ]
    assert list(tree.entries(0, total)) == leaves
    assert Event.objects.filter(entry__isnull=True).count() == 0
    assert Waiting.objects.count() == 0
    assert Edge.objects.get().size == total


def test_filled_partials_make_room_and_can_be_made_again(write):
    for size in (100, 100, 100):
        write(size)
        run_once()
    before = files()
    assert "tile/0/000" in before
    assert not any(name.startswith("tile/0/000.p/") for name in before)
    assert "tile/0/001.p/44" in before
    shutil.rmtree(log_dir() / "tile")
    publish()
    assert files() == before
    check(300)


def test_the_partials_of_every_published_size_are_there(write):
    for size in (1, 2, 3):
        write(size)
        run_once()
    names = set(files())
    assert {f"tile/{kind}/000.p/{width}" for kind in ("0", "entries") for width in (1, 3, 6)} <= names


def test_entries_enter_in_random_order(write):
    write(30)
    run_once()
    order = list(LogEntry.objects.order_by("index").values_list("event_id", flat=True))
    assert sorted(order) == list(Event.objects.order_by("id").values_list("id", flat=True))
    assert order != sorted(order)


def test_nothing_new_signs_and_writes_nothing(write):
    write(3)
    run_once()
    before = files()
    assert run_once() == 0
    assert files() == before
    assert CheckpointRow.objects.count() == 1


def test_after_a_crash_before_the_first_tile(write):
    write(2)
    run_once()
    write(3)
    assert enter() == 3
    check(2)
    note = CheckpointRow.objects.get(size=5).note
    assert publish() == 5
    check(5)
    assert (log_dir() / "checkpoint").read_text("utf-8") == note


def test_after_a_crash_the_next_run_goes_on(write):
    write(2)
    run_once()
    write(3)
    enter()
    write(4)
    enter()
    write(1)
    assert run_once() == 1
    check(10)
    assert {"tile/0/000.p/5", "tile/0/000.p/9", "tile/0/000.p/10"} <= set(files())


def test_after_a_crash_between_tiles_and_checkpoint(write, monkeypatch):
    write(2)
    run_once()
    old = (log_dir() / "checkpoint").read_bytes()

    move = os.replace

    def crash(beside, path):
        if path.endswith("/checkpoint"):
            raise KeyboardInterrupt
        move(beside, path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", crash)
        write(300)
        with pytest.raises(KeyboardInterrupt):
            run_once()
    assert (log_dir() / "checkpoint").read_bytes() == old
    assert tree_check(log_dir(), log_keys.vkey()).size == 2
    assert run_once() == 0
    check(302)
    assert CheckpointRow.objects.count() == 2


@pytest.mark.parametrize("lost", ["tile/0/000", "tile/entries/001.p/44", "tile/1/000.p/1", "checkpoint"])
def test_a_lost_file_is_made_again_at_the_next_start(write, lost):
    for size in (200, 100):
        write(size)
        run_once()
    before = files()
    (log_dir() / lost).unlink()
    publish()
    assert files() == before


def test_a_changed_file_is_found_and_not_overwritten(write):
    write(3)
    run_once()
    tile = log_dir() / "tile/0/000.p/3"
    tile.write_bytes(bytes(96))
    (log_dir() / "tile/entries/000.p/3").unlink()
    with pytest.raises(TileConflict):
        publish()
    assert tile.read_bytes() == bytes(96)


def test_a_database_that_was_rolled_back_signs_nothing(write, tmp_path):
    write(2)
    run_once()
    keep(tmp_path / "old")
    write(1)
    run_once()
    before = files()
    restore(tmp_path / "old")
    write(5)
    with pytest.raises(LogAhead, match="rolled back"):
        run_once()
    with pytest.raises(LogAhead):
        publish()
    assert files() == before
    assert CheckpointRow.objects.count() == 1


def test_another_tree_of_the_same_or_a_larger_size_is_not_published(write, tmp_path):
    write(2)
    run_once()
    keep(tmp_path / "old")
    write(1)
    run_once()
    seen = shutil.copytree(log_dir(), tmp_path / "seen")
    restore(tmp_path / "old")
    shutil.rmtree(log_dir())
    for count in (1, 3):
        write(count)
        run_once()
        shutil.rmtree(log_dir())
        shutil.copytree(seen, log_dir(), dirs_exist_ok=True)
        with pytest.raises(LogAhead, match="another root"):
            run_once()
        with pytest.raises(LogAhead, match="another root"):
            publish()
        assert (log_dir() / "checkpoint").read_bytes() == (seen / "checkpoint").read_bytes()
        shutil.rmtree(log_dir())


def test_every_flipped_byte_of_the_checkpoint_is_refused(write):
    write(1)
    run_once()
    write(1)
    path = log_dir() / "checkpoint"
    good = path.read_bytes()
    for place in range(len(good)):
        path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(LogAhead):
            run_once()
    assert CheckpointRow.objects.count() == 1
    path.write_bytes(good)
    assert run_once() == 1
    check(2)


def test_another_name_in_the_settings_does_not_rename_a_log_that_was_opened(write, settings):
    write(1)
    run_once()
    settings.FN_ORIGIN = "other.example.org/log"
    write(1)
    run_once()
    assert check(2).origin.startswith("log.example.org/log/")


def test_the_files_of_another_log_are_not_continued(write):
    write(1)
    run_once()
    path = log_dir() / "checkpoint"
    note = sign_checkpoint(Checkpoint("other.example.org/log", 0, merkle.EMPTY_ROOT), OTHER)
    path.write_text(note, "utf-8")
    write(1)
    with pytest.raises(LogAhead, match="another log"):
        run_once()
    assert path.read_text("utf-8") == note


def test_an_edge_that_does_not_fit_is_refused(write):
    write(3)
    run_once()
    edge = merkle.Edge()
    edge.append(bytes(32))
    Edge.objects.update(size=1, edge=edge.to_json())
    write(1)
    with pytest.raises(LogCorrupt):
        run_once()
    assert LogEntry.objects.count() == 3


def test_never_inside_a_transaction(write):
    write(1)
    with transaction.atomic(), pytest.raises(RuntimeError):
        run_once()
    assert LogEntry.objects.count() == 0


def test_two_sequencers_and_writers_never_fork(write):
    barrier = threading.Barrier(5)
    faults, entered = [], []

    def work(job):
        try:
            barrier.wait()
            for _ in range(6):
                job()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    jobs = [lambda: write(2)] * 2 + [lambda: entered.append(run_once())] * 3
    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    entered.append(sequencer.run_once())
    assert sum(entered) == 24
    check(24)
    assert LogEntry.objects.count() == 24
