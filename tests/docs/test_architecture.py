"""What the architecture page and the guides list is what is there."""

from __future__ import annotations

import re
from dataclasses import fields

from fairnotice.cases import guards
from fairnotice.cases.permissions import ROLES
from fairnotice.plumbing import appendonly
from fairnotice.site.config import Config
from tests.docs.reading import ROOT, spans

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
SOURCE = ROOT / "src" / "fairnotice"


def section(text: str, heading: str) -> str:
    """The part under one heading of the second level."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_every_package_stands_in_the_table_of_layers() -> None:
    rows = re.findall(r"^\|[^|]*\| `(\w+)` \|", section(PAGE, "Folders and layers"), re.MULTILINE)
    packages = {file.parent.name for file in SOURCE.glob("*/__init__.py")}
    assert sorted(rows) == sorted(packages)


def test_the_example_of_an_action_is_the_code() -> None:
    example = section(PAGE, "How an action is written").split("```python\n")[1].split("```")[0]
    assert example in (SOURCE / "cases" / "actions" / "claim.py").read_text("utf-8")


def test_the_tables_that_only_grow_are_those_that_are_guarded() -> None:
    listed = [
        line for line in section(PAGE, "What only grows").split("Further")[0].splitlines() if "`" in line
    ]
    named = {span.lower() for line in listed for span in spans(line) if span.isalnum()}
    guarded = {table.partition("_")[2] for table in appendonly.registered()}
    assert named == guarded
    assert {model.__name__.lower() for model in guards.FINAL} <= named


def test_every_place_named_exists() -> None:
    named = [span for span in spans(PAGE) if re.fullmatch(r"[\w/]+(?:\.py|\.toml|/)", span) and "/" in span]
    places = [path for path in named if not path.startswith("/") and path != "log/"]
    assert len(places) > 30
    assert [path for path in places if not (ROOT / path).exists() and not (SOURCE / path).exists()] == []


def test_the_guide_explains_every_role() -> None:
    guide = (ROOT / "docs" / "operators-guide.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", section(guide, "People and roles"), re.MULTILINE)
    assert sorted(set(rows) - {field.name for field in fields(Config)}) == sorted(ROLES)
