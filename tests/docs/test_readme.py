"""The README stays short, shows the picture, and keeps its list of what never happens."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from tests.docs.reading import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_it_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) <= 150


def test_the_two_commands_stand_near_the_top() -> None:
    top = "\n".join(README.splitlines()[:30])
    assert "python3 dev.py demo" in top
    assert "python3 dev.py test" in top


def test_every_never_has_its_why() -> None:
    section = README.split("## What it never does, and why")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")][2:]
    assert len(rows) >= 12
    assert all(len(row) == 2 and row[0].strip() and row[1].strip() for row in rows)


def test_the_picture_can_be_read_aloud_and_loads_nothing() -> None:
    text = (ROOT / "docs" / "way-of-data.svg").read_text("utf-8")
    picture = ET.fromstring(text)  # noqa: S314  our own file
    space = "{http://www.w3.org/2000/svg}"
    assert picture.find(f"{space}title") is not None
    assert picture.find(f"{space}desc") is not None
    assert "href" not in text
    assert "style=" not in text
