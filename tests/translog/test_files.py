"""Durable writing: what reaches the disk in which order, and what a fault leaves behind."""

import itertools
import os
import shutil
import signal

import pytest

from fairnotice.translog import files
from fairnotice.translog.errors import CheckpointError, TileConflict
from fairnotice.translog.files import DurableFolder, write_atomic, write_immutable
from fairnotice.translog.publish import publish_checkpoint, read_checkpoint
from tests.translog.build import OTHER_KEY, Log, numbered


@pytest.fixture
def calls(monkeypatch):
    """The order of syncs and renames; each still happens."""
    seen = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor):
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        seen.append(("sync", "folder" if os.path.isdir(path) else "file"))
        fsync(descriptor)

    def watched_replace(source, target):
        seen.append(("rename", os.path.basename(target)))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    return seen


def test_the_file_is_synced_before_it_is_named_and_the_folder_after(tmp_path, calls):
    write_atomic(tmp_path / "checkpoint", b"one")
    assert calls == [("sync", "file"), ("rename", "checkpoint"), ("sync", "folder")]
    write_atomic(tmp_path / "checkpoint", b"two")
    assert (tmp_path / "checkpoint").read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["checkpoint"]
    assert (tmp_path / "checkpoint").stat().st_mode & 0o777 == 0o644


def test_all_folders_up_to_the_base_are_synced(tmp_path, calls):
    write_immutable(tmp_path, [("tile/0/000.p/1", b"x"), ("tile/entries/000.p/1", b"y")])
    renames = [at for at, call in enumerate(calls) if call[0] == "rename"]
    assert calls[: max(renames) + 1] == [("sync", "file")] * 2 + [("rename", "1")] * 2
    assert calls[max(renames) + 1 :] == [("sync", "folder")] * 6


def test_repeating_still_syncs_the_folders(tmp_path, calls):
    """After a crash the file may be there while its name is not yet on the disk."""
    tile = [("tile/0/000", b"x")]
    write_immutable(tmp_path, tile)
    calls.clear()
    write_immutable(tmp_path, tile)
    assert calls == [("sync", "folder")] * 3


def test_the_head_gets_its_name_when_all_others_are_on_the_disk(tmp_path, calls):
    folder = DurableFolder(tmp_path)
    folder.write([("tile/0/000.p/1", b"x")], head=("checkpoint", b"one"))
    assert calls[:3] == [("sync", "file"), ("sync", "file"), ("rename", "1")]
    assert calls[3:] == [("sync", "folder")] * 4 + [("rename", "checkpoint"), ("sync", "folder")]
    folder.write([("tile/0/000.p/2", b"xy")], head=("checkpoint", b"two"))
    assert (tmp_path / "checkpoint").read_bytes() == b"two"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["0", "000.p", "1", "2", "checkpoint", "tile"]


def test_folders_known_to_be_on_the_disk_are_not_synced_again(tmp_path, calls):
    folder = DurableFolder(tmp_path)
    folder.write([("tile/0/000.p/1", b"x")])
    calls.clear()
    folder.write([("tile/0/000.p/2", b"xy")])
    assert calls == [("sync", "file"), ("rename", "2"), ("sync", "folder")]
    shutil.rmtree(tmp_path / "tile/0/000.p")
    calls.clear()
    folder.write([("tile/0/000.p/3", b"xyz")])
    assert calls.count(("sync", "folder")) >= 1
    folder.write([("tile/0/000.p/3", b"xyz")])


def test_after_a_fault_every_folder_is_synced_again(tmp_path, calls, monkeypatch):
    """A file may have its name already while the folder that holds it is not yet on the disk."""
    folder = DurableFolder(tmp_path)
    folder.write([("tile/0/000.p/1", b"x")])
    watched, failing = os.fsync, [True]

    def fail_on_folders(descriptor):
        if os.path.isdir(f"/proc/self/fd/{descriptor}") and failing:
            raise OSError(5, "Input/output error")
        watched(descriptor)

    monkeypatch.setattr(os, "fsync", fail_on_folders)
    with pytest.raises(OSError, match="Input/output"):
        folder.write([("tile/0/000.p/2", b"xy")], head=("checkpoint", b"two"))
    assert not (tmp_path / "checkpoint").exists()
    assert not list(tmp_path.rglob(".*"))
    failing.clear()
    calls.clear()
    folder.write([("tile/0/000.p/2", b"xy")])
    assert calls == [("sync", "folder")] * 4


TILES = [(f"tile/0/{number:03d}", bytes([number])) for number in range(20)]


@pytest.fixture
def slow_disk(monkeypatch):
    """Every sync counts as slow, so that those of one step run at the same time."""
    monkeypatch.setattr(files, "_SLOW_SYNC", -1.0)


@pytest.mark.usefixtures("slow_disk")
def test_on_a_slow_disk_the_order_of_the_steps_is_the_same(tmp_path, calls):
    folder = DurableFolder(tmp_path)
    for number in (1, 2):  # the second time it is known that the disk is slow
        calls.clear()
        tiles = [(f"{name}.p/{number}", data) for name, data in TILES]
        folder.write(tiles, head=("checkpoint", b"%d" % number))
        kinds = [call[0] if call[0] == "rename" else call[1] for call in calls]
        at = {kind: [place for place, other in enumerate(kinds) if other == kind] for kind in set(kinds)}
        assert len(at["file"]) == 21 and len(at["rename"]) == 21
        assert max(at["file"]) < min(at["rename"])
        last = at["rename"][-1]
        assert calls[last] == ("rename", "checkpoint")
        assert kinds[at["rename"][-2] + 1 : last] == ["folder"] * (23 if number == 1 else 20)
        assert kinds[last + 1 :] == ["folder"]


@pytest.mark.usefixtures("slow_disk")
@pytest.mark.parametrize("failing", [1, 2, 20, 21, 22, 30])
def test_a_fault_of_any_sync_leaves_no_unfinished_file_and_no_head(tmp_path, monkeypatch, failing):
    count = itertools.count(1)
    fsync = os.fsync

    def fail_once(descriptor):
        if next(count) == failing:
            raise OSError(5, "Input/output error")
        fsync(descriptor)

    folder = DurableFolder(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail_once)
        with pytest.raises(OSError, match="Input/output"):
            folder.write([(f"{name}.p/1", data) for name, data in TILES], head=("checkpoint", b"1"))
    assert not (tmp_path / "checkpoint").exists()
    assert not list(tmp_path.rglob(".*"))
    folder.write([(f"{name}.p/1", data) for name, data in TILES], head=("checkpoint", b"1"))
    assert all((tmp_path / f"{name}.p/1").read_bytes() == data for name, data in TILES)


@pytest.mark.usefixtures("slow_disk")
def test_a_forked_process_goes_on_with_threads_of_its_own(tmp_path):
    folder = DurableFolder(tmp_path)
    folder.write(TILES)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(30)  # waiting for threads that are not there would take for ever
            folder.write([(f"{name}.p/1", data) for name, data in TILES])
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(list(tmp_path.rglob("1"))) == len(TILES)


def test_what_a_crash_left_behind_is_not_in_the_way(tmp_path, monkeypatch):
    """Another process of the same number (usual in containers) counts its names from the beginning again."""
    monkeypatch.setattr(files, "_count", itertools.count())
    (tmp_path / f".checkpoint.{os.getpid()}-0.tmp").write_bytes(b"half")
    write_atomic(tmp_path / "checkpoint", b"whole")
    assert (tmp_path / "checkpoint").read_bytes() == b"whole"


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_fault_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, broken):
    write_atomic(tmp_path / "checkpoint", b"old")

    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(OSError, match="Input/output"):
        write_atomic(tmp_path / "checkpoint", b"new")
    assert os.listdir(tmp_path) == ["checkpoint"]
    assert (tmp_path / "checkpoint").read_bytes() == b"old"


def test_a_conflict_writes_none_of_the_files(tmp_path):
    write_immutable(tmp_path, [("b", b"old")])
    with pytest.raises(TileConflict, match="b exists"):
        write_immutable(tmp_path, [("a", b"new"), ("b", b"new")])
    assert os.listdir(tmp_path) == ["b"]
    assert (tmp_path / "b").read_bytes() == b"old"


def test_the_checkpoint_never_goes_back(tmp_path):
    log = numbered(5)
    assert read_checkpoint(tmp_path) is None
    publish_checkpoint(tmp_path, log.checkpoint(3))
    publish_checkpoint(tmp_path, log.checkpoint(3))
    publish_checkpoint(tmp_path, log.checkpoint(5))
    other = Log([b"other"] * 5)
    for text, why in (
        (log.checkpoint(4), "go back"),
        (other.checkpoint(), "fork"),
        (log.checkpoint().replace("log.example.org", "log.example.net"), "another log"),
    ):
        with pytest.raises(CheckpointError, match=why):
            publish_checkpoint(tmp_path, text)
    assert read_checkpoint(tmp_path) == log.checkpoint(5).encode()
    # Signed again with another key the same tree is still the same tree.
    publish_checkpoint(tmp_path, log.checkpoint(5, OTHER_KEY))
