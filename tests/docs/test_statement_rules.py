"""The page about statements lists the table of rules as it is in the code."""

from __future__ import annotations

from fairnotice.transparencydb.check import WHOLE
from fairnotice.transparencydb.rules import table
from fairnotice.transparencydb.schema import SCHEMAS
from tests.docs.reading import ROOT

PAGE = (ROOT / "docs" / "statements-check.md").read_text("utf-8")


def rows() -> list[str]:
    """A line for all rules with one name and one message: the database's first."""
    fields: dict[tuple[str, str, str, str], list[str]] = {}
    for rule in table("v2"):
        fields.setdefault((rule.level, rule.id, rule.message, rule.source), []).append(rule.field)
    lines = [
        f"| `{name}` | {level} | {message} | {', '.join(f'`{field}`' for field in found)} | {source} |"
        for (level, name, message, source), found in sorted(fields.items())
    ]
    return lines + [
        f"| `{rule.id}` | {rule.level} | {rule.message} | the whole | {rule.source} |"
        for rule in sorted(WHOLE.values(), key=lambda rule: (rule.level, rule.id))
    ]


def test_every_rule_stands_on_the_page_and_no_other() -> None:
    listed = PAGE.split("## All rules")[1].split("\n## ")[0].splitlines()
    assert [line for line in listed if line.startswith("| `")] == rows()


def test_what_is_not_known_of_v1_stands_there() -> None:
    for gap in SCHEMAS["v1"].not_known:
        assert gap in " ".join(PAGE.split())


def test_the_rules_of_v1_are_those_of_v2_but_for_the_homes_of_keywords() -> None:
    names = {version: {rule.key for rule in table(version)} for version in SCHEMAS}
    assert names["v2"] - names["v1"] == {"elsewhere/category_specification"}
    assert names["v1"] < names["v2"]
