"""Openings bind every part they are made of; no file whatsoever crashes the verifier or passes when
changed.
"""

import base64
import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog.encoding import decode_base64, encode_base64
from fairnotice.translog.errors import OpeningError, OpeningMismatch, TranslogError
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.openings import (
    Opening,
    binding,
    build_leaf,
    canonical_json,
    check_openings,
    commit,
    parse_leaf,
    tag,
)
from fairnotice.translog.promise import parse_promise
from fairnotice.translog.proof import parse_proof
from tests.translog.build import NOW, ORIGIN, VKEY, Log, evidence, make_leaf, promise, record

text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
records = st.text(alphabet="0123456789abcdef", min_size=32, max_size=32)
paths = st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | numbers | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
secrets = st.binary(min_size=32, max_size=32)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_json_is_json_of_the_same_value_and_stays_the_same(value):
    written = canonical_json(value)
    read = json.loads(written)
    assert canonical_json(read) == written
    assert read == value


@given(anything)
def test_any_value_is_taken_or_refused(value):
    try:
        canonical_json(value)
    except OpeningError:
        return
    json.dumps(value, allow_nan=False)


@given(secrets, records, paths, values, secrets, records, paths, values, secrets)
@settings(max_examples=300)
def test_each_part_of_a_commitment_binds(
    r, rec, path, value, other_r, other_rec, other_path, other_value, salt
):
    made = commit(r, record=rec, path=path, value=value)
    assert made == commit(r, record=rec, path=path, value=copy.deepcopy(value))
    leaf = build_leaf(salt, rec, {path: made})
    check_openings(leaf, rec, salt, [Opening(path, value, r)])
    for changed_rec, changed_salt, opening in (
        (rec, salt, Opening(path, value, other_r)),
        (rec, salt, Opening(other_path, value, r)),
        (rec, salt, Opening(path, other_value, r)),
        (other_rec, salt, Opening(path, value, r)),
        (rec, other_r, Opening(path, value, r)),
    ):
        same = (
            opening.r == r
            and (changed_rec, changed_salt) == (rec, salt)
            and opening.path == path
            and canonical_json(opening.value) == canonical_json(value)
        )
        if not same:
            with pytest.raises(OpeningMismatch):
                check_openings(leaf, changed_rec, changed_salt, [opening])


@given(secrets, records, st.dictionaries(paths, secrets, max_size=64), st.randoms())
def test_a_leaf_holds_each_path_once_and_tells_no_order(salt, rec, commitments, random):
    shuffled = list(commitments.items())
    random.shuffle(shuffled)
    full = {f"p{n}": bytes([n]) * 32 for n in range(64)}
    again = list(full.items())
    random.shuffle(again)
    assert build_leaf(salt, rec, full) == build_leaf(salt, rec, dict(again))
    leaf = parse_leaf(build_leaf(salt, rec, dict(shuffled)))
    assert {path: leaf.elements[tag(salt, path)] for path in commitments} == commitments
    assert len(leaf.elements) == 64
    assert leaf.binding == binding(salt, rec)


@given(secrets, records, st.dictionaries(paths, secrets, min_size=1, max_size=63), secrets, st.data())
def test_a_second_value_for_a_path_makes_the_leaf_unreadable(salt, rec, commitments, second, data):
    """Whatever an operator puts in the place of filling: two elements with the tag of one path are none."""
    twice = data.draw(st.sampled_from(sorted(commitments)))
    body = json.loads(build_leaf(salt, rec, commitments))
    marks = {tag(salt, path) for path in commitments}
    filling = next(item for item in body["c"] if base64.b64decode(item)[:16] not in marks)
    body["c"].remove(filling)
    body["c"] = sorted([*body["c"], encode_base64(tag(salt, twice) + second)])
    if len(set(body["c"])) == 64:
        with pytest.raises(OpeningError):
            parse_leaf(canonical_json(body))


@given(st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_leaf_or_refused(data):
    with pytest.raises(OpeningError):
        parse_leaf(data)


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_base64_is_canonical_or_refused(data):
    if isinstance(data, bytes):
        assert decode_base64(encode_base64(data), "it", OpeningError) == data
        return
    try:
        decoded = decode_base64(data, "it", OpeningError)
    except OpeningError:
        return
    assert encode_base64(decoded) == data


LEAF = make_leaf()
LOG = Log([b"one", LEAF, b"three", b"four", b"five"])
DOCUMENT = evidence(record(LEAF, proof=LOG.proof(1), promised=promise(LEAF)))
BYTES = json.dumps(DOCUMENT).encode()
PROOF = LOG.proof(1, extra=LEAF).encode()


def _refused(data, *vkeys):
    """True when refused; whatever else verifies must have proven an entry of our log."""
    try:
        result = verify_evidence(data, vkeys, now=NOW)
    except TranslogError as fault:
        message = str(fault)
    else:
        assert {origin for origin, _, _ in result.entries} <= {ORIGIN}
        return False
    assert 0 < len(message) < 1500
    return True


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda item: item.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_refused(data):
    assert _refused(data, VKEY)
    assert _refused(data)
    assert _refused(b"c2sp.org/tlog-proof@v1" + data, VKEY)


@given(anything)
def test_any_json_is_refused(value):
    assert _refused(json.dumps(value).encode(), VKEY)


@given(st.integers(0, len(BYTES) - 1))
def test_any_truncated_file_is_refused(length):
    assert _refused(BYTES[:length], VKEY)
    assert _refused(PROOF[: length % len(PROOF)], VKEY)


def _paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _paths(inner, (*path, key))


PATHS = [path for path in _paths(DOCUMENT) if path]


@given(st.sampled_from(PATHS), anything)
@settings(max_examples=500)
def test_any_part_replaced_by_anything_is_refused(path, value):
    """Except where a weaker file is still true: no openings, no promise, no proof, another kind or promise
    key.
    """
    changed = copy.deepcopy(DOCUMENT)
    place = changed
    for key in path[:-1]:
        place = place[key]
    before, place[path[-1]] = place[path[-1]], value
    # JSON has one number type: 30 and 30.0 are the same value.
    same = type(value) is not bool and value == before
    weaker = (path[-1] in ("promise", "proof") and value is None) or (path[-1] == "openings" and value == [])
    assert _refused(json.dumps(changed).encode(), VKEY) or same or weaker


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_changed_byte_is_refused_or_changes_nothing_that_is_proven(data):
    whole = data.draw(st.sampled_from([BYTES, PROOF]))
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    if _refused(changed, VKEY):
        return
    genuine = verify_evidence(whole, [VKEY], now=NOW)
    found = verify_evidence(changed, [VKEY], now=NOW)
    assert (found.entries, found.lines) == (genuine.entries, genuine.lines)


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda item: f"c2sp.org/tlog-proof@v1\n{item}\n\n")
)
def test_any_text_is_a_proof_or_refused(data):
    try:
        proof = parse_proof(data)
    except TranslogError:
        return
    assert proof.to_text() == (data if isinstance(data, str) else data.decode())


@given(text | st.text(max_size=200).map(lambda item: f"fair-notice promise v1\n{item}\n"))
def test_any_text_is_a_promise_or_refused(data):
    try:
        found = parse_promise(data)
    except TranslogError:
        return
    assert found.to_text() == data
