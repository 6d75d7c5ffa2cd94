"""Numbers as people read them."""

from __future__ import annotations

import pytest

from fairnotice.cases.figures.model import decimal, number


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (6.67, "6.7"),
        (6.64, "6.6"),
        (6.96, "7"),
        (12, "12"),
        (1234.56, "1,234.6"),
        (99999.97, "100,000"),
    ],
)
def test_a_number_is_rounded_to_one_place_and_never_cut_off(value: float, words: str) -> None:
    assert number(value) == words


def test_a_share_keeps_its_places() -> None:
    assert [decimal(value, 1) for value in (99.96, 33.333, 0)] == ["100.0", "33.3", "0.0"]
