import base64
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
    binding,
    build_leaf,
    canonical_json,
    check_openings,
    commit,
    parse_leaf,
    tag,
)
from tests.translog.build import OPENINGS, RECORD, SALT, make_leaf

R = bytes(range(32))


def test_the_commitment_is_the_hmac_of_length_prefixed_parts():
    parts = [b"fair-notice/commitment/v1", RECORD.encode(), b"facts_1", b'{"a":1,"b":"\xc3\xbc"}']
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    expected = hmac.new(R, message, hashlib.sha256).digest()
    assert commit(R, record=RECORD, path="facts_1", value={"b": "ü", "a": 1.0}) == expected


def test_tag_and_binding_are_hmacs_of_length_prefixed_parts():
    def mac(*parts):
        message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.new(SALT, message, hashlib.sha256).digest()

    assert tag(SALT, "facts_1") == mac(b"fair-notice/path/v2", b"facts_1")[:16]
    assert binding(SALT, RECORD) == mac(b"fair-notice/record/v2", RECORD.encode())
    for salt in (SALT[:-1], SALT + b"\0", b""):
        with pytest.raises(OpeningError, match="32 bytes"):
            tag(salt, "kind")
        with pytest.raises(OpeningError, match="32 bytes"):
            binding(salt, RECORD)


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


@pytest.mark.parametrize(
    "path",
    ["", "x" * 65, "\ud800", None, 5, "Kind", "kind ", " kind", "1st", "_kind", "kin\u0434", "caf\u00e9", "cafe\u0301",
     "a.b", "a/b", "kind\n", "\uff4bind"],
)  # fmt: skip
def test_no_path_can_look_like_another(path):
    """Letters of other scripts, composed and decomposed letters, capitals and spaces: a person would take two
    such paths for one, and each could have a value."""
    with pytest.raises(OpeningError, match="path"):
        commit(R, record=RECORD, path=path, value=1)
    with pytest.raises(OpeningError, match="path"):
        tag(SALT, path)
    with pytest.raises(OpeningError, match="path"):
        build_leaf(SALT, RECORD, {path: R})
    with pytest.raises(OpeningError, match="path"):
        Opening.from_json(GOOD | {"path": path})


@pytest.mark.parametrize(
    "record", ["", "ab", RECORD + "00", RECORD.upper(), RECORD[:-1] + "g", RECORD + "\n", None, 5]
)
def test_a_record_has_one_spelling_of_its_name(record):
    with pytest.raises(OpeningError, match="32 digits"):
        commit(R, record=record, path="kind", value=1)
    with pytest.raises(OpeningError, match="32 digits"):
        build_leaf(SALT, record, {"kind": R})
    with pytest.raises(OpeningError, match="32 bytes"):
        commit(R[:-1], record=RECORD, path="kind", value=1)


def test_a_leaf_shows_a_fixed_number_of_values_and_nothing_else():
    few = make_leaf()
    many = build_leaf(SALT, RECORD, {f"p{n}": bytes([n]) * 32 for n in range(LEAF_COMMITMENTS)})
    assert len(few) == len(many)
    body = json.loads(few)
    assert set(body) == {"c", "r", "v"}
    assert body["c"] == sorted(body["c"])
    assert (len(body["c"]), body["v"]) == (64, 2)
    held = parse_leaf(few)
    assert all(held.elements[tag(SALT, item.path)] == item.commitment(RECORD) for item in OPENINGS)
    assert held.binding == binding(SALT, RECORD)
    assert make_leaf() != make_leaf()  # the padding is random
    assert len({len(base64.b64decode(item)) for item in body["c"]}) == 1


def test_the_type_is_in_the_clear_only_where_asked():
    leaf = make_leaf(clear_type="erasure")
    assert json.loads(leaf)["t"] == "erasure"
    assert parse_leaf(leaf).clear_type == "erasure"
    assert parse_leaf(make_leaf()).clear_type is None
    wrongs: list[Any] = ["", "Erasure", "two words", "x" * 65, "\u202e", 5]
    for wrong in wrongs:
        with pytest.raises(OpeningError, match="public type"):
            build_leaf(SALT, RECORD, {}, clear_type=wrong)


def test_too_many_or_short_commitments_are_refused():
    for wrong in ({f"p{n}": bytes([n]) * 32 for n in range(65)}, {"kind": R[:-1]}):
        with pytest.raises(OpeningError):
            build_leaf(SALT, RECORD, wrong)


def doubled_leaf(*values: Json) -> tuple[bytes, list[Opening]]:
    """What an operator would make by hand to show each reader another value of "kind"."""
    opened = [Opening("kind", value, bytes([n]) * 32) for n, value in enumerate(values)]
    elements = [tag(SALT, "kind") + opening.commitment(RECORD) for opening in opened]
    elements += [bytes([255, n]) * 24 for n in range(64 - len(elements))]
    body = {
        "c": sorted(encode_base64(element) for element in elements),
        "r": encode_base64(binding(SALT, RECORD)),
        "v": 2,
    }
    return canonical_json(body), opened


def test_one_path_has_one_value_whoever_is_shown_it():
    single, (opening,) = doubled_leaf("removal")
    check_openings(single, RECORD, SALT, [opening])
    double, shown = doubled_leaf("removal", "no action")
    for opening in shown:
        with pytest.raises(OpeningError, match="two elements for one path"):
            check_openings(double, RECORD, SALT, [opening])


def test_one_leaf_has_one_salt_and_one_record():
    """Else an operator could put the second value where another salt, or another name, finds it."""
    other_salt, other_record = bytes(32), RECORD[::-1]
    elements = {tag(SALT, "kind"): R, tag(other_salt, "kind"): bytes(32)}
    elements |= {bytes([9, n]) * 8: R for n in range(62)}
    for bound in (binding(SALT, RECORD), binding(other_salt, RECORD)):
        body = {
            "c": sorted(encode_base64(mark + item) for mark, item in elements.items()),
            "r": encode_base64(bound),
            "v": 2,
        }
        taken = []
        for salt in (SALT, other_salt):
            for record in (RECORD, other_record):
                try:
                    check_openings(canonical_json(body), record, salt, [])
                except OpeningMismatch:
                    continue
                taken.append((salt, record))
        assert len(taken) == 1


def test_an_opening_of_a_path_that_the_entry_has_not_is_refused():
    with pytest.raises(OpeningMismatch, match="no field 'nothing'"):
        check_openings(make_leaf(), RECORD, SALT, [Opening("nothing", 1, R)])


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
        LEAF.replace(b'"v":2', b'"v":2.0'),
        LEAF.replace(b'"v":2', b'"v":1'),
        LEAF.replace(b'"v":2', b'"v":2,"v":2'),
        LEAF.replace(b'"v":2', b'"v":true'),
        LEAF.replace(b'"v":2', b'"v":' + b"1" * 5000),
        _canonical(BODY | {"x": 1}),
        _canonical(BODY | {"t": None}),
        _canonical(BODY | {"t": ["order"]}),
        _canonical(BODY | {"c": BODY["c"][::-1]}),
        _canonical(BODY | {"c": BODY["c"][:-1]}),
        _canonical(BODY | {"c": BODY["c"] + BODY["c"][-1:]}),
        _canonical(BODY | {"c": [*BODY["c"][:-1], 5]}),
        _canonical(BODY | {"c": [*BODY["c"][:-1], encode_base64(bytes(47))]}),
        _canonical(BODY | {"c": "text"}),
        _canonical(BODY | {"r": None}),
        _canonical(BODY | {"r": encode_base64(bytes(31))}),
        _canonical({key: value for key, value in BODY.items() if key != "r"}),
        _canonical({"c": [encode_base64(bytes([n]) * 32) for n in range(64)], "v": 1}),
        b"[" * 100_000,
        bytes(65536),
        b"\xff",
    ],
)
def test_a_leaf_has_one_spelling(damaged):
    assert _canonical(BODY) == LEAF
    with pytest.raises(OpeningError):
        parse_leaf(damaged)


def test_an_entry_of_the_trial_version_is_named():
    first = _canonical({"c": sorted(encode_base64(bytes([n]) * 32) for n in range(64)), "v": 1})
    with pytest.raises(OpeningError, match="earlier trial version"):
        parse_leaf(first)


def test_openings_fit_their_entry_in_any_order_and_number():
    leaf = make_leaf()
    check_openings(leaf, RECORD, SALT, OPENINGS)
    check_openings(leaf, RECORD, SALT, OPENINGS[::-1])
    check_openings(leaf, RECORD, SALT, OPENINGS[1:2])
    check_openings(leaf, RECORD, SALT, [])


def test_each_mismatch_names_the_field_and_not_its_value():
    leaf, (opening, *_) = make_leaf(), OPENINGS
    for wrong in (
        Opening("measure", opening.value, opening.r),
        Opening("nothing", opening.value, opening.r),
        Opening(opening.path, "secret value", opening.r),
        Opening(opening.path, opening.value, R),
    ):
        with pytest.raises(OpeningMismatch, match=repr(wrong.path)) as caught:
            check_openings(leaf, RECORD, SALT, [wrong])
        assert "secret value" not in str(caught.value)
    with pytest.raises(OpeningMismatch, match="twice"):
        check_openings(leaf, RECORD, SALT, [opening, opening])


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
