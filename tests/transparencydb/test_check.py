"""Statements checked one by one and as the call that the API takes; nothing that they hold raises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.transparencydb.check import check_many, check_one, version_of
from fairnotice.transparencydb.schema import SCHEMAS
from tests.transparencydb.made import right

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["null", "2026-02-30", "KEYWORD_OTHER"])
)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_STATEMENTS = st.dictionaries(st.sampled_from([*SCHEMAS["v2"].fields, "created_at", "made_up"]), _JSON, max_size=12)  # fmt: skip


@given(_STATEMENTS, st.sampled_from(["v1", "v2"]))
@settings(max_examples=40, deadline=None)
def test_nothing_raises_and_every_fault_can_be_written_down(statement, version):
    faults = check_one(right() | statement, version)
    text = json.dumps([[fault.field, fault.rule, fault.message, fault.found] for fault in faults])
    assert all(len(fault.found) <= 200 and fault.found.isprintable() for fault in faults)
    assert text.isascii()
    assert version_of(statement) in ("v1", "v2")


def test_a_call_names_each_statement_by_its_place():
    found = check_many([right(), right(puid="other", category="PIRACY"), 3])
    assert list(found) == ["statement_1", "statement_2"]
    assert [(fault.field, fault.rule) for fault in found["statement_1"]] == [("category", "unknown")]
    assert [fault.rule for fault in found["statement_2"]] == ["no_object"]


def test_an_identifier_is_used_once_in_a_call():
    found = check_many([right(), right(), right(puid="other")])
    assert {key: [fault.rule for fault in faults] for key, faults in found.items()} == {
        "statement_1": ["puid_twice"]
    }


@pytest.mark.parametrize("count", [0, 101])
def test_a_call_holds_one_to_a_hundred(count):
    found = check_many([right(puid=f"p{number}") for number in range(count)])
    assert [fault.rule for fault in found["statements"]] == ["call_size"]
    assert check_many([right(puid=f"p{number}") for number in range(100)]) == {}


def test_a_call_with_many_drops_the_number_outside_of_content_id():
    found = check_many([right(content_id_ean="4006381333931")])
    assert [fault.rule for fault in found["statement_0"]] == ["ean_dropped"]
    assert check_one(right(content_id_ean="4006381333931")) == []


def test_a_field_that_the_database_does_not_know_is_named():
    faults = check_one(right(territorial_scopes=["DE"], created_at="2026-01-10 10:00:00"))
    assert [(fault.field, fault.rule, fault.level) for fault in faults] == [("territorial_scopes", "unknown_field", "ours")]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        (4006381333931, []),
        (123, ["shape"]),
        (4006381333932, ["check_digit"]),
        (True, ["shape"]),
        (4006381333931.0, ["shape"]),
        (["4006381333931"], ["shape"]),
        (None, []),
    ],
)
def test_a_product_number_that_is_no_text_is_held_to_the_same(number, wrong):
    assert [fault.rule for fault in check_one(right(content_id={"EAN-13": number}))] == wrong


def test_free_text_in_a_list_is_not_repeated_either():
    faults = check_one(right(decision_facts=["Write to somebody@mail.example."]))
    assert [(fault.rule, fault.found) for fault in faults] == [("type", "a list")]


def test_free_text_is_never_repeated():
    text = "Write to somebody@mail.example or call +49 30 1234567, as “the person who sold the three bicycles to us all”."
    faults = check_one(right(decision_facts=text, illegal_content_explanation="-"))
    found = {fault.rule: fault.found for fault in faults}
    assert found == {
        "personal_data": "e-mail address at character 10, telephone number at character 40",
        "quotation": "long quotation at character 59",
        "says_nothing": "1 characters",
    }


@pytest.mark.parametrize(
    ("statement", "version"),
    [
        ({"created_at": "2025-06-30 23:59:59"}, "v1"),
        (
            {"created_at": "2025-07-01 00:00:00", "category": "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"},
            "v2",
        ),
        ({"category": "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"}, "v1"),
        ({"category_specification": ["KEYWORD_DISINFORMATION"]}, "v1"),
        ({"created_at": "soon", "category_addition": ["STATEMENT_CATEGORY_SCAMS_AND_FRAUD"]}, "v2"),
        ({}, "v2"),
    ],
)
def test_the_version_is_told_by_the_day_or_by_a_code(statement, version):
    assert version_of(statement) == version
