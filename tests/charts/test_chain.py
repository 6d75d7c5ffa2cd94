"""The drawn chain: well-formed, in order, nothing outside its frame, nothing that the policy forbids."""

from __future__ import annotations

import ast
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice import charts
from fairnotice.charts import chain, text
from fairnotice.charts.chain import Box

SVG = "{http://www.w3.org/2000/svg}"
TEXTS = st.text(max_size=90)
BOXES = st.builds(
    Box,
    title=TEXTS,
    facts=st.lists(TEXTS, max_size=4).map(tuple),
    marks=st.lists(TEXTS, max_size=2).map(tuple),
    tones=st.lists(st.sampled_from(sorted(chain.TONES)), max_size=2).map(tuple),
)


def drawn(boxes: list[Box]) -> ElementTree.Element:
    made = chain.draw(boxes, ident="c-1", title="Who <answers>", description="From & to")
    return ElementTree.fromstring(made)  # noqa: S314 - made here


@given(st.lists(BOXES, min_size=1, max_size=5))
def test_any_words_make_a_picture_that_the_policy_lets_through(boxes: list[Box]) -> None:
    picture = drawn(boxes)
    assert {name for part in picture.iter() for name in part.attrib}.isdisjoint({"style", "href", "onload"})
    tags = {part.tag.removeprefix(SVG) for part in picture.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "marker", "path", "g", "rect", "text"}


@given(st.lists(BOXES, min_size=1, max_size=5))
def test_boxes_stand_one_below_another_inside_the_picture(boxes: list[Box]) -> None:
    picture = drawn(boxes)
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    edge = 0.0
    for group in picture.iter(f"{SVG}g"):
        frame = group.find(f"{SVG}rect")
        assert frame is not None
        top, tall = float(frame.attrib["y"]), float(frame.attrib["height"])
        assert edge < top and tall > 0 and top + tall <= height
        assert float(frame.attrib["x"]) + float(frame.attrib["width"]) <= width
        for line in group.iter(f"{SVG}text"):
            assert top < float(line.attrib["y"]) < top + tall
        edge = top + tall


@given(TEXTS, st.integers(30, 400))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(words: str, room: int) -> None:
    found = text.lines(words, room, 13.5)
    assert "".join("".join(found).split()) == "".join(words.split())
    assert all(len(line) == 1 or text.width(line, 13.5) <= room for line in found)


def test_the_words_are_read_out() -> None:
    picture = drawn(
        [Box("Example <Registry>"), Box("Host", facts=("lease of 192.0.2.0/24",), marks=("private",))]
    )
    assert picture.attrib["role"] == "img"
    assert [picture.findtext(f"{SVG}title"), picture.findtext(f"{SVG}desc")] == ["Who <answers>", "From & to"]
    read = [line.text for line in picture.iter(f"{SVG}text")]
    assert read == ["Example <Registry>", "Host", "lease of 192.0.2.0/24", "private"]


def test_what_would_break_a_page_is_refused() -> None:
    for ident in ("", "1", 'a" onload="x', "a b"):
        with pytest.raises(ValueError, match="ident"):
            chain.draw([Box("Host")], ident=ident, title="", description="")
    with pytest.raises(ValueError, match="tone"):
        chain.draw([Box("Host", tones=("loud",))], ident="a", title="", description="")
    assert chain.draw([], ident="a", title="", description="") == ""


def test_it_needs_nothing_but_the_standard_library() -> None:
    (folder,) = charts.__path__
    for path in Path(folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module and "django" not in node.module
