"""Promises have one spelling, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import PromiseError
from fairnotice.translog.promise import Promise, parse_promise
from tests.translog.build import NOW, ORIGIN
from tests.translog.strictness.lenient import NUMBERS

TEXT = Promise(ORIGIN, bytes(32), NOW, 3600, 12).to_text()


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_numbers_in_promises_have_one_spelling(number):
    assert parse_promise(TEXT).tree_size == 12
    for field in (f"\n{NOW}\n", "\n3600\n", "\n12\n"):
        with pytest.raises(PromiseError, match="plain decimal"):
            parse_promise(TEXT.replace(field, f"\n{number}\n"))


LINES = [
    "fair-notice promise v1",
    ORIGIN,
    encode_base64(bytes(32)),
    encode_base64(bytes(31)),
    "0",
    "12",
    "012",
    "٣",
    "",
    "a\r",
]


@given(
    st.lists(st.sampled_from(LINES), max_size=7).map("\n".join)
    | st.lists(st.sampled_from(LINES[4:]), min_size=3, max_size=3).map(
        lambda numbers: "\n".join([*LINES[:3], *numbers, ""])
    )
    | st.text(max_size=40)
)
def test_any_text_is_a_promise_or_refused(text):
    try:
        promise = parse_promise(text)
    except PromiseError:
        return
    assert promise.to_text() == text
