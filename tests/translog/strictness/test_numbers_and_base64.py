"""Numbers and base64 have one spelling. Each input here is one that Python's own readers accept."""

import base64
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fairnotice.translog.encoding import (
    MAX_INT64,
    decode_base64,
    encode_base64,
    join_timestamp,
    parse_decimal,
    require_int,
    split_timestamp,
)
from fairnotice.translog.errors import CheckpointError, NoteError, PolicyError, ProofError
from tests.translog.strictness.lenient import NUMBERS

MORE = {"tab": "12\t", "line feed": "12\n", "carriage return": "12\r", "two zeros": "00", "minus zero": "-0"}
LENIENT_NUMBERS = NUMBERS | MORE


@pytest.mark.parametrize("text", LENIENT_NUMBERS.values(), ids=LENIENT_NUMBERS)
def test_what_int_accepts_is_no_decimal(text):
    int(text)
    with pytest.raises(ProofError, match="plain decimal"):
        parse_decimal(text, "a number", ProofError)


@pytest.mark.parametrize("text", ["²", "①", "", "-1", "1.0", "1e3", "0x10", "ⅷ", "1,000", "-"])
def test_what_isdigit_or_other_readers_accept_is_no_decimal(text):
    with pytest.raises(ProofError, match="plain decimal"):
        parse_decimal(text, "a number", ProofError)


def test_numbers_end_at_the_largest_signed_one_of_64_bits():
    assert parse_decimal(str(MAX_INT64), "a number", ProofError) == MAX_INT64 == 2**63 - 1
    for text in (str(2**63), str(2**64), "9" * 19, "9" * 5000):
        with pytest.raises(ProofError):
            parse_decimal(text, "a number", ProofError)


@given(st.text(alphabet="0123456789+-_ .٣３\n", max_size=22) | st.integers().map(str) | st.text(max_size=5))
@example("0")
def test_a_decimal_is_what_it_would_be_written_as(text):
    try:
        number = parse_decimal(text, "a number", ProofError)
    except ProofError:
        return
    assert str(number) == text and 0 <= number <= MAX_INT64


NO_NUMBERS: list[Any] = [True, False, 1.0, 0.0, "1", b"1", None, float("nan"), 2**63, -1, 1 + 0j]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_true_and_floats_are_no_numbers(value):
    with pytest.raises(CheckpointError):
        require_int(value, "the size", CheckpointError)


DATA = bytes(range(240, 256)) * 2  # its base64 has both '/' and '+', and a last character with unused bits
GOOD = base64.b64encode(DATA).decode()
LENIENT_BASE64 = {
    "line feed inside": GOOD[:20] + "\n" + GOOD[20:],
    "line feed at the end": GOOD + "\n",
    "carriage return": GOOD[:20] + "\r" + GOOD[20:],
    "space": GOOD[:20] + " " + GOOD[20:],
    "stray character": GOOD[:20] + "!" + GOOD[20:],
    "padding twice": GOOD + "=",
    "more after the padding": GOOD + "AAAA",
    "unused bits set": GOOD[:-2] + chr(ord(GOOD[-2]) + 1) + "=",
    "URL alphabet": base64.urlsafe_b64encode(DATA).decode(),
}


@pytest.mark.parametrize("text", LENIENT_BASE64.values(), ids=LENIENT_BASE64)
def test_what_b64decode_accepts_is_no_base64(text):
    lenient = base64.urlsafe_b64decode if "_" in text else base64.b64decode
    assert lenient(text)[:30] == DATA[:30]
    with pytest.raises(NoteError, match="base64"):
        decode_base64(text, "a hash", NoteError)


@pytest.mark.parametrize(
    "text", [GOOD[:-1], GOOD[:-4], "=", "A", "AA", "AAA", "A===", "ＡＡＡＡ", "AAA\u0661", 5, None]
)
def test_missing_padding_other_alphabets_and_no_text(text):
    with pytest.raises(NoteError, match=r"base64|bytes|not a text"):
        decode_base64(text, "a hash", NoteError, length=32)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_length_that_is_asked_for_is_met_exactly(size):
    with pytest.raises(NoteError, match=f"{size} bytes instead of 32"):
        decode_base64(encode_base64(bytes(size)), "a hash", NoteError, length=32)


@given(st.text(alphabet="AQgw/+-_= \n", max_size=12) | st.text(max_size=8))
def test_base64_is_what_it_would_be_written_as(text):
    try:
        data = decode_base64(text, "a text", PolicyError)
    except PolicyError:
        return
    assert encode_base64(data) == text


@given(st.binary(max_size=80), st.sampled_from([0, 64]))
def test_a_timestamped_signature_is_what_it_would_be_written_as(blob, size):
    parts = split_timestamp(blob, size)
    if parts is None:
        assert len(blob) != 8 + size or blob[0] >= 0x80
    else:
        assert join_timestamp(*parts) == blob and len(parts[1]) == size
