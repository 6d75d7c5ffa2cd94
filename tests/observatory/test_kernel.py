"""The kernel in C finds what Python's own reader finds, or leaves a CSV to the other reader."""

from __future__ import annotations

import csv
import io
import os
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fairnotice.observatory.ingest import cells
from fairnotice.observatory.kernel import build, scanning
from fairnotice.site.cli import main
from tests.observatory import made

if not made.compiler():
    missing = "the kernel is compiled: apt-get install gcc"
    pytest.skip(missing, allow_module_level=True)

HEADER = ("a", "b", "c")
CELLS = st.text(alphabet=st.sampled_from('",\n\r\\ aé\0x'), max_size=70)


@pytest.fixture(scope="module", autouse=True)
def _kernel(tmp_path_factory):
    """Built anew, where nobody else's is found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        build.build()
        assert scanning.available()
        yield


def found(data: bytes, header=HEADER, wanted=HEADER):
    """The rows that the kernel sees, or None."""
    scanned = scanning.scan(data, 0, header, wanted)
    if scanned is None:
        return None
    parts = [[scanned.columns[name].cells[code] for code in scanned.columns[name].codes] for name in wanted]
    rows = list(zip(*parts, strict=True)) if parts else []
    assert len(rows) == scanned.rows
    return rows


def by_python(data: bytes):
    """The same by Python's reader."""
    return [tuple(row) for row in csv.reader(io.StringIO(data.decode(), newline=""), strict=True)]


def written(rows, all_quoted=False) -> bytes:
    def cell(text):
        return '"' + text.replace('"', '""') + '"' if all_quoted else made.cell(text)

    return "".join(",".join(map(cell, row)) + "\n" for row in rows).encode()


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12), st.booleans(), st.booleans())
@settings(max_examples=80, deadline=None)
def test_what_a_writer_writes_is_read_as_it_was(rows, all_quoted, open_end):
    data = written(rows, all_quoted)
    if open_end and rows:
        data = data[:-1]
    assert found(data) == rows


@given(st.binary(max_size=200).map(lambda junk: bytes(b'",\n\r a\xc3\xa9'[one % 8] for one in junk)))
@example(b'a,b,"c\n')
@example(b'a,b,""c\n')
@example(b'a,"b"x,c\n')
@example(b'a,x"b",c\n')
@example(b'a,"b\\",x",c\n')
@example(b"a,b,c\n\na,b,c\n")
@example(b"a,b,c\r\na,b,c\r\n")
@example(b"a,b\n")
@example(b"a,b,c,d\n")
@example(b"a,b,")
@example(b",,")
@settings(max_examples=150, deadline=None)
def test_of_any_bytes_it_takes_only_what_python_reads_alike(data):
    rows = found(data)
    if rows is not None:
        assert rows == by_python(data)


@pytest.mark.parametrize("before", range(58, 70))
@pytest.mark.parametrize("cell", ['a "b"\n,c', '"', '""', ",", "\n", "", "x" * 64, '"' * 63])
def test_marks_on_both_sides_of_a_block_of_64_bytes(before, cell):
    rows = [("x" * before, cell, "y"), ("z", cell, cell)]
    assert found(written(rows)) == rows


def test_many_different_cells_and_more_rows_than_there_was_room_for(monkeypatch):
    monkeypatch.setattr(scanning, "_FIRST_ROOM", 1024)
    rows = [(f"cell {number}", f"{number % 7}", f"{number:08}" * 3) for number in range(5000)]
    assert found(written(rows)) == rows


@given(st.integers(0, 70), st.text(max_size=40), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 255))))
@example(60, "\U0001f600\u20ac\u07ff", [])
@example(61, "", [(62, 0xED), (63, 0xA0), (64, 0x80)])
@example(0, "", [(0, 0xC0), (1, 0x80)])
@example(0, "abc", [(2, 0xF4), (1, 0xE2)])
@settings(max_examples=100, deadline=None)
def test_bytes_that_are_no_utf_8_are_left_to_the_other_reader(before, text, changes):
    cell = bytearray(b"x" * before + text.encode())
    for place, byte in changes:
        cell[place : place + 1] = bytes([byte])
    data = b"a,c," + bytes(cell).translate(None, b'",\n\r')
    try:
        data.decode()
    except UnicodeDecodeError:
        assert found(data, wanted=("a",)) is None
    else:
        assert found(data, wanted=("a",)) == [("a",)]


def test_whether_a_text_says_anything():
    data = b'a,,c\nb,"",c\nc,"x",c\nd,"""",c\ne,x,c'
    scanned = scanning.scan(data, 0, HEADER, ("a",), {"b": 3, "c": 31})
    assert scanned is not None
    assert [bool(bits >> 3 & 1) for bits in scanned.said] == [False, False, True, True, True]
    assert all(bits >> 31 for bits in scanned.said.tolist())


def test_rows_are_the_same_with_it_and_without(monkeypatch, tmp_path):
    rows = [
        made.row(number, platform_uid=f"p{number}", decision_facts='He said "no",\nthen left.' * (number % 3))
        for number in range(300)
    ]
    rows[7]["category"] = "STATEMENT_CATEGORY_NEWLY_FOUND"
    rows[8]["content_date"] = "2025-02-31 00:00:00"
    rows[9]["application_date"] = "2025-06-01 12:00:00"
    rows[10]["territorial_scope"] = "[DE, FR]"
    data = made.csv(rows)
    with_it = cells.read(data, date(2025, 7, 1), "v2")
    without = plainly(monkeypatch, tmp_path, lambda: cells.read(data, date(2025, 7, 1), "v2"))
    assert with_it.rows.to_dicts() == without.rows.to_dicts()
    assert with_it.rows.schema == without.rows.schema
    assert with_it.unknown == without.unknown
    assert set(with_it.unknown) == {"category", "territorial_scope"}


def plainly(monkeypatch, tmp_path, act):
    """What `act` gives where no kernel was built."""
    with monkeypatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
        assert not scanning.available()
        found = act()
    assert scanning.available()
    return found


def test_a_kernel_that_others_could_have_written_is_not_loaded():
    assert build.found() == build.place()
    build.place().chmod(0o722)
    try:
        assert build.found() is None
    finally:
        build.place().chmod(0o700)


def test_without_a_compiler_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(build.NotBuilt, match="apt-get install gcc"):
        build.build()
    assert build.place().exists()


def test_the_command_builds_shows_and_removes(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["observatory", "kernel"]) == 1
    assert "fairnotice observatory kernel build" in capsys.readouterr().err
    assert main(["observatory", "kernel", "build"]) == 0
    assert main(["observatory", "kernel", "show"]) == 0
    assert str(tmp_path) in capsys.readouterr().out
    assert main(["observatory", "kernel", "remove"]) == 0
    assert not list(tmp_path.glob("fairnotice/kernel-*"))
