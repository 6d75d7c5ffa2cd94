"""Whatever a file holds, a reader makes statements that fit or bad lines with a reason, and never breaks."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.answerable.actions.organisations import HANDLE
from fairnotice.answerable.imports import formats, held
from fairnotice.answerable.imports.opening import Line, Opened
from fairnotice.answerable.imports.shape import BadLine, Reading, Statement, Unusable
from fairnotice.answerable.invariants import NOT_FOR, Held
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.spans import Span

HEADER = b"organisation_handle,organisation_name,resource,delegation_kind,valid_from,valid_until,shared,answer_hours\n"
CELLS = st.sampled_from(
    ["ORG-A", "", "Näme", "192.0.2.0/24", "192.0.2.9-192.0.2.1", "AS1", "AS99999999999", "lease", "allocation", "2020-01-01",
     "2020-02-30", "٣", "yes", "5", '"', "x" * 300, "\x00", "\ud800", "server:a.example", "::/0", "☃.example", "1.2.3.4/33"]
)  # fmt: skip
PIECES = {
    "csv": CELLS,
    "jsonl": st.sampled_from(['{"organisation_handle": "ORG-A"', ', "organisation_name": "N"', "}", "[", "null", "\\ud800", '"',
                              ', "resource": "AS1", "delegation_kind": "allocation", "valid_from": "2020-01-01"', ":", "1e999",
                              ', "answer_hours": 99999999999999999999', ', "valid_until": null']),
    "rpsl": st.sampled_from(["inetnum: 192.0.2.0/24", "inet6num: 2001:db8::/32", "aut-num: AS1", "org: ORG-A", "status: LEGACY",
                             "status: ASSIGNED PA", "created: 2020-01-01T00:00:00Z", "created: never", "+ more", " more", "",
                             "organisation: ORG-A", "org-name: A", "role: x", "nic-hdl: X", "abuse-mailbox: a@example.org",
                             "abuse-c: X", "person: somebody", ":", "org-type: RIR", "inetnum: 192.0.2.0 - 192.0.2.63", "%"]),
    "delegated": st.sampled_from(["ripencc", "NL", "|", "ipv4", "asn", "ipv6", "192.0.2.0", "2001:db8::", "256", "32", "64500",
                                  "20200101", "99999999", "allocated", "assigned", "available", "id-1", "*", "summary", "٣"]),
    "netbox": CELLS,
}  # fmt: skip
FIRST = {
    "csv": HEADER,
    "jsonl": b"",
    "rpsl": b"",
    "delegated": b"2|ripencc|1|1|1|20250101|+0\n",
    "netbox": b"Prefix,Status,Tenant,RIR\n",
}
SIGN = {"csv": ",", "jsonl": "", "rpsl": "\n", "delegated": "|", "netbox": ","}


def fits(entry: Statement | BadLine) -> None:
    if isinstance(entry, BadLine):
        assert entry.reason and entry.number > 0 and len(entry.text) <= 16_384
        return
    assert HANDLE.fullmatch(entry.handle) and len(entry.name) <= 200 and entry.name.isprintable()
    assert entry.country == "" or len(entry.country) == 2
    if entry.resource is not None:
        assert entry.kind in Delegation.Kind.values and entry.kind not in NOT_FOR[entry.resource.kind]
        assert entry.from_handle != entry.handle
        if entry.valid_until and entry.valid_from:
            assert entry.valid_from < entry.valid_until
    assert entry.answer_hours is None or 1 <= entry.answer_hours <= 8760
    entry.text.encode("utf-8", "backslashreplace")


def read(path: Path, format: str, content: bytes) -> list[Statement | BadLine]:
    path.write_bytes(content)
    place = sqlite3.connect(":memory:", isolation_level=None)
    try:
        with Opened(path) as opened:
            reading = Reading(own="OWN", listed=lambda name: "ORG-A" if name == "ORG-A" else "")
            return list(formats.entries(opened, format, reading, place))
    finally:
        place.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("imports") / "file"


@pytest.mark.parametrize("format", formats.FORMATS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_nearly_right_files(format: str, path: Path, data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.lists(PIECES[format], max_size=9), max_size=9))
    text = "\n".join(SIGN[format].join(line) for line in lines)
    content = FIRST[format] + text.encode("utf-8", "surrogatepass")
    for entry in read(path, format, content):
        fits(entry)


@pytest.mark.parametrize("format", formats.FORMATS)
@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=400), begun=st.booleans(), zipped=st.booleans())
def test_any_bytes(format: str, path: Path, content: bytes, begun: bool, zipped: bool) -> None:
    content = FIRST[format] + content if begun else content
    with suppress(Unusable):
        for entry in read(path, format, gzip.compress(content) if zipped else content):
            fits(entry)


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=300))
def test_a_format_is_known_or_the_file_is_unusable(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with Opened(path) as opened:
        try:
            format, source = formats.recognise(opened)
        except Unusable:
            return
        assert format in formats.FORMATS and source


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"")), max_size=8))
def test_lines_have_their_numbers(path: Path, lines: list[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    if path.read_bytes()[:2] == b"\x1f\x8b":
        return
    with Opened(path) as opened:
        found = list(opened.lines())
        assert found == [Line(number, line + b"\n") for number, line in enumerate(lines, start=1)]
        assert opened.position == opened.size


def _span(pair: tuple[int, int]) -> Span:
    low, high = sorted(pair)
    return Span(bytes([low]), bytes([high]))


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(_span)


@settings(max_examples=300, deadline=None)
@given(known=st.lists(SPANS, max_size=12), wanted=st.lists(SPANS, max_size=12))
def test_what_holds_and_what_meets_a_span_is_found(known: list[Span], wanted: list[Span]) -> None:
    rows = [Held(n, span, None, n, "lease", date(2020, 1, 1), None) for n, span in enumerate(known)]
    holding, meeting = held.containing(rows, wanted), held.meeting(rows, wanted)
    for span in wanted:
        assert {one.series for one in holding[span]} == {n for n, one in enumerate(known) if one.holds(span)}
        assert {one.series for one in meeting[span]} == {n for n, one in enumerate(known) if one.meets(span)}
