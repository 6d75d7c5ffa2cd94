"""Whatever bytes, whatever cells: reader and checker answer, and never raise."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.harmonised.checking import check, check_found
from fairnotice.harmonised.faults import Fault
from fairnotice.harmonised.files import Entry
from fairnotice.harmonised.numbers import read as read_number
from fairnotice.harmonised.parts import PARTS
from fairnotice.harmonised.reading import read
from fairnotice.harmonised.report import Report
from fairnotice.harmonised.rules import RULES
from fairnotice.harmonised.writing import csv_files, xlsx_bytes
from tests.harmonised.right import right

SMALL = Report({number: right().parts[number] for number in (1, 7, 10)})
BOOK = xlsx_bytes(SMALL)
CSV = dict(csv_files(SMALL))
WORDS = [
    *(cell for part in PARTS.values() for row in part.rows[:12] for cell in row),
    *(header for part in PARTS.values() for header in part.headers),
    "DE", "GR", "at", "bg", "CZ", "0", "12", "1,204", "1.3hrs", "45%", "-1", "1e5", "n/a", "2026-02-30", "2026-01-01/2026-12-31",
    "9" * 400, "=1", "Ã¼", "\N{NO-BREAK SPACE}", "٣", "²", "1" * 15,
]  # fmt: skip
cells = st.sampled_from(WORDS) | st.text(max_size=12)


def fine(faults: list[Fault]) -> None:
    assert all(one.rule in RULES and one.row >= 0 for one in faults)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(["a.csv", "a.zip", "a.xlsx", "4_notices.csv"]))
def test_any_bytes(data, name):
    fine(check_found(read([Entry(name, data)])))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_copies_of_files(data):
    source = data.draw(st.sampled_from([BOOK, *CSV.values()]))
    raw = bytearray(source)
    for _time in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=6))
    fine(check_found(read([Entry("x", bytes(raw))])))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_cells_in_any_part(data):
    number = data.draw(st.sampled_from(sorted(PARTS)))
    width = len(PARTS[number].columns)
    rows = data.draw(st.lists(st.lists(cells, min_size=0, max_size=width + 2), max_size=4))
    other = data.draw(st.sampled_from([{}, {1: SMALL.parts[1]}]))
    fine(check(Report({**other, number: rows})))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_broken_cells_of_a_right_report(data):
    parts = {number: [[*row] for row in rows] for number, rows in SMALL.parts.items()}
    for _time in range(data.draw(st.integers(1, 6))):
        rows = parts[data.draw(st.sampled_from(sorted(parts)))]
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(cells)
    fine(check(Report(parts)))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_member_of_a_zip(data, name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{name.replace(chr(0), '')}x.csv", data)
        archive.writestr("b.xlsx", data)
    fine(check_found(read([Entry("a.zip", out.getvalue())])))


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=25) | st.from_regex(r"[0-9.,' %eE+-]{1,20}", fullmatch=True),
    st.sampled_from(["count", "hours", "share", "number"]),
)
def test_any_number_is_read_and_a_suggestion_is_right_itself(text, kind):
    value = read_number(text, kind)
    assert value.rule == "" or value.rule in RULES
    if value.suggestion:
        again = read_number(value.suggestion, kind)
        assert again.rule == ""
