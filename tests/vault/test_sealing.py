"""A sealed value opens under its own key and in its own place, unchanged or not at all."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.vault import keys, sealing

pytestmark = pytest.mark.usefixtures("fn_db")

PLACE = {"table": "notice", "row": "12", "field": "facts"}
# One database for all examples is right here: a seal leaves nothing in it.
same_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@pytest.fixture
def key_id() -> str:
    return keys.new_key("subject")


# Text as a form can send it: everything but lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=500)


@given(text=texts)
@same_database
def test_what_is_sealed_comes_back(key_id: str, text: str) -> None:
    blob = sealing.seal(key_id, **PLACE, plaintext=text)
    assert sealing.unseal(key_id, blob, **PLACE) == text
    assert sealing.unseal(key_id, memoryview(blob), **PLACE) == text


@given(data=st.data())
@same_database
def test_one_changed_or_missing_byte_is_refused(key_id: str, data: st.DataObject) -> None:
    blob = sealing.seal(key_id, **PLACE, plaintext="the facts")
    at = data.draw(st.integers(0, len(blob) - 1))
    flipped = blob[:at] + bytes([blob[at] ^ data.draw(st.integers(1, 255))]) + blob[at + 1 :]
    for broken in (flipped, blob[:at], blob + b"\0"):
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(key_id, broken, **PLACE)


@pytest.mark.parametrize(
    "place",
    [
        {**PLACE, "table": "appeal"},
        {**PLACE, "row": "13"},
        {**PLACE, "field": "name"},
        {"table": "noticed", "row": "12", "field": "facts"},
        {"table": "notic", "row": "e12", "field": "facts"},
        {"table": "notice1", "row": "2", "field": "facts"},
        {"table": "notice", "row": "12f", "field": "acts"},
    ],
)
def test_a_value_moved_to_another_place_is_refused(key_id: str, place: dict[str, str]) -> None:
    blob = sealing.seal(key_id, **PLACE, plaintext="the facts")
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(key_id, blob, **place)


def test_a_value_under_another_key_is_refused(key_id: str) -> None:
    blob = sealing.seal(key_id, **PLACE, plaintext="the facts")
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(keys.new_key("subject"), blob, **PLACE)


def test_the_same_text_never_looks_the_same(key_id: str) -> None:
    assert len({sealing.seal(key_id, **PLACE, plaintext="x") for _ in range(20)}) == 20


def test_rows_are_named_by_number_or_text_alike(key_id: str) -> None:
    blob = sealing.seal(key_id, table="notice", row=12, field="facts", plaintext="x")
    assert sealing.unseal(key_id, blob, **PLACE) == "x"


def test_nothing_is_sealed_or_opened_under_a_destroyed_key(key_id: str) -> None:
    blob = sealing.seal(key_id, **PLACE, plaintext="secret words")
    keys.destroy(key_id)
    with pytest.raises(sealing.Erased):
        sealing.unseal(key_id, blob, **PLACE)
    with pytest.raises(sealing.Erased) as caught:
        sealing.seal(key_id, **PLACE, plaintext="secret words")
    assert "secret words" not in str(caught.value)


def test_a_text_without_utf8_form_is_refused_without_being_quoted(key_id: str) -> None:
    with pytest.raises(ValueError, match="half a character") as caught:
        sealing.seal(key_id, **PLACE, plaintext="secret words \ud800")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "secret words" not in str(caught.value)
