"""The table of rules: a right statement keeps them all, and each is broken by a statement that breaks no other."""

from __future__ import annotations

import pytest

from fairnotice.transparencydb import dump
from fairnotice.transparencydb.bulk import Plain
from fairnotice.transparencydb.check import check_one
from fairnotice.transparencydb.rules import table
from fairnotice.transparencydb.schema import SCHEMAS, V1_ONLY
from tests.transparencydb.made import GONE, breaking, right

# Further right ones.
MORE = [
    right(decision_visibility=GONE, end_date_visibility_restriction=GONE, decision_monetary="DECISION_MONETARY_SUSPENSION"),
    right(territorial_scope=[]), right(territorial_scope=None, content_language=None, account_type=None),
    right(content_id={"EAN-13": "4006381333931"}, content_id_ean="4006381333931"),
    right(end_date_visibility_restriction="2026-01-09", content_date="2026-01-09"),
    right(territorial_scope=sorted(SCHEMAS["v2"].fields["territorial_scope"].allowed)),
    right(decision_facts="x" * 5000, puid="p" * 500), right(decision_facts="事実です"),
    right(content_language="SE", territorial_scope=["DE", "NO"]),
]  # fmt: skip


def keys(statement, version="v2"):
    return [f"{fault.rule}/{fault.field}" for fault in check_one(statement, version)]


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_a_right_statement_breaks_nothing(version):
    assert keys(right(), version) == []
    assert [keys(statement, version) for statement in MORE] == [[]] * len(MORE)


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_each_rule_is_broken_alone(version):
    rules = [rule for rule in table(version) if (rule.key, version) != ("no_notifier/category", "v1")]
    assert len(rules) > 180
    broken = {rule.key: keys(breaking(rule.id, rule.field, version), version) for rule in rules}
    assert {key: found for key, found in broken.items() if found != [key]} == {}


def test_a_category_that_v1_never_had_is_wrong_twice():
    statement = breaking("no_notifier", "category", "v1")
    assert keys(statement, "v1") == ["unknown/category", "no_notifier/category"]


def test_the_same_faults_are_found_in_rows_of_a_dump():
    columns = dump.COLUMNS
    statements = [(rule, breaking(rule.id, rule.field)) for rule in table("v2")]
    # A dump holds texts alone: no null, no number, and one column for the product number.
    texts = [(rule, one) for rule, one in statements
             if rule.id not in ("not_nullable", "type", "key", "differs") and rule.field != "content_id"]  # fmt: skip
    assert len(texts) > 140
    engine = Plain(columns, "v2", most_examples=10_000)
    rows = "".join(line(dump.to_row(one), columns) for _rule, one in texts)
    outcome = engine.block(rows.encode(), 1)
    assert {key: [place.row for place in found] for key, found in outcome.examples.items()} == {
        rule.key: [row] for row, (rule, _one) in enumerate(texts, 1)
    }


def line(row, columns):
    return ",".join('"' + row[column].replace('"', '""') + '"' for column in columns) + "\n"


def test_rules_have_names_of_their_own_and_a_known_source():
    for version in ("v1", "v2"):
        names = [rule.key for rule in table(version)]
        assert len(set(names)) == len(names)
        assert all(rule.message.endswith((".", "?")) and rule.source for rule in table(version))
        assert {rule.level for rule in table(version)} == {"database", "ours"}


def test_v1_codes_are_right_in_v1_and_wrong_in_v2():
    for code in sorted(V1_ONLY):
        name = "category" if code.startswith("STATEMENT") else "category_specification"
        statement = right(**{name: code if name == "category" else [code], "category_addition": GONE})
        if name == "category":
            statement.pop("category_specification")
        assert keys(statement, "v1") == []
        assert keys(statement, "v2") == [f"unknown/{name}"]


def test_what_came_with_v2_is_wrong_in_v1():
    gone = {"category_specification": GONE, "category_addition": GONE}
    assert keys(right(category="STATEMENT_CATEGORY_CYBER_VIOLENCE", **gone), "v1") == ["unknown/category"]
    renamed = right(category_specification=["KEYWORD_CYBER_BULLYING_INTIMIDATION"])
    assert keys(renamed, "v1") == ["unknown/category_specification"]


def test_a_field_without_a_column_is_not_asked_for():
    short = {name: value for name, value in right().items() if name not in dump.NOT_IN_LIGHT}
    absent = dump.absent(dump.LIGHT)
    assert {"decision_facts", "territorial_scope", "content_id"} <= absent
    assert keys(short) == ["required_here/illegal_content_explanation", "required/decision_facts"]
    assert check_one(short, "v2", absent) == []
