"""Openings can be made again at any time, until the key is destroyed, and tell nothing of each other."""

from __future__ import annotations

import pytest

from fairnotice.translog.openings import Json, commit
from fairnotice.vault import keys
from fairnotice.vault.commitments import opening, openings, salt
from fairnotice.vault.errors import Erased, NeverErased

pytestmark = pytest.mark.usefixtures("fn_db")

RECORD = "ab" * 16


def test_an_opening_is_the_same_each_time_and_opens_the_commitment() -> None:
    key_id = keys.new_key("record")
    first = opening(key_id, record=RECORD, path="ground", value="law")
    assert first == opening(key_id, record=RECORD, path="ground", value="law")
    assert len(first.r) == 32
    assert commit(first.r, record=RECORD, path="ground", value="law") == commit(
        opening(key_id, record=RECORD, path="ground", value="law").r,
        record=RECORD,
        path="ground",
        value="law",
    )


def test_every_key_record_and_path_has_its_own_random_part() -> None:
    one, two = keys.new_key("record"), keys.new_key("subject")
    made = [
        opening(key_id, record=record, path=path, value="v").r
        for key_id in (one, two)
        for record in ("ab", "abc", "a")
        for path in ("c", "bc", "", "d")
    ]
    assert len(set(made)) == len(made)
    assert keys.derive(one, "seal") not in made


def test_several_openings_are_those_of_one_each() -> None:
    key_id = keys.new_key("record")
    values: dict[str, Json] = {"kind": "decision", "measure": ["a", "b"], "time": 5}
    assert openings(key_id, record=RECORD, values=values) == [
        opening(key_id, record=RECORD, path=path, value=value) for path, value in values.items()
    ]


def test_destroying_one_key_leaves_the_openings_of_others() -> None:
    subject, record = keys.new_key("subject"), keys.new_key("record")
    before = opening(record, record=RECORD, path="measure", value="removal")
    opening(subject, record=RECORD, path="name", value="x")
    keys.destroy(subject)
    with pytest.raises(Erased):
        opening(subject, record=RECORD, path="name", value="x")
    assert opening(record, record=RECORD, path="measure", value="removal") == before


def test_a_record_has_one_salt_and_it_tells_nothing_of_what_is_committed() -> None:
    one, two = keys.new_key("record"), keys.new_key("record")
    made = [salt(key_id, record) for key_id in (one, two) for record in (RECORD, RECORD[::-1])]
    assert made == [salt(key_id, record) for key_id in (one, two) for record in (RECORD, RECORD[::-1])]
    assert len(set(made)) == 4
    assert {len(item) for item in made} == {32}
    secret = [opening(one, record=RECORD, path=path, value="v").r for path in ("kind", "time", "follows")]
    assert set(made).isdisjoint([*secret, keys.derive(one, "commit"), keys.derive(one, "seal")])
    with pytest.raises(NeverErased):
        keys.destroy(one)
