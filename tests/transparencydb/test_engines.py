"""The plain and the fast engine give the same answers, row by row, whatever the rows hold."""

from __future__ import annotations

import csv
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.statements import made as generated
from fairnotice.transparencydb import dump, vector
from fairnotice.transparencydb.bulk import Plain
from fairnotice.transparencydb.rules import table
from fairnotice.transparencydb.schema import FREE_TEXTS, SCHEMAS, V1_ONLY
from tests.transparencydb.made import breaking, right

_ANYWHERE = [
    "",
    " ",
    "\t",
    "null",
    "[]",
    '["null"]',
    "[1]",
    '[["DE"]]',
    "{",
    "é",
    "x" * 501,
    "x" * 2001,
    "0",
    "No",
]
_TEXTS = ["-", "…", "一", "x" * 5001, "é" * 500, "é" * 501, "\x1c", "\x00", "Call 030 1234567.", "a@b.example", "See b.example.",
          "clause 4.2", '"' + "q" * 40 + '"', "“" + "q" * 39 + "”", "DE89 3704 0044 0532 0130 00", "line\nbreak, and \"marks\"", "2026-01-09", "ſms:x"]  # fmt: skip
_DATES = ["2026-01-09 00:00:00", "2026-01-09", "2026-01-10 00:00:00", "2026-1-9", "2038-01-01", "2038-01-02", "1999-12-31", "2019-12-31", "2026-02-30",
          "２０２６-01-09", "2026-01-09 00:00:01", " 00:00:00", "0000-01-01"]  # fmt: skip
_SPECIAL = {
    "platform_uid": ["ok-1", "not ok", "é", "a\n", "p" * 501],
    "content_id_ean": ["4006381333931", "4006381333932", "40063813339311", "４００６３８１３３３９３１"],
    "decision_ground_reference_url": [
        "https://law.example/",
        "ftp://x",
        "x",
        "https://" + "l" * 493,
        "https://é",
    ],
    "created_at": ["2025-06-30 23:59:59", "2025-07-01 00:00:00", "2025-02-30 00:00:00", "soon"],
    "platform_name": ["One", "Two"],
}


def pool(column: str, more: list[str]) -> list[str]:
    """Cells worth trying: right ones, wrong ones, and those of another kind."""
    field = dump.field_of(column)
    if column in _SPECIAL or field is None:
        return [*_ANYWHERE, *_SPECIAL.get(column, [])]
    about = SCHEMAS["v2"].fields[field]
    codes = sorted(about.allowed)[:6] + sorted(V1_ONLY)[:12:3]
    if about.kind == "list":
        pairs = [f'["{one}","{other}"]' for one, other in zip(codes, codes[1:] + codes[:1], strict=True)]
        return (
            _ANYWHERE
            + pairs
            + [f'["{code}"]' for code in codes]
            + ['["KEYWORD_OTHER"]', '["DE","BE","SE"]', f'["{codes[0]}","{codes[0]}"]']
        )
    return _ANYWHERE + (
        _DATES if about.kind == "date" else _TEXTS + more if field in FREE_TEXTS else [*codes, "SE", "BE"]
    )


def csv_of(rows: list[dict[str, str]], columns: tuple[str, ...]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(
        [row.get(column, "") for column in columns] for row in rows
    )
    return file.getvalue().encode()


def answers(engine, data: bytes):
    outcome = engine.block(data, 1)
    places = {key: {(place.row, place.found) for place in found} for key, found in outcome.examples.items()}
    assert outcome.counts == {key: len(found) for key, found in places.items()}
    return places, outcome.rows, outcome.faulty, outcome.versions, outcome.bad, sorted(outcome.used_rows)


def both(data: bytes, columns: tuple[str, ...] = dump.COLUMNS, wanted="auto"):
    """What both engines say, after it is seen to be the same."""
    plain, fast = (answers(one(columns, wanted, 10**6), data) for one in (Plain, vector.Vector))
    assert plain == fast
    return plain


@given(
    st.integers(0, 2**32), st.lists(st.text(max_size=60), max_size=4), st.sampled_from(["auto", "v1", "v2"])
)
@settings(max_examples=8, deadline=None)
def test_any_rows(seed, more, wanted):
    chance = random.Random(seed)
    pools = {
        column: pool(column, [text.encode("utf-8", "ignore").decode() for text in more])
        for column in dump.COLUMNS
    }
    base = [dump.to_row(right(puid=f"p{number}"), created_at="2026-01-10 08:00:00") for number in range(60)]
    for row in base:
        for column in chance.sample(dump.COLUMNS, chance.choice([0, 1, 2, 5, 38])):
            row[column] = chance.choice(pools[column])
    columns = chance.choice([dump.COLUMNS, dump.LIGHT, tuple(chance.sample(dump.COLUMNS, 20))])
    both(csv_of(base, columns), columns, wanted)


def test_each_rule_alone():
    rules = [
        rule
        for rule in table("v2")
        if rule.id not in ("not_nullable", "type", "key", "differs") and rule.field != "content_id"
    ]
    places, *_ = both(csv_of([dump.to_row(breaking(rule.id, rule.field)) for rule in rules], dump.COLUMNS))
    assert {key: {row for row, _found in found} for key, found in places.items()} == {
        rule.key: {row} for row, rule in enumerate(rules, 1)
    }


def test_generated_rows():
    places, rows, faulty, versions, bad, used = both(csv_of(list(generated.rows(1200)), dump.COLUMNS))
    assert (rows, bad, dict(versions)) == (1200, [], {"v2": 1200})
    assert 0.01 < faulty / rows < 0.06 and len(places) > 20 and len(used) == rows


BROKEN_LINES = [
    (b"1,2,3\n", "3 cells instead of 38"),
    (b"," * 38 + b"\n", "39 cells instead of 38"),
    (b"\xff" + b"," * 37 + b"\n", "not UTF-8"),
    (b'"a"b' + b"," * 37 + b"\n", "a quotation mark in the wrong place"),
    (b"a\rb" + b"," * 37 + b"\n", "a carriage return in the middle of a line"),
    (b"y" * 131_073 + b"," * 37 + b"\n", "a cell of more than 131072 characters, or a quotation mark that is not closed"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), BROKEN_LINES)
def test_a_broken_line_is_named_and_the_rest_goes_on(line, reason):
    good = csv_of([dump.to_row(right(puid="p1")), dump.to_row(right(puid="p2", category="no"))], dump.COLUMNS)
    first, second = good.splitlines(keepends=True)
    places, rows, _faulty, _versions, bad, used = both(first + b"\n" + line + second)
    assert [(one.row, one.reason) for one in bad] == [(2, reason)]
    assert rows == 3 and used == [1, 3]
    assert {row for found in places.values() for row, _found in found} == {3}


def test_a_mark_that_is_never_closed():
    good = csv_of([dump.to_row(right())], dump.COLUMNS)
    _places, rows, _faulty, _versions, bad, used = both(good + b'"' + good * 3)
    assert bad and used[0] == 1 and rows >= 2


@given(st.binary(max_size=300), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_any_bytes(data, times):
    both(data + csv_of([dump.to_row(right())], dump.COLUMNS) * times)
