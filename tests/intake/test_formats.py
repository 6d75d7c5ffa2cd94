"""The two formats that come with the program, plug-ins of others, and XML that would break a reader."""

from __future__ import annotations

import json
import re
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.cases.drafts import check_notice
from fairnotice.intake import formats
from fairnotice.intake.formats import acns, urlhaus, xml
from fairnotice.intake.unreadable import Unreadable

DOCS = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
ACNS = """<?xml version="1.0" encoding="UTF-8"?>
<Infringement xmlns="http://www.acns.net/ACNS">
 <Case><ID>A-7</ID><Status>Open</Status></Case>
 <Complainant><Entity>A film studio</Entity><Contact>Nobody</Contact><Email>rights@example.org</Email></Complainant>
 <Service_Provider><Entity>A host</Entity></Service_Provider>
 <Source><TimeStamp>2026-01-11T13:44:41Z</TimeStamp><IP_Address>192.0.2.100</IP_Address><Port>6881</Port>
  <Type>BitTorrent</Type><Number_Files>1</Number_Files></Source>
 <Content><Item><Title>A film</Title><FileName>a-film.mkv</FileName><Hash Type="SHA1">da39a3ee</Hash></Item></Content>
</Infringement>"""
FEED = """# Some feed
# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter
"7","2026-01-11 13:44:41","http://192.0.2.7/a,b.exe","online","None","malware_download","exe,x","https://f.example/7","who"
"8","2026-01-11 13:45:00","https://pages.example.net/c","offline","2026-01-12","malware_download","None","x","who"
"""


def read(raw: str | bytes, content_type: str = "text/plain"):
    return formats.read(raw.encode() if isinstance(raw, str) else raw, content_type)


@pytest.mark.parametrize(
    "raw",
    [
        ACNS,
        f"Dear host,\n\n- ----Start ACNS XML\n{ACNS}\n- ----End ACNS XML\n\nYours",
        ACNS.replace("\n", "\r\n"),
    ],
)
def test_acns_becomes_a_notice(raw: str) -> None:
    reading = read(raw)
    assert (reading.outcome, reading.format, reading.machine) == ("notice", "acns", True)
    draft = reading.draft
    assert draft.items[0].location == "192.0.2.100"
    assert draft.items[0].note == "Port: 6881; Seen at: 2026-01-11T13:44:41Z; Protocol: BitTorrent"
    assert (draft.problem, draft.name, draft.email) == ("copyright", "A film studio", "rights@example.org")
    assert draft.why.splitlines()[1:] == ["On behalf of: A film studio", "Work: A film, a-film.mkv, da39a3ee"]
    assert draft.report == {
        "format": "acns",
        "kind": "copyright",
        "id": "A-7",
        "seen_at": "2026-01-11T13:44:41Z",
    }
    assert check_notice(draft, machine=True) == []


@pytest.mark.parametrize(
    "raw",
    [
        ACNS.replace("<Infringement", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><Infringement"),
        ACNS.replace("<Infringement", '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><Infringement'),
        ACNS[:-3],
        ACNS.replace("IP_Address", "Other"),
        "<Infringement>" + "<a>" * 100 + "</a>" * 100 + "</Infringement>",
        "<Infringement>" + "<a/>" * 30_000 + "</Infringement>",
        "<Infringement>" + "x" * 1_000_001 + "</Infringement>",
        '<?xml version="1.0" encoding="nonsense"?><Infringement/>',
    ],
)
def test_xml_that_is_broken_or_wants_more_waits_for_a_person(raw: str) -> None:
    reading = read(raw)
    assert (reading.outcome, reading.reason, reading.format) == ("draft", "unreadable", "acns")
    assert reading.detail and "192.0.2.1/x" not in reading.detail


def test_a_feed_becomes_a_notice_for_each_line() -> None:
    reading = read(FEED, "text/csv")
    drafts = [reading.draft, *reading.more]
    assert [draft.items[0].location for draft in drafts] == [
        "http://192.0.2.7/a,b.exe",
        "https://pages.example.net/c",
    ]
    assert {draft.problem for draft in drafts} == {"malware"}
    assert [draft.report["id"] for draft in drafts] == ["7", "8"]
    assert all(check_notice(draft, machine=True) == [] for draft in drafts)
    assert not any("who" in json.dumps(draft.report) + draft.why for draft in drafts)


def test_a_line_that_is_cut_short_is_named() -> None:
    reading = read(FEED + '"9","2026"\n')
    assert (reading.outcome, reading.reason) == ("draft", "unreadable") and "Line 5" in reading.detail


def test_what_no_format_knows_is_nobodys() -> None:
    assert read("Hello.") is None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_a_format(raw: bytes) -> None:
    for head in (b"", b"<Infringement>", b"id,dateadded,url,threat\n"):
        read(head + raw)
    with pytest.raises(Unreadable):
        xml.parse(b"<" + raw + b"<")


class _Named:
    def __init__(self, name: str, answer: object) -> None:
        self.name, self.answer = name, answer

    def sniff(self, raw: bytes, content_type: str) -> bool:
        if isinstance(self.answer, Exception):
            raise self.answer
        return bool(self.answer)

    def read(self, raw: bytes) -> list[object]:
        return []


@pytest.fixture
def plugged(monkeypatch):
    """Installs plug-ins under their names, as a package's entry points would."""

    def plug(**found: object) -> None:
        def load(point: EntryPoint) -> object:
            one = found[point.name]
            if isinstance(one, Exception):
                raise one
            return one

        points = [EntryPoint(name, "somewhere:thing", formats.GROUP) for name in reversed(found)]
        monkeypatch.setattr(formats, "entry_points", lambda group: points)
        monkeypatch.setattr(EntryPoint, "load", load)
        formats.installed.cache_clear()

    yield plug
    monkeypatch.undo()
    formats.installed.cache_clear()


def test_plug_ins_are_asked_by_name_before_ours_and_broken_ones_are_left_out(plugged, caplog) -> None:
    plugged(
        b=_Named("bbb", True),
        a=_Named("aaa", RuntimeError("sentinel")),
        c=_Named("not a name", True),
        d=ImportError("sentinel"),
        e=object(),
        z=_Named("acns", False),
    )
    assert [one.name for one in formats.installed()] == ["aaa", "bbb", "acns", "urlhaus"]
    assert read(ACNS).format == "bbb", "the first that knows it, and a broken one is passed over"
    assert "sentinel" not in caplog.text


def test_ours_are_as_plug_ins_have_to_be(plugged) -> None:
    plugged()
    assert formats.installed() == (acns.FORMAT, urlhaus.FORMAT)


def test_the_example_in_the_docs_works() -> None:
    found: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    for block in blocks:
        exec(compile(block, "docs/formats.md", "exec"), found)  # noqa: S102 - our own page
    made = found["FORMAT"]
    raw = b"abuse-line/1\nhttps://shop.example.net/offer\nA false shop.\n"
    assert made.sniff(raw, "text/plain") and not made.sniff(b"Hello", "text/plain")
    (draft,) = made.read(raw)
    assert draft.items[0].location == "https://shop.example.net/offer"
    assert check_notice(draft, machine=True) == []
    with pytest.raises(Unreadable):
        list(made.read(b"abuse-line/1\n"))
