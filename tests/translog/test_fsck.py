"""A whole published tree: every flipped, cut, missing or foreign byte of it is found and named."""

import shutil

import pytest

from fairnotice.translog.errors import CheckpointError, NoteError, TileError, TranslogError
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.merkle import root
from fairnotice.translog.tiles import TileReader, write_tiles
from tests.translog.build import OTHER_KEY, VKEY, Log, numbered


def files_of(directory):
    return sorted(path for path in directory.rglob("*") if path.is_file())


@pytest.mark.parametrize("steps", [(1,), (7, 3), (255, 1), (256, 1), (100, 500, 36), (0,)])
def test_sound_trees(tmp_path, steps):
    log = numbered(sum(steps))
    log.publish(tmp_path, *steps)
    report = tree_check(tmp_path, VKEY)
    assert (report.size, report.root, report.ahead) == (sum(steps), root(log.hashes), 0)
    assert report.files == len(files_of(tmp_path)) - 1


def test_more_than_two_levels(tmp_path):
    log = Log([b"%d" % number for number in range(65_537)])
    log.publish(tmp_path)
    assert tree_check(tmp_path, VKEY).root == TileReader(tmp_path, 65_537).root()
    (tmp_path / "tile/2/000.p/1").write_bytes(bytes(32))
    with pytest.raises(TileError, match=r"tile/2/000\.p/1"):
        tree_check(tmp_path, VKEY)


def test_every_flipped_byte_and_every_cut_is_found(tmp_path):
    log = numbered(6)
    log.publish(tmp_path, 2, 4)
    tried = 0
    for path in files_of(tmp_path):
        good = path.read_bytes()
        for at in range(len(good)):
            for damaged in (good[:at], good[:at] + bytes([good[at] ^ 0x20]) + good[at + 1 :]):
                path.write_bytes(damaged)
                with pytest.raises(TranslogError):
                    tree_check(tmp_path, VKEY)
                tried += 1
        path.write_bytes(good)
    assert tried > 1000
    tree_check(tmp_path, VKEY)


def test_every_missing_file_of_the_current_tree_is_named(tmp_path):
    log = numbered(600)
    log.publish(tmp_path)
    for path in files_of(tmp_path):
        good = path.read_bytes()
        path.unlink()
        with pytest.raises(TranslogError, match=path.relative_to(tmp_path).as_posix()):
            tree_check(tmp_path, VKEY)
        path.write_bytes(good)


def test_entries_changed_together_with_their_tile_do_not_lead_to_the_root(tmp_path):
    log = numbered(6)
    log.publish(tmp_path)
    forged = Log([b"forged", *log.entries[1:]])
    shutil.rmtree(tmp_path / "tile")
    write_tiles(tmp_path, 0, forged.entries)
    with pytest.raises(TileError, match="do not lead to the root"):
        tree_check(tmp_path, VKEY)


def test_a_forged_rolled_back_or_missing_checkpoint(tmp_path):
    log = numbered(6)
    log.publish(tmp_path)
    (tmp_path / "checkpoint").write_text(log.checkpoint(signer=OTHER_KEY))
    with pytest.raises(NoteError):
        tree_check(tmp_path, VKEY)
    (tmp_path / "checkpoint").write_text(numbered(7).checkpoint())
    with pytest.raises(TileError, match="missing"):
        tree_check(tmp_path, VKEY)
    (tmp_path / "checkpoint").unlink()
    with pytest.raises(CheckpointError, match="no file named checkpoint"):
        tree_check(tmp_path, VKEY)


def test_files_ahead_of_the_checkpoint_are_counted_and_must_agree(tmp_path):
    log = numbered(300)
    log.publish(tmp_path, 6)
    write_tiles(tmp_path, 6, log.entries[6:])
    assert tree_check(tmp_path, VKEY).ahead == 5  # two full, two partial of level 0, one of level 1
    path = tmp_path / "tile/0/000"
    path.write_bytes(bytes(32) + path.read_bytes()[32:])
    with pytest.raises(TileError, match="tile/0/000"):
        tree_check(tmp_path, VKEY)


def test_foreign_files_are_named_and_unfinished_ones_passed_over(tmp_path):
    numbered(6).publish(tmp_path)
    (tmp_path / "tile/0/.000.abc.tmp").write_bytes(b"unfinished")
    tree_check(tmp_path, VKEY)
    (tmp_path / "tile/0/notes.txt").write_bytes(b"?")
    with pytest.raises(TileError, match=r"tile/0/notes\.txt"):
        tree_check(tmp_path, VKEY)
