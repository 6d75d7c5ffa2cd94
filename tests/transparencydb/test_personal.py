"""What is pointed out in free text; and the pattern that saves looking misses nothing."""

from __future__ import annotations

import re

import polars
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fairnotice.law.redaction import findings
from fairnotice.transparencydb import personal

_HINT = re.compile(personal.HINT)
_PIECES = ["a", "é", "x1", " ", " ", ".", ". ", "@", "＠", "[at]", " (at) ", "[.]", "(dot)", " {DOT} ", "。", "/", "://", "www.", "WWW.x", "u/", "/u/abc", ":", "::1", "ſms:",
           "1", "12", "192", "2026", "-", "(", ")", "'", '"', "“", "”", "‘", "’", "„", "«", "»", "「", "」", ">", "\n", "q" * 20, "\x1c", "٣", "xn--abc", "com", "DE89", "javascrıpt:"]  # fmt: skip
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)


@given(_TEXTS | st.text(max_size=80))
@settings(max_examples=200, deadline=None)
@example("see 1.2.3.4")
@example("'" + "q" * 45 + "'")
@example("x\n> " + "q" * 45)
def test_the_hint_misses_nothing(text):
    if findings(text):
        assert _HINT.search(text)
        assert polars.Series([text]).str.contains(personal.HINT).item()


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("An ordinary text of 2026-01-09, clause 4.2 of Regulation 2022/2065 (“fake shop”).", 0),
        ("somebody@mail.example", personal.PERSONAL),
        ("@somebody said so", personal.PERSONAL),
        ("from 192.0.2.7", personal.PERSONAL),
        ("on 030 1234567", personal.PERSONAL),
        ("to DE89 3704 0044 0532 0130 00", personal.PERSONAL),
        ("at https://place.example/1", personal.ADDRESS),
        ("at place.example", personal.ADDRESS),
        ('"' + "q" * 40 + '"', personal.QUOTATION),
        ("@somebody said “" + "q" * 40 + "”", personal.PERSONAL | personal.QUOTATION),
    ],
)
def test_kinds(text, bits):
    assert personal.kinds(text) == bits


def test_a_bank_account_is_known_by_its_check_digits():
    assert "bank account number" in [kind for kind, _start in personal.found("GB82 WEST 1234 5698 7654 32")]
    assert personal.found("GB82 WEST 12ab") == []
    assert "bank account number" not in [
        kind for kind, _start in personal.found("GB83 WEST 1234 5698 7654 32")
    ]


def test_no_time_is_spent_behind_what_the_database_takes():
    assert personal.kinds("x" * personal.MOST_LOOKED_AT + " somebody@mail.example") == 0
