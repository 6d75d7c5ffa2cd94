"""Growing a tree from what is kept in memory: the same files and roots as from the published folder."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog import merkle
from fairnotice.translog.errors import TileError, TreeError
from fairnotice.translog.files import write_immutable
from fairnotice.translog.frontier import Frontier
from fairnotice.translog.tilepaths import new_tiles
from fairnotice.translog.tiles import TileReader
from tests.translog.build import numbered

LOG = numbered(1200)
HASHES = LOG.hashes
steps = st.lists(st.integers(0, 300), max_size=5).filter(lambda some: sum(some) <= 1200)


@given(steps=steps)
@settings(max_examples=25, deadline=None)
def test_kept_and_read_frontiers_agree(tmp_path_factory, steps):
    directory = tmp_path_factory.mktemp("log")
    kept = Frontier()
    for step in steps:
        read = Frontier.read(TileReader(directory, kept.size))
        assert read == kept
        entries = LOG.entries[kept.size : kept.size + step]
        grown, files = kept.grow(entries)
        assert (grown, files) == read.grow(entries, HASHES[kept.size : kept.size + step])
        assert [path for path, _ in files] == [tile.path for tile in new_tiles(kept.size, grown.size)]
        write_immutable(directory, files)
        kept = grown
        assert kept.root() == merkle.root(HASHES[: kept.size])
    assert TileReader(directory, kept.size).root() == kept.root()
    assert list(TileReader(directory, kept.size).entries(0, kept.size)) == LOG.entries[: kept.size]


def test_growing_leaves_the_old_one_as_it_was():
    first, _ = Frontier().grow(LOG.entries[:300])
    before = first.root()
    one, _ = first.grow(LOG.entries[300:700])
    other, _ = first.grow([b"something else"])
    assert first.root() == before == merkle.root(HASHES[:300])
    assert one.root() == merkle.root(HASHES[:700])
    assert other.root() != one.root()


def test_a_second_level(tmp_path):
    entries = [b"%d" % number for number in range(65_536 + 2 * 256 + 3)]
    frontier, files = Frontier().grow(entries[:65_535])
    write_immutable(tmp_path, files)
    assert Frontier.read(TileReader(tmp_path, 65_535)) == frontier
    grown, files = frontier.grow(entries[65_535:])
    write_immutable(tmp_path, files)
    assert ("tile/2/000.p/1", grown.hashes[2]) in files
    assert Frontier.read(TileReader(tmp_path, grown.size)) == grown
    assert grown.root() == merkle.root(merkle.leaf_hashes(entries))


def test_what_cannot_be_an_entry_or_a_hash_is_refused():
    with pytest.raises(TileError, match="65535"):
        Frontier().grow([bytes(65_536)])
    with pytest.raises(TreeError):
        Frontier().grow([b"x"], [b"short"])


@given(steps=steps)
@settings(max_examples=25, deadline=None)
def test_many_leaves_at_once_are_the_same_as_one_by_one(steps):
    together, single, size = merkle.Edge(), merkle.Edge(), 0
    for step in steps:
        fresh = HASHES[size : size + step]
        made = together.extend(fresh)
        for leaf in fresh:
            single.append(leaf)
        for height, nodes in made.items():
            first = size >> height
            expected = [
                merkle.root(HASHES[at << height : (at + 1) << height])
                for at in range(first, (size + step) >> height)
            ]
            assert nodes == expected
        size += step
        assert together.nodes == single.nodes
        assert set(made) == {height for height in range(12) if size >> height > (size - step) >> height}
