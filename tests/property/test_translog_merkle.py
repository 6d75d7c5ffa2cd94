"""Whatever the size: proofs verify, tiles and lists agree, and no changed element passes."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog import merkle
from fairnotice.translog.errors import ProofError
from fairnotice.translog.tilepaths import TILE_WIDTH, Tile, new_tiles, parse_tile_path, width_at
from fairnotice.translog.tiles import TileReader, decode_bundle, encode_bundle, write_tiles

LARGEST = 600
ENTRIES = [b"entry %d" % number for number in range(LARGEST)]
HASHES = [merkle.leaf_hash(entry) for entry in ENTRIES]
READ = merkle.list_reader(HASHES)

sizes = st.integers(0, LARGEST)


@cache
def root(size):
    return merkle.tree_root(size, READ)


def test_incremental_recursive_and_flat_roots_agree_at_every_size():
    edge = merkle.Edge()
    for size in range(LARGEST + 1):
        assert edge.root() == root(size) == merkle.root(HASHES[:size])
        assert edge.size == size
        if size < LARGEST:
            edge.append(HASHES[size])


def _flip(item, bit):
    return (int.from_bytes(item, "big") ^ (1 << bit)).to_bytes(32, "big")


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_inclusion_holds_and_no_changed_element_passes(data):
    size = data.draw(st.integers(1, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, READ)
    merkle.verify_inclusion(index, size, HASHES[index], path, root(size))
    bit = data.draw(st.integers(0, 255))
    wrong = [
        (index, size, _flip(HASHES[index], bit), path, root(size)),
        (index, size, HASHES[index], path, _flip(root(size), bit)),
        *(
            (index, size, HASHES[index], [*path[:at], _flip(path[at], bit), *path[at + 1 :]], root(size))
            for at in range(len(path))
        ),
    ]
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        wrong.append((other, size, HASHES[index], path, root(size)))
    if len(path) > 1:
        wrong.append((index, size, HASHES[index], path[::-1], root(size)))
        wrong.append((index, size, HASHES[index], path[:-1], root(size)))
    for arguments in wrong:
        with pytest.raises(ProofError):
            merkle.verify_inclusion(*arguments)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_consistency_holds_and_no_changed_element_passes(data):
    new = data.draw(sizes)
    old = data.draw(st.integers(0, new))
    path = merkle.consistency_proof(old, new, READ)
    merkle.verify_consistency(old, new, path, root(old), root(new))
    bit = data.draw(st.integers(0, 255))
    wrong = [
        (path, _flip(root(old), bit), root(new)),
        *(
            ([*path[:at], _flip(path[at], bit), *path[at + 1 :]], root(old), root(new))
            for at in range(len(path))
        ),
        ([*path, root(new)], root(old), root(new)),
    ]
    if old not in (0, new):
        wrong += [(path, root(old), _flip(root(new), bit)), (path[:-1], root(old), root(new))]
    for arguments in wrong:
        with pytest.raises(ProofError):
            merkle.verify_consistency(old, new, *arguments)


@given(
    st.integers() | st.booleans() | st.floats(),
    st.integers() | st.none(),
    st.binary(max_size=33),
    st.lists(st.binary(min_size=31, max_size=32) | st.text(), max_size=70),
    st.binary(min_size=32, max_size=32),
)
def test_nonsense_is_refused_and_never_crashes(first, second, leaf, path, tree):
    for call, arguments in (
        (merkle.verify_inclusion, (first, second, leaf, path, tree)),
        (merkle.verify_consistency, (first, second, path, leaf, tree)),
    ):
        try:
            call(*arguments)
        except ProofError:
            continue
        # Only what is true by itself can pass: an empty old tree, or a tree equal to itself.
        assert (first, path) == (0, []) or leaf == tree


@given(steps=st.lists(st.integers(1, 300), min_size=1, max_size=5), data=st.data())
@settings(max_examples=25, deadline=None)
def test_tiles_written_in_any_steps_prove_the_same_as_the_list(tmp_path_factory, steps, data):
    directory = tmp_path_factory.mktemp("log")
    size, published = 0, []
    for step in steps:
        size = write_tiles(directory, size, ENTRIES[size : size + step])
        published.append(size)
    at = data.draw(st.sampled_from(published))
    reader = TileReader(directory, at)
    index, old = data.draw(st.integers(0, at - 1)), data.draw(st.integers(0, at))
    assert reader.root() == root(at)
    assert reader.inclusion(index) == merkle.inclusion_proof(index, at, READ)
    assert reader.consistency(old) == merkle.consistency_proof(old, at, READ)
    assert list(reader.entries(0, at)) == ENTRIES[:at]


@given(st.integers(0, 2**24), st.integers(0, 2000))
def test_new_tiles_lead_from_one_size_to_the_next(old, step):
    """All tiles of the new size are either new or were there before."""
    fresh = set(new_tiles(old, old + step))
    assert all(tile.end() <= old + step and tile.end() > old for tile in fresh)
    for tile in fresh:
        assert width_at(tile.level, tile.index, old + step) == tile.width
    for level in range(3):
        count = (old + step) >> (8 * level)
        for index in {0, count // TILE_WIDTH - 1, count // TILE_WIDTH}:
            width = width_at(level, index, old + step) if index >= 0 else 0
            if width and width != width_at(level, index, old):
                assert Tile(level, index, width) in fresh


@given(st.integers(-1, 63), st.integers(0, (2**63 - 1) // 256), st.integers(1, 256))
def test_paths_come_back_as_they_went(level, index, width):
    tile = Tile(level, index, width)
    assert parse_tile_path(tile.path) == tile


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_come_back_as_they_went(entries):
    assert decode_bundle(encode_bundle(entries), len(entries)) == entries
