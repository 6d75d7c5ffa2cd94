"""XARF 0.2 to 3: each type as the table in docs/machine-reports.md says; the package `xarf` as an oracle."""

from __future__ import annotations

import copy
import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xarf.v3_compat import _V3_TYPE_MAPPING, convert_v3_to_v4

from fairnotice.cases.drafts import check_notice
from fairnotice.intake import xarf3
from fairnotice.intake.readers import Unreadable, read_notice
from fairnotice.intake.xarf import NotAnItem

DOCS = Path(__file__).resolve().parents[2] / "docs" / "machine-reports.md"


def report(kind: str = "Phishing", **changes: Any) -> dict[str, Any]:
    """A report of version 3; a change to None leaves the field of the inner part out."""
    body = {
        "ReportClass": "Content",
        "ReportType": kind,
        "Date": "2026-02-05T14:17:10Z",
        "SourceIp": "192.0.2.55",
        "SourcePort": 80,
        "SourceUrl": "https://shop.example.net/index.html",
        "Ongoing": True,
        "Samples": [
            {
                "ContentType": "text/html",
                "Base64Encoded": False,
                "Description": "The page",
                "Payload": "<html>",
            },
            {"ContentType": "image/png", "Base64Encoded": True, "Payload": "c2VjcmV0"},
        ],
        **changes,
    }
    return {
        "Version": "3",
        "ReporterInfo": {
            "ReporterOrg": "A shop watch",
            "ReporterOrgDomain": "example.org",
            "ReporterOrgEmail": "reports@example.org",
        },
        "Disclosure": True,
        "Report": {name: value for name, value in body.items() if value is not None},
    }


def read(value: object):
    return read_notice(json.dumps(value).encode())


@pytest.mark.parametrize("version", sorted(xarf3.VERSIONS))
def test_item_category_time_reporter_and_evidence_stand_in_their_fields(version: str) -> None:
    draft, door, machine = read({**report(ReporterCaseID="A-7"), "Version": version})
    assert (door, machine, check_notice(draft, machine=True)) == ("xarf", True, [])
    assert (draft.items[0].location, draft.problem) == ("https://shop.example.net/index.html", "phishing")
    assert draft.items[0].note == "Source port: 80; Address: 192.0.2.55"
    assert (draft.name, draft.email) == ("A shop watch", "reports@example.org")
    assert draft.good_faith is None and draft.source_type == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert draft.report is not None
    found = {name: value for name, value in draft.report.items() if name != "evidence"}
    assert found == {
        "format": f"xarf-{version}",
        "kind": "content/phishing",
        "id": "A-7",
        "seen_at": "2026-02-05T14:17:10Z",
    }
    sizes = [(one["type"], one["size"]) for one in draft.report["evidence"]]
    assert sizes == [("text/html", 6), ("image/png", 6)]


@pytest.mark.parametrize("kind", sorted(xarf3.TYPES))
def test_each_type_is_read_as_the_table_says(kind: str) -> None:
    category, type, problem = xarf3.TYPES[kind]
    if problem:
        draft, _door, _machine = read(report(kind))
        assert draft.problem == problem and draft.report["kind"] == f"{category}/{type}"
        return
    with pytest.raises(NotAnItem) as caught:
        read(report(kind, ReportClass="Activity", SourceUrl=None))
    assert caught.value.kind == (category, type)
    # What names a page is about that page, whatever it is.
    assert read(report(kind, ReportClass="Activity"))[0].problem == "other"


def test_the_table_in_the_docs_says_the_same() -> None:
    page = DOCS.read_text("utf-8").partition("## XARF 0.2 to 3")[2].partition("\n## ")[0]
    told = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("`"):
            problem = "" if cells[2].startswith("not about an item") else cells[2]
            for kind in re.findall(r"`([\w-]+)`", cells[0]):
                told["".join(c for c in kind.lower() if c.isalnum())] = (
                    *cells[1].strip("`").split("/"),
                    problem,
                )
    assert told == xarf3.TYPES


@pytest.mark.parametrize("kind", sorted({name for name in _V3_TYPE_MAPPING if name[0].isupper()}))
def test_the_package_of_the_standard_reads_the_same(kind: str) -> None:
    given = report(kind, Protocol="tcp", Url="https://shop.example.net/index.html")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = convert_v3_to_v4(given)
    try:
        ours = tuple(
            read({**given, "Report": {**given["Report"], "SourceUrl": None}})[0].report["kind"].split("/")
        )
    except NotAnItem as error:
        ours = error.kind
    assert ours == (theirs["category"], theirs["type"])
    draft = xarf3.to_draft(report("Phishing"))
    assert draft.report is not None
    assert (draft.name, draft.email) == (theirs["reporter"]["org"], theirs["reporter"]["contact"])
    assert draft.report["seen_at"] == theirs["timestamp"]


def test_malware_is_a_page_or_a_machine_by_its_class() -> None:
    assert read(report("Malware"))[0].problem == "malware"
    with pytest.raises(NotAnItem) as caught:
        read(report("Malware", ReportClass="Activity", SourceUrl=None))
    assert caught.value.kind == ("connection", "infected_host")


def test_a_type_nobody_knows_counts_by_its_class() -> None:
    assert read(report("Deepfake-Shop"))[0].problem == "other"
    with pytest.raises(NotAnItem):
        read(report("Slow-Flood", ReportClass="Activity", SourceUrl=None))


def test_an_address_without_a_page_keeps_the_moment_and_the_port() -> None:
    draft = read(report("Copyright", SourceUrl=None, SourcePort=6881))[0]
    assert draft.items[0].location == "192.0.2.55"
    assert draft.items[0].note == "Source port: 6881; Seen at 2026-02-05T14:17:10Z"


def test_the_abuse_of_children_keeps_no_contact_and_a_person_may_report() -> None:
    draft = read(report("ChildAbuse"))[0]
    assert (draft.problem, draft.name, draft.email) == ("child-abuse", "", "")
    person = report("Harassment", ReportClass="Activity", HarassmentDescription="It goes on.")
    person["ReporterInfo"] = {"ReporterType": "Person", "ReporterContactEmail": "contact@example.org"}
    draft = read(person)[0]
    assert (draft.problem, draft.name, draft.email) == ("harassment", "", "contact@example.org")
    assert "Harassment description: It goes on." in draft.why


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({**report(), "Version": "5"}, "/Version"),
        ({"Version": "3", "ReporterInfo": {}}, "/Report"),
        ({**report(), "ReporterInfo": []}, "/ReporterInfo"),
        (report(""), "/Report/ReportType"),
        (report(SourceUrl=None, SourceIp=None), "/Report/SourceUrl"),
        (report(Date=None), "/Report/Date"),
        (report(SourceUrl="https://example.net/" + "x" * 3000), "/Report/SourceUrl"),
    ],
)
def test_what_is_missing_is_said_with_its_place(value: object, pointer: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(value)
    assert caught.value.pointer == pointer and not isinstance(caught.value, NotAnItem)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_field_may_hold_anything(data: st.DataObject) -> None:
    value = copy.deepcopy(report())
    for _ in range(data.draw(st.integers(1, 3))):
        holder = data.draw(st.sampled_from([value, value["Report"], value["ReporterInfo"]]))
        if isinstance(holder, dict) and holder:
            holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(_ANY)
        if not isinstance(value["Report"], dict) or not isinstance(value["ReporterInfo"], dict):
            break
    try:
        draft = xarf3.to_draft(value)
    except Unreadable:
        return
    check_notice(draft, machine=True)
    json.dumps(draft.report)
