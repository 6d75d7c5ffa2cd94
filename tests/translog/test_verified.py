"""Tiles and entries from a source nobody trusts: each leads to the signed root, or is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog import merkle
from fairnotice.translog.bundles import encode_bundle
from fairnotice.translog.checkpoint import Checkpoint
from fairnotice.translog.errors import TileError, TreeError
from fairnotice.translog.sources import FolderSource, TileMissing
from fairnotice.translog.tilepaths import ENTRIES, Tile
from fairnotice.translog.verified import EdgeMismatch, VerifiedTiles, WrongTile, fold
from tests.translog.build import ORIGIN, numbered

SIZES = (1, 2, 5, 255, 256, 257, 300, 512, 1000)


def opened(log, directory, size=None):
    size = len(log.entries) if size is None else size
    return VerifiedTiles(FolderSource(directory), Checkpoint(ORIGIN, size, merkle.root(log.hashes[:size])))


@given(st.integers(0, 2000))
@settings(deadline=None)
def test_the_fold_of_a_right_edge_is_the_root(size):
    hashes = [merkle.leaf_hash(b"%d" % number) for number in range(size)]
    levels, level = [], hashes
    while level:
        full = len(level) // 256 * 256
        levels.append(level[full:])
        level = [merkle.root(level[at : at + 256]) for at in range(0, full, 256)]
    assert fold(levels) == merkle.root(hashes)


def test_every_proof_and_entry_of_sound_trees(tmp_path):
    log = numbered(1000)
    log.publish(tmp_path, *(new - old for old, new in zip((0, *SIZES), SIZES, strict=False)))
    for size in SIZES:
        tree = opened(log, tmp_path, size)
        for index in {0, size // 2, size - 1}:
            merkle.verify_inclusion(index, size, log.hashes[index], tree.inclusion(index), tree.root)
        for old in {0, 1, size // 3, size - 1, size}:
            merkle.verify_consistency(
                old, size, tree.consistency(old), merkle.root(log.hashes[:old]), tree.root
            )
        found = [entry for number in range(-(-size // 256)) for entry in tree.entries(number)]
        assert found == log.entries[:size]


def test_three_levels(tmp_path):
    log = numbered(65_536 + 300)
    log.publish(tmp_path)
    tree = opened(log, tmp_path)
    assert tree.inclusion(40_000) == merkle.inclusion_proof(
        40_000, len(log.entries), merkle.list_reader(log.hashes)
    )
    assert tree.entries(256) == log.entries[65_536 : 65_536 + 256]
    path = tmp_path / "tile/1/000"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(WrongTile, match="tile/1/000 does not lead"):
        opened(log, tmp_path).hashes(0, 3)


def test_a_flipped_byte_is_named_with_its_file(tmp_path):
    log = numbered(600)
    log.publish(tmp_path)
    for name, at, fault in (
        ("tile/0/001", 5000, WrongTile),
        ("tile/0/002.p/88", 3, EdgeMismatch),
        ("tile/1/000.p/2", 63, EdgeMismatch),
        ("tile/entries/001", 1000, WrongTile),
        ("tile/entries/001", 0, WrongTile),
    ):
        path = tmp_path / name
        good = path.read_bytes()
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        with pytest.raises(fault) as wrong:
            opened(log, tmp_path).entries(1)
        assert wrong.value.files[name] == path.read_bytes()
        assert fault is EdgeMismatch or name in str(wrong.value)
        path.write_bytes(good)
    opened(log, tmp_path).entries(1)


def test_other_lengths_and_missing_files(tmp_path):
    log = numbered(600)
    log.publish(tmp_path)
    (tmp_path / "tile/0/001").write_bytes(bytes(8160))
    with pytest.raises(WrongTile, match="8160 bytes instead of 8192"):
        opened(log, tmp_path).hashes(0, 1)
    (tmp_path / "tile/0/001").unlink()
    with pytest.raises(TileMissing, match="tile/0/001 is missing"):
        opened(log, tmp_path).hashes(0, 1)
    (tmp_path / Tile(ENTRIES, 0).path).write_bytes(encode_bundle(log.entries[:255]))
    with pytest.raises(WrongTile, match="ends within entry 256 of 256"):
        opened(log, tmp_path).entries(0)


def test_another_tree_under_the_same_size(tmp_path):
    numbered(600).publish(tmp_path)
    with pytest.raises(EdgeMismatch, match="tree of 600 do not lead"):
        VerifiedTiles(FolderSource(tmp_path), Checkpoint(ORIGIN, 600, bytes(32))).inclusion(7)


def test_what_is_not_in_the_tree(tmp_path):
    log = numbered(300)
    log.publish(tmp_path)
    tree = opened(log, tmp_path)
    for ask in (
        lambda: tree.hashes(0, 2),
        lambda: tree(0, 300),
        lambda: tree(-1, 0),
        lambda: tree.inclusion(300),
    ):
        with pytest.raises(TreeError):
            ask()
    with pytest.raises(TileError):
        tree.entries(2)


def test_memory_holds_few_tiles(tmp_path):
    log = numbered(256 * 100)
    log.publish(tmp_path)
    tree = opened(log, tmp_path)
    for index in range(100):
        tree.entries(index)
    assert len(tree._cache) <= 32
