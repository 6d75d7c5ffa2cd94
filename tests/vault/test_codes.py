"""A code is found again however somebody types it, and by nobody who has only the database."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.vault import codes, keys
from fairnotice.vault.models import Secret

pytestmark = pytest.mark.usefixtures("fn_db")

same_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


def test_a_code_is_26_characters_of_128_random_bits() -> None:
    made = {codes.new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[A-Z2-7]{25}[AEIMQUY4]", code) for code in made)


def test_it_is_shown_in_groups_that_can_be_typed_back() -> None:
    code = codes.new_code()
    assert re.fullmatch(r"(\w{5}-){4}\w{6}", codes.show(code))
    assert codes.normalise(codes.show(code)) == code


@given(data=st.data())
@same_database
def test_spaces_dashes_case_and_look_alike_digits_do_not_matter(data: st.DataObject) -> None:
    code = base64.b32encode(data.draw(st.binary(min_size=16, max_size=16))).decode().rstrip("=")
    typed = ""
    for character in code:
        typed += data.draw(st.sampled_from(["", "", "", " ", "-", "–", "\u00a0", "\n", "."]))
        likes = character + character.lower() + {"O": "0", "I": "1", "B": "8"}.get(character, "")
        typed += data.draw(st.sampled_from(likes))
    assert codes.normalise(typed) == code
    assert codes.looks_right(typed)
    assert codes.same(codes.code_mac(typed), codes.code_mac(code))


@given(text=st.text(max_size=400))
@same_database
def test_any_text_gets_an_answer_and_never_an_error(text: str) -> None:
    if not codes.looks_right(text):
        codes.show(text)
    assert len(codes.code_mac(text)) == 32


@pytest.mark.parametrize("text", ["", "A" * 25, "A" * 27, "9" * 26, "Ä" * 26, "٣" * 26])
def test_what_is_no_code_does_not_look_like_one(text: str) -> None:
    assert not codes.looks_right(text)


def test_the_stored_form_needs_the_pepper() -> None:
    code = codes.new_code()
    mac = codes.code_mac(code)
    assert code.encode() not in mac
    assert not codes.same(mac, codes.code_mac(codes.new_code()))
    Secret.objects.filter(name=codes.PEPPER).delete()
    assert keys.named_secret(codes.PEPPER)
    assert not codes.same(mac, codes.code_mac(code))
