"""What is published, against the definition of tlog-tiles: for every size that ever had a checkpoint, exactly
its tiles and bundles, full and partial, with the bytes that the definition says.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog.bundles import decode_bundle, encode_bundle
from fairnotice.translog.errors import TileError
from fairnotice.translog.tilepaths import ENTRIES, Tile, new_tiles
from fairnotice.translog.tiles import write_tiles
from tests.translog.strictness.definition import Definition


def published(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def publish(directory, definition, sizes):
    before = 0
    for size in sizes:
        assert write_tiles(directory, before, definition.entries[before:size]) == size
        before = size


LARGE = [1, 2, 3, 7, 255, 256, 257, 1000, 65535, 65536, 65537, 70000]


def test_every_published_size_up_to_70000(tmp_path):
    definition = Definition(LARGE[-1])
    publish(tmp_path, definition, LARGE)
    found = published(tmp_path)
    expected = {path: data for size in LARGE for path, data in definition.files(size).items()}
    assert found.keys() == expected.keys()
    assert found == expected


SMALL = Definition(1400)


@given(st.lists(st.integers(1, 280), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_any_published_sizes(tmp_path_factory, steps):
    directory = tmp_path_factory.mktemp("log")
    sizes = [sum(steps[: count + 1]) for count in range(len(steps))]
    publish(directory, SMALL, sizes)
    assert published(directory) == {path: data for size in sizes for path, data in SMALL.files(size).items()}


@given(st.integers(0, 2**63 - 1))
def test_widths_of_partial_tiles_are_those_of_the_formula(size):
    partial = {}
    for level in range(8):
        width = size // 256**level % 256
        if width:
            partial[level] = width
    if size % 256:
        partial[ENTRIES] = size % 256
    near = max(0, size - 1)  # everything else but the right edge was there before
    found = {tile.level: tile.width for tile in new_tiles(near, size) if tile.width < 256}
    touched = {tile.level for tile in new_tiles(near, size)}
    assert found == {level: width for level, width in partial.items() if level in touched}
    assert all(tile.end() <= size for tile in new_tiles(near, size))


def test_the_specifications_examples_of_sizes():
    def level(size, number):
        return [tile for tile in new_tiles(0, size) if tile.level == number]

    assert len(level(70000, 0)) == 274
    assert level(70000, 0)[-1] == Tile(0, 273, 112)
    assert level(70000, 1) == [Tile(1, 0), Tile(1, 1, 17)]
    assert level(70000, 2) == [Tile(2, 0, 1)]
    assert level(256, 0) == [Tile(0, 0)]
    assert level(256, 1) == [Tile(1, 0, 1)]
    assert level(256, ENTRIES) == [Tile(ENTRIES, 0)]


def test_bundles_hold_lengths_of_two_bytes_and_at_most_256_entries():
    entries = [b"", b"a", bytes(65535)]
    data = encode_bundle(entries)
    assert data[:5] == b"\x00\x00\x00\x01a" and data[5:7] == b"\xff\xff"
    assert decode_bundle(data, 3) == entries
    assert len(decode_bundle(encode_bundle([b"x"] * 256), 256)) == 256
    with pytest.raises(TileError, match="at most 256"):
        encode_bundle([b"x"] * 257)
    for count in (257, -1, 10**9):
        with pytest.raises(TileError, match="at most 256"):
            decode_bundle(b"\x00\x00" * 257, count)
    with pytest.raises(TileError, match="65535"):
        encode_bundle([bytes(65536)])


@pytest.mark.parametrize(
    ("data", "count"),
    [
        pytest.param(b"\x00\x01a\x00\x02bc"[:-1], 2, id="last entry cut"),
        pytest.param(b"\x00\x01a\x00", 2, id="cut within a length"),
        pytest.param(b"\x00\x01a", 2, id="one entry too few"),
        pytest.param(b"\x00\x01a\x00\x02bc", 1, id="one entry too many"),
        pytest.param(b"\x00\x01a\x00", 1, id="a byte too many"),
        pytest.param(b"\x01\x00a", 1, id="length in the other byte order"),
        pytest.param(b"", 1, id="nothing"),
        pytest.param(b"\x00\x00", 0, id="an entry where none is"),
    ],
)
def test_a_bundle_that_does_not_end_with_its_entries_is_refused(data, count):
    with pytest.raises(TileError):
        decode_bundle(data, count)


@given(st.binary(max_size=40), st.integers(0, 6))
def test_any_bytes_are_a_bundle_or_refused(data, count):
    try:
        entries = decode_bundle(data, count)
    except TileError:
        return
    assert encode_bundle(entries) == data
