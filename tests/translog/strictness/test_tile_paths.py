"""Names of tiles: one spelling each, as every cache and every verifier between us and a reader spells them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fairnotice.translog.errors import TileError
from fairnotice.translog.tilepaths import ENTRIES, Tile, parse_tile_path
from tests.translog.strictness.lenient import NUMBERS


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(1, 999, 255), "tile/1/999.p/255"),
        (Tile(63, 1000, 1), "tile/63/x001/000.p/1"),
        (Tile(ENTRIES, 5, 12), "tile/entries/005.p/12"),
        (Tile(0, (2**63 - 1) // 256), "tile/0/x036/x028/x797/x018/x963/967"),
    ],
)
def test_paths_of_the_specification(tile, path):
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("", id="nothing"),
        pytest.param("checkpoint", id="the checkpoint"),
        pytest.param("tile/0", id="no number"),
        pytest.param("tile/0/0", id="one digit"),
        pytest.param("tile/0/00", id="two digits"),
        pytest.param("tile/0/0000", id="four digits"),
        pytest.param("tile/00/000", id="level 00"),
        pytest.param("tile/01/000", id="level 01"),
        pytest.param("tile/64/000", id="level 64"),
        pytest.param("tile/-1/000", id="level -1, ours for bundles"),
        pytest.param("tile/data/000", id="another tree's word for bundles"),
        pytest.param("tile/entry/000", id="entry"),
        pytest.param("tile/8/0/000", id="with the height, as golang.org/x/mod names tiles"),
        pytest.param("tile/0/x000/001", id="a group of zeros first"),
        pytest.param("tile/0/x000/x001/067", id="a group of zeros before others"),
        pytest.param("tile/0/001/067", id="first group without x"),
        pytest.param("tile/0/x001", id="last group with x alone"),
        pytest.param("tile/0/x001/x067", id="last group with x"),
        pytest.param("tile/0/X001/067", id="capital X"),
        pytest.param("tile/0/x01/067", id="short group"),
        pytest.param("tile/0/x001//067", id="empty group"),
        pytest.param("tile/0/000.p/0", id="width 0"),
        pytest.param("tile/0/000.p/256", id="width 256"),
        pytest.param("tile/0/000.p/999", id="width 999"),
        pytest.param("tile/0/000.p/01", id="leading zero of the width"),
        pytest.param("tile/0/000.p/-1", id="negative width"),
        pytest.param("tile/0/000.p/", id="empty width"),
        pytest.param("tile/0/000.p", id="no width"),
        pytest.param("tile/0/000.P/1", id="capital P"),
        pytest.param("tile/0/000.p/1/", id="slash at the end"),
        pytest.param("tile/0/000/", id="slash at the end of a full one"),
        pytest.param("/tile/0/000", id="slash first"),
        pytest.param("tile//0/000", id="two slashes"),
        pytest.param("tile/0/000\n", id="line feed, which $ lets pass"),
        pytest.param("tile/0/000.p/1\n", id="line feed after the width"),
        pytest.param("tile/0/../000", id="parent folder"),
        pytest.param("tile/0/%30%30%30", id="escaped"),
        pytest.param("tile/0/000?", id="query"),
        pytest.param("tile/0/000\x00", id="NUL"),
        pytest.param("tile/٠/000", id="level in another script"),
        pytest.param("tile/0/٠٠٠", id="number in another script"),
        pytest.param("tile/0/000.p/１", id="full-width width"),
        pytest.param("tile/0/x036/x028/x797/x018/x963/968", id="one beyond the largest tree"),
        pytest.param("tile/0/" + "x999/" * 7 + "999", id="far beyond the largest tree"),
        pytest.param("tile/0/" + "x999/" * 100_000 + "999", id="very long"),
    ],
)
def test_other_spellings_are_no_paths(path):
    with pytest.raises(TileError):
        parse_tile_path(path)


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_numbers_in_paths_have_one_spelling(number):
    for path in (
        f"tile/{number}/000",
        f"tile/0/000.p/{number}",
        f"tile/0/{number:0>3}",
        f"tile/0/x{number:0>3}/000",
    ):
        if path in ("tile/0/012", "tile/0/x012/000"):
            assert parse_tile_path(path).path == path
            continue
        with pytest.raises(TileError):
            parse_tile_path(path)


@pytest.mark.parametrize("values", [(64, 0), (-2, 0), (0, -1), (0, 0, 0), (0, 0, 257), (0, 2**62)])
def test_tiles_that_do_not_exist(values):
    with pytest.raises(TileError):
        Tile(*values)


@given(
    st.text(alphabet="tile/entries0123456789x.p-+ \n٠", max_size=40).map(lambda text: f"tile/{text}")
    | st.from_regex(r"tile/(entries|\d{1,2})/(x?\d{3}/){0,3}x?\d{3}(\.p/\d{1,3})?", fullmatch=True)
    | st.text(max_size=20)
)
@example("tile/0/x001/000.p/1")
def test_any_text_is_a_path_or_refused(path):
    try:
        tile = parse_tile_path(path)
    except TileError:
        return
    assert tile.path == path
