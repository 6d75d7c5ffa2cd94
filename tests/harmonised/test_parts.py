"""The templates as data equal the Commission's blanks byte for byte."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest

from fairnotice.harmonised import categories
from fairnotice.harmonised.indicators import INDICATORS
from fairnotice.harmonised.parts import PARTS, Part, state_rows
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS

#: Part -> SHA-256 of its blank, so that a changed label is found also where the blanks are not at hand.
DIGESTS = {
    1: "355166db774836d59ac3d91994680bcd9821e2c0e1557322b5f3e8f4007a82cd",
    2: "ce1f80280d31da5e7cf4b85bc8da788760991e30696658bab18995c8829efb7b",
    3: "1c4f6d84ac0cea4b306eb05451bc7477bb94ac0e68b672152628b5ae3524245b",
    4: "c9d8986a04c01a6ae4b84583f3479323eceb884489608474c7d0976fb20eb9e6",
    5: "8dc7082e0bfefcbde67323d500a00c65029a85e4a2094e50cba72d4c29767df2",
    6: "423dc6c8bc62109b6efeb94f188066b30cac94227ed8a33beeeac3c25e7c3011",
    7: "c355cf9369a115fa51f9c9626cc7917bc24b48db7d6dc6cff3028c81de388aad",
    8: "1a687f468468b25b214f505c4a6cb906d6ee8cc80d20f5a60eca383cc1bea71d",
    9: "2393d48b65e94d86f769d5cb8e1017ad2516ca0883f7f10b0eabad1bf143cb84",
    10: "cea923187f8eea0ad82c8f562ce3cfcdbd371e64908cb4c6acbfeaf2baf04a75",
    11: "d09603b7b1ec2874595501cd41ace0a02c6ce04a1ba8cbe47fce38849f53020a",
}


def blank(part: Part) -> bytes:
    """As the blanks are written: lines end in LF."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([part.headers, *part.rows])
    return out.getvalue().encode()


@pytest.mark.parametrize("number", PARTS)
def test_every_part_equals_its_blank(number):
    assert hashlib.sha256(blank(PARTS[number])).hexdigest() == DIGESTS[number]


def test_every_row_has_a_key_of_its_own_but_for_the_samples_of_the_blank():
    for part in PARTS.values():
        assert len(part.keys) == len(part.rows)
        own = [key for key in part.keys if not key.startswith("language:")]
        assert len(set(own)) == len(own)
        assert len({column.key for column in part.columns}) == len(part.columns)
        assert all(part.columns[part.at(column.key)] is column for column in part.columns)


def test_the_row_that_part_3_forgets_stands_in_our_block_for_a_state():
    lacking = "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE"
    of_blank = [row[3] for row in PARTS[3].rows[91:]]
    ours = [row[3] for row in state_rows("DE")]
    assert lacking not in of_blank
    assert [code for code in ours if code != lacking] == of_blank
    assert [row[3] for row in PARTS[3].rows[:91]] == ours
    assert {row[5] for row in state_rows("DE")} == {"DE"}


def test_the_last_three_categories_stand_where_they_may():
    where = {
        high: [number for number in (3, 4, 5, 6) if any(high in row for row in PARTS[number].rows)]
        for high in categories.HIGH_LEVEL[14:]
    }
    assert where == {
        categories.OTHER_VIOLATION_TC: [6],
        categories.NOT_SPECIFIED_ORDER: [3],
        categories.NOT_SPECIFIED_NOTICE: [4],
    }


def test_every_category_and_keyword_of_the_taxonomy_has_a_row_but_for_stalking():
    listed = {one.code for one in categories.ALL}
    assert set(CATEGORIES) <= listed
    missing = {code for group in KEYWORDS.values() for code in group} - listed
    assert missing == {"KEYWORD_STALKING"}


def test_every_indicator_says_what_its_value_is():
    kinds = {number: {one.kind for one in found} for number, found in INDICATORS.items()}
    assert kinds == {
        1: {"text", "date"},
        7: {"count", "hours", "share"},
        8: {"count", "share"},
        9: {"number"},
        10: {"count"},
        11: {"text"},
    }
