import hashlib
import hmac
import json
from enum import StrEnum
from typing import Any

import pytest

from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import OpeningError, OpeningMismatch
from fairnotice.translog.openings import (
    LEAF_COMMITMENTS,
    Json,
    Opening,
    build_leaf,
    canonical_json,
    check_openings,
    commit,
    parse_leaf,
)
from tests.translog.build import OPENINGS, RECORD, make_leaf

R = bytes(range(32))


def test_the_commitment_is_the_hmac_of_length_prefixed_parts():
    parts = [b"fair-notice/commitment/v1", RECORD.encode(), b"facts/1", b'{"a":1,"b":"\xc3\xbc"}']
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    expected = hmac.new(R, message, hashlib.sha256).digest()
    assert commit(R, record=RECORD, path="facts/1", value={"b": "ü", "a": 1.0}) == expected


def test_moving_a_character_between_the_parts_changes_the_commitment():
    assert commit(R, record="ab", path="c", value="d") != commit(R, record="a", path="bc", value="d")


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**53,
        -(2**53),
        1e17,
        b"bytes",
        {1: 2},
        {"a": object()},
        "\ud800",
        {"\udc00": 1},
        [float("-inf")],
        {"a", "b"},
        10**400,
    ],
)
def test_values_without_an_exact_json_form_are_refused_without_being_repeated(value):
    with pytest.raises(OpeningError) as caught:
        commit(R, record=RECORD, path="kind", value=value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert str(2**53) not in str(caught.value)


def test_nesting_has_an_end():
    value: Json = "x"
    for _ in range(32):
        value = [value]
    canonical_json(value)
    for _ in range(5000):
        value = [value]
    with pytest.raises(OpeningError, match="nested"):
        canonical_json(value)


def test_plain_values_are_taken():
    class Kind(StrEnum):
        NOTICE = "notice"

    assert canonical_json([None, True, 2**53 - 1, -0.0, 1e-7, Kind.NOTICE, ("a",), {}]) == (
        b'[null,true,9007199254740991,0,1e-7,"notice",["a"],{}]'
    )


@pytest.mark.parametrize("name", ["", "x" * 257, "\ud800", None, 5])
def test_records_and_paths_are_short_texts(name):
    for names in ({"record": name, "path": "kind"}, {"record": RECORD, "path": name}):
        with pytest.raises(OpeningError):
            commit(R, value=1, **names)
    with pytest.raises(OpeningError, match="32 bytes"):
        commit(R[:-1], record=RECORD, path="kind", value=1)


def test_a_leaf_shows_a_fixed_number_of_values_and_nothing_else():
    few, many = make_leaf(), build_leaf([bytes([n]) * 32 for n in range(LEAF_COMMITMENTS)])
    assert len(few) == len(many)
    body = json.loads(few)
    assert set(body) == {"c", "v"}
    assert body["c"] == sorted(body["c"])
    assert (len(body["c"]), body["v"]) == (64, 1)
    assert {item.commitment(RECORD) for item in OPENINGS} < parse_leaf(few).commitments
    assert make_leaf() != make_leaf()  # the padding is random


def test_the_type_is_in_the_clear_only_where_asked():
    leaf = make_leaf(clear_type="erasure")
    assert json.loads(leaf)["t"] == "erasure"
    assert parse_leaf(leaf).clear_type == "erasure"
    assert parse_leaf(make_leaf()).clear_type is None
    wrongs: list[Any] = ["", "Erasure", "two words", "x" * 65, "\u202e", 5]
    for wrong in wrongs:
        with pytest.raises(OpeningError, match="public type"):
            build_leaf([], clear_type=wrong)


def test_too_many_doubled_or_short_commitments_are_refused():
    for wrong in ([bytes([n]) * 32 for n in range(65)], [R, R], [R[:-1]]):
        with pytest.raises(OpeningError):
            build_leaf(wrong)


LEAF = make_leaf(clear_type="order")
BODY = json.loads(LEAF)


def _canonical(body):
    return json.dumps(body, separators=(",", ":"), sort_keys=True).encode()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        LEAF[:-1],
        LEAF + b"\n",
        b" " + LEAF,
        LEAF.decode().encode("utf-16"),
        LEAF.replace(b'"v":1', b'"v":1.0'),
        LEAF.replace(b'"v":1', b'"v":2'),
        LEAF.replace(b'"v":1', b'"v":1,"v":1'),
        LEAF.replace(b'"v":1', b'"v":true'),
        LEAF.replace(b'"v":1', b'"v":' + b"1" * 5000),
        _canonical(BODY | {"x": 1}),
        _canonical(BODY | {"t": None}),
        _canonical(BODY | {"t": ["order"]}),
        _canonical(BODY | {"c": BODY["c"][::-1]}),
        _canonical(BODY | {"c": BODY["c"][:-1]}),
        _canonical(BODY | {"c": BODY["c"] + BODY["c"][-1:]}),
        _canonical(BODY | {"c": [*BODY["c"][:-1], 5]}),
        _canonical(BODY | {"c": [*BODY["c"][:-1], encode_base64(bytes(31))]}),
        _canonical(BODY | {"c": "text"}),
        b"[" * 100_000,
        bytes(65536),
        b"\xff",
    ],
)
def test_a_leaf_has_one_spelling(damaged):
    assert _canonical(BODY) == LEAF
    with pytest.raises(OpeningError):
        parse_leaf(damaged)


def test_openings_fit_their_entry_in_any_order_and_number():
    leaf = make_leaf()
    check_openings(leaf, RECORD, OPENINGS)
    check_openings(leaf, RECORD, OPENINGS[::-1])
    check_openings(leaf, RECORD, OPENINGS[1:2])
    check_openings(leaf, RECORD, [])


def test_each_mismatch_names_the_field_and_not_its_value():
    leaf, (opening, *_) = make_leaf(), OPENINGS
    for record, wrong in (
        (RECORD[::-1], opening),
        (RECORD, Opening("measure", opening.value, opening.r)),
        (RECORD, Opening(opening.path, "secret value", opening.r)),
        (RECORD, Opening(opening.path, opening.value, R)),
    ):
        with pytest.raises(OpeningMismatch, match=repr(wrong.path)) as caught:
            check_openings(leaf, record, [wrong])
        assert "secret value" not in str(caught.value)
    with pytest.raises(OpeningMismatch, match="twice"):
        check_openings(leaf, RECORD, [opening, opening])


def test_an_opening_survives_storage_and_hides_what_it_opens():
    for opening in OPENINGS:
        assert Opening.from_json(json.loads(json.dumps(opening.to_json()))) == opening
    shown = repr(Opening("contact", "someone@example.org", R))
    assert "contact" in shown
    assert "someone" not in shown
    assert "\\x1f" not in shown


GOOD = OPENINGS[0].to_json()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {},
        GOOD | {"x": 1},
        {"path": "kind", "value": 1},
        GOOD | {"path": ""},
        GOOD | {"path": 5},
        GOOD | {"r": "x"},
        GOOD | {"r": encode_base64(bytes(31))},
        GOOD | {"r": None},
        GOOD | {"value": 2**60},
        GOOD | {"value": float("nan")},
        GOOD | {"r": str(GOOD["r"]) + "\n"},
        GOOD | {"r": str(GOOD["r"]).replace("=", "")},
    ],
)
def test_malformed_openings_are_refused(data):
    with pytest.raises(OpeningError):
        Opening.from_json(data)
