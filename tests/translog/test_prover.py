"""The proof server: the same proofs as the plain ones, from few files, for a log that grows meanwhile."""

import shutil
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog import merkle
from fairnotice.translog.errors import TileError, TreeError
from fairnotice.translog.prover import Prover
from fairnotice.translog.tilepaths import Tile
from fairnotice.translog.tiles import folder_tiles
from tests.translog.build import Log, numbered

SIZE = 1512
STEPS = (1, 2, 252, 1, 1, 43, 212, 300, 700)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    log = numbered(SIZE)
    directory = tmp_path_factory.mktemp("log")
    log.publish(directory, *STEPS)
    return log, directory


class Counted:
    """A source that notes what was read, and can lose tiles."""

    def __init__(self, directory):
        self.inner = folder_tiles(directory)
        self.read: list[Tile] = []

    def __call__(self, tile):
        self.read.append(tile)
        return self.inner(tile)


def sizes_of(steps):
    return [sum(steps[: at + 1]) for at in range(len(steps))]


def test_every_proof_of_a_small_log_is_the_plain_one(tmp_path):
    log = numbered(40)
    log.publish(tmp_path, *[1] * 40)
    prover, read = Prover(tmp_path), merkle.list_reader(log.hashes)
    for size in range(1, 41):
        assert prover.root(size) == merkle.tree_root(size, read)
        for index in range(size):
            assert prover.inclusion(index, size) == merkle.inclusion_proof(index, size, read)
        for old in range(size + 1):
            assert prover.consistency(old, size) == merkle.consistency_proof(old, size, read)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_proofs_across_tiles_and_levels(published, data):
    log, directory = published
    size = data.draw(st.sampled_from(sizes_of(STEPS)))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    prover, read = (
        Prover(directory, cached_tiles=data.draw(st.integers(1, 8))),
        merkle.list_reader(log.hashes),
    )
    for _ in range(2):  # the second time from memory
        assert prover.inclusion(index, size) == merkle.inclusion_proof(index, size, read)
        assert prover.consistency(old, size) == merkle.consistency_proof(old, size, read)
        assert prover.root(size) == merkle.root(log.hashes[:size])


def test_three_levels(tmp_path):
    log = Log([b"%d" % number for number in range(65_537 + 300)])
    log.publish(tmp_path)
    size, hashes = len(log.entries), log.hashes
    source = Counted(tmp_path)
    prover = Prover(source)
    root = merkle.root(hashes)
    assert prover.root(size) == root
    source.read.clear()
    merkle.verify_inclusion(70, size, hashes[70], prover.inclusion(70, size), root)
    assert len(source.read) <= 3
    for old in (1, 255, 256, 65_535, 65_536, 65_537, size - 1):
        proof = prover.consistency(old, size)
        merkle.verify_consistency(old, size, proof, merkle.root(hashes[:old]), root)


def test_what_was_read_once_serves_smaller_and_larger_trees(published):
    _, directory = published
    source = Counted(directory)
    prover = Prover(source)
    prover.inclusion(3, SIZE)
    seen = len(source.read)
    for size in (255, 512, 812):
        prover.inclusion(3, size)
        prover.inclusion(200, size)
    # Each new size looks at its own right edge, and never again at the full tile.
    assert source.read.count(Tile(0, 0)) == 1
    assert len(source.read) - seen <= 2 * 3
    read = len(source.read)
    for index in range(200):
        prover.inclusion(index, SIZE)
    assert len(source.read) == read


def test_a_growing_partial_tile_is_read_at_each_width_and_hashed_on(tmp_path):
    log = numbered(200)
    log.publish(tmp_path, *[20] * 10)
    source = Counted(tmp_path)
    prover, read = Prover(source), merkle.list_reader(log.hashes)
    for size in range(20, 201, 20):
        assert prover.inclusion(7, size) == merkle.inclusion_proof(7, size, read)
    assert source.read == [Tile(0, 0, width) for width in range(20, 201, 20)]
    assert prover.inclusion(7, 60) == merkle.inclusion_proof(7, 60, read)
    assert len(source.read) == 10


def test_memory_is_bounded(published):
    _, directory = published
    prover = Prover(directory, cached_tiles=2)
    for index in range(0, SIZE, 50):
        prover.inclusion(index, SIZE)
        assert len(prover._tiles) <= 2
    for size in range(20, SIZE, 30):
        try:
            prover.root(size)
        except TileError:
            continue  # this size was never published
    assert len(prover._suffixes) <= 16


def test_many_threads_get_the_same_proofs(published):
    log, directory = published
    read = merkle.list_reader(log.hashes)
    prover = Prover(directory, cached_tiles=3)
    expected = {index: merkle.inclusion_proof(index, SIZE, read) for index in range(0, SIZE, 37)}
    wrong: list[Any] = []

    def work():
        try:
            wrong.extend(index for index, path in expected.items() if prover.inclusion(index, SIZE) != path)
        except BaseException as fault:
            wrong.append(fault)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_full_tile_stands_in_for_a_partial_one_and_what_lacks_is_named(published):
    _, directory = published
    lost: set[Tile] = {Tile(0, 5, SIZE % 256)}
    read = folder_tiles(directory)
    with pytest.raises(TileError, match=r"tile/0/005\.p/232 is missing"):
        Prover(lambda tile: None if tile in lost else read(tile)).inclusion(SIZE - 1, SIZE)
    lost = {Tile(0, 0, 255)}
    plain = Prover(directory).inclusion(9, 255)
    assert Prover(lambda tile: None if tile in lost else read(tile)).inclusion(9, 255) == plain


def test_damaged_tiles_are_refused(published):
    _, directory = published
    read = folder_tiles(directory)
    for change in (lambda data: data[:-1], lambda data: data + bytes(32), lambda data: b""):
        with pytest.raises(TileError, match="bytes instead of"):
            Prover(lambda tile, change=change: change(read(tile))).inclusion(3, SIZE)  # type: ignore[misc]


def test_a_tile_that_is_another_one_when_it_grew_is_refused(tmp_path):
    numbered(20).publish(tmp_path, 10, 10)
    prover = Prover(tmp_path)
    prover.inclusion(3, 10)
    other = Log([b"other %d" % number for number in range(20)])
    (tmp_path / "tile/0/000.p/20").write_bytes(b"".join(other.hashes))
    with pytest.raises(TileError, match="narrower"):
        prover.inclusion(3, 20)
    # What was in memory is forgotten: the folder may have been put back from a copy.
    assert prover.inclusion(3, 20) == merkle.inclusion_proof(3, 20, merkle.list_reader(other.hashes))


def test_a_folder_that_was_replaced_can_be_read_anew(tmp_path):
    log, other = numbered(300), Log([b"other %d" % number for number in range(300)])
    log.publish(tmp_path / "log")
    other.publish(tmp_path / "other")
    prover = Prover(tmp_path / "log")
    assert prover.root(300) == merkle.root(log.hashes)
    shutil.rmtree(tmp_path / "log")
    (tmp_path / "other").rename(tmp_path / "log")
    prover.forget()
    assert prover.root(300) == merkle.root(other.hashes)


@pytest.mark.parametrize("wrong", [True, -1, 1.5, "3", None])
def test_sizes_and_indexes_are_whole_numbers(published, wrong):
    prover = Prover(published[1])
    for call in (
        lambda: prover.inclusion(wrong, SIZE),
        lambda: prover.inclusion(0, wrong),
        lambda: prover.consistency(wrong, SIZE),
        lambda: prover.consistency(1, wrong),
        lambda: prover.root(wrong),
    ):
        with pytest.raises(TreeError):
            call()


def test_what_is_not_in_the_tree_is_refused(published):
    prover = Prover(published[1])
    with pytest.raises(TreeError, match="no entry 1513 in a tree of 1512"):
        prover.inclusion(SIZE, SIZE)
    with pytest.raises(TreeError, match="cannot contain"):
        prover.consistency(SIZE, SIZE - 1)
    assert prover.root(0) == merkle.EMPTY_ROOT
    assert prover.consistency(0, SIZE) == prover.consistency(SIZE, SIZE) == []
    with pytest.raises(TileError, match="missing"):
        prover.root(SIZE + 256)
