"""Drawn numbers: any of them make a well-formed picture, all inside its frame, that needs no colour and no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.charts import bars, columns, curves, frame, stacked
from fairnotice.charts.bars import Bar
from fairnotice.charts.columns import Column
from fairnotice.charts.curves import Curve
from fairnotice.charts.stacked import Whole

SVG = "{http://www.w3.org/2000/svg}"
TEXTS = st.text(max_size=70)
NUMBERS = st.one_of(
    st.none(),
    st.integers(0, 10**18).map(float),
    st.sampled_from([0.0, 0.0001, 0.5, 1.0, 3.0, 9.0, 1e15]),
)
IDENT = {"ident": "c-1", "title": "How <many>", "description": "More & less"}


def read(made: str) -> ElementTree.Element:
    """The picture, after all that must hold of any."""
    picture = ElementTree.fromstring(made)  # noqa: S314 - made here
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    assert width == frame.WIDTH and height > 0
    names = {name for part in picture.iter() for name in part.attrib}
    assert names.isdisjoint({"style", "href", "onload"})
    tags = {part.tag.removeprefix(SVG) for part in picture.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "pattern", "path", "g", "rect", "text"}
    for part in picture.iter(f"{SVG}rect"):
        if "x" not in part.attrib:
            continue  # the ground of a pattern
        x, y = float(part.attrib["x"]), float(part.attrib["y"])
        assert x >= 0 and x + float(part.attrib["width"]) <= width + 0.2
        assert y >= 0 and y + float(part.attrib["height"]) <= height + 0.2
    for line in picture.iter(f"{SVG}text"):
        assert 0 <= float(line.attrib["x"]) <= width and 0 <= float(line.attrib["y"]) <= height
    for path in picture.iter(f"{SVG}path"):
        if "chart-line" in path.attrib["class"]:
            for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path.attrib["d"]):
                assert float(x) <= width and float(y) <= height
    for used in re.findall(r"url\(#([^)]+)\)", made):
        assert f'id="{used}"' in made
    return picture


@given(
    st.lists(st.builds(Bar, TEXTS, NUMBERS, TEXTS, st.booleans(), st.integers(0, 4)), min_size=1, max_size=9)
)
@settings(max_examples=25)
def test_any_bars(found: list[Bar]) -> None:
    made = bars.draw(found, **IDENT)
    picture = read(made)
    assert made == bars.draw(found, **IDENT)
    said = "".join("".join(line.itertext()) for line in picture.iter(f"{SVG}text"))
    for bar in found:
        assert "".join(frame._NO_XML.sub("\ufffd", part) for part in bar.name.split()) in "".join(
            said.split()
        )


@given(
    st.lists(st.builds(Column, TEXTS, NUMBERS, st.text(max_size=8)), min_size=1, max_size=40), st.booleans()
)
@settings(max_examples=25)
def test_any_columns(found: list[Column], touching: bool) -> None:
    read(columns.draw(found, touching=touching, **IDENT))


@given(st.data(), st.integers(1, 40))
@settings(max_examples=25)
def test_any_curves(data: st.DataObject, places: int) -> None:
    one = st.builds(Curve, TEXTS, st.lists(NUMBERS, min_size=places, max_size=places).map(tuple))
    found = data.draw(st.lists(one, min_size=1, max_size=curves.MOST))
    names = data.draw(st.lists(TEXTS, min_size=places, max_size=places))
    read(curves.draw(found, names, **IDENT))


@given(st.data(), st.integers(1, frame.PATTERNS))
@settings(max_examples=25)
def test_any_wholes(data: st.DataObject, parts: int) -> None:
    one = st.builds(Whole, TEXTS, st.lists(NUMBERS, min_size=parts, max_size=parts).map(tuple), TEXTS)
    found = data.draw(st.lists(one, min_size=1, max_size=4))
    names = data.draw(st.lists(TEXTS, min_size=parts, max_size=parts))
    read(stacked.draw(found, names, **IDENT))


@given(st.floats(0, 1e18))
def test_an_axis_reaches_its_largest_value_in_few_steps(largest: float) -> None:
    marks = frame.ticks(largest)
    assert marks[0] == 0 and marks[-1] >= largest and 2 <= len(marks) <= 6
    assert len({frame.short(mark) for mark in marks}) == len(marks)


def test_lengths_are_in_proportion_and_what_is_not_shown_has_no_bar() -> None:
    picture = read(
        bars.draw(
            [Bar("A", 100, "100"), Bar("B", 50, "50"), Bar("C", None, "not shown"), Bar("D", 0, "0")], **IDENT
        )
    )
    long = [float(part.attrib["width"]) for part in picture.iter(f"{SVG}rect") if "x" in part.attrib]
    assert long[0] == pytest.approx(2 * long[1], abs=0.2) and long[2:] == [0.0]
    words = [line.text for line in picture.iter(f"{SVG}text")]
    assert words == ["A", "100", "B", "50", "C", "not shown", "D", "0"]
    assert [picture.findtext(f"{SVG}title"), picture.findtext(f"{SVG}desc")] == ["How <many>", "More & less"]


def test_places_are_named_where_there_is_room() -> None:
    made = columns.draw([Column(name, 5, "5") for name in ("H1 2025", "H2 2025", "H1 2026")], **IDENT)
    words = [line.text for line in read(made).iter(f"{SVG}text")]
    assert words[-3:] == ["H1 2025", "H2 2025", "H1 2026"]
    made = columns.draw([Column(f"May {2000 + n}", n, str(n)) for n in range(30)], **IDENT)
    named = [line.text for line in read(made).iter(f"{SVG}text") if line.text == "May"]
    assert 5 < len(named) < 20


def test_a_gap_in_a_line_stays_a_gap() -> None:
    made = curves.draw([Curve("A", (1.0, 2.0, None, 4.0))], ["a", "b", "c", "d"], **IDENT)
    [way] = re.findall(r'chart-line-0" d="([^"]+L[^"]*)"', made)
    assert way.count("M") == 2 and way.count("L") == 1


@pytest.mark.parametrize(
    "draw",
    [
        lambda number, ident: bars.draw([Bar("A", number, "")], ident=ident, title="", description=""),
        lambda number, ident: columns.draw([Column("A", number, "")], ident=ident, title="", description=""),
        lambda number, ident: curves.draw(
            [Curve("A", (number,))], ["a"], ident=ident, title="", description=""
        ),
        lambda number, ident: stacked.draw(
            [Whole("A", (number,))], ["a"], ident=ident, title="", description=""
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: Callable[[float, str], str]) -> None:
    for number in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="zero"):
            draw(number, "a")
    with pytest.raises(ValueError, match="ident"):
        draw(1.0, 'a" onload="x')


def test_nothing_to_draw_is_no_picture() -> None:
    assert bars.draw([], **IDENT) == columns.draw([], **IDENT) == curves.draw([], [], **IDENT) == ""
    assert stacked.draw([], ["a"], **IDENT) == ""
    with pytest.raises(ValueError, match="few"):
        curves.draw([Curve("A", ())] * 5, [], **IDENT)
    with pytest.raises(ValueError, match="few"):
        stacked.draw([Whole("A", (1,))], ["a", "b"], **IDENT)
