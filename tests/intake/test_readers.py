"""Files become drafts, or are refused with what is wrong and where; never anything else."""

from __future__ import annotations

import copy
import hashlib
import json
import socket
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.cases.actions.submit import submit_notice
from fairnotice.cases.drafts import NoticeDraft, check_notice
from fairnotice.intake.readers import MAX_BYTES, Unreadable, read_notice
from fairnotice.law.enums import SOURCE_TYPES
from tests.intake.reports import FAULTY, report, samples

OWN = {
    "items": [{"location": "https://forum.example.org/post/7", "note": "second picture"}],
    "problem": "defamation",
    "why": "It says that I stole money, which is false.",
    "good_faith": True,
}


def read(value: object) -> tuple[NoticeDraft, str, bool]:
    return read_notice(json.dumps(value).encode())


def test_our_own_json_is_what_the_api_takes() -> None:
    draft, door, machine = read({**OWN, "law": "Section 186", "ground_kind": "law"})
    assert (door, machine) == ("file", False)
    assert draft.items[0].note == "second picture"
    assert draft.law == "Section 186"
    assert check_notice(draft) == []


def test_a_report_of_a_program_becomes_a_draft() -> None:
    draft, door, machine = read(
        report(victim_count=3, financial_loss_reported=True, description="A false shop.")
    )
    assert (door, machine) == ("xarf", True)
    assert draft.items[0].location == "https://shop.example.net/offer"
    assert draft.problem == "scam"
    assert (draft.name, draft.email) == ("A shop watch", "reports@example.org")
    assert draft.good_faith is None
    assert draft.source_type == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert draft.source_type in SOURCE_TYPES
    assert draft.why.splitlines() == [
        "A program reports fraud (category content), seen at 2026-01-11T16:22:45Z.",
        "A false shop.",
        "Fraud type: shopping",
        "Victim count: 3",
        "Financial loss reported: yes",
    ]
    assert check_notice(draft, machine=True) == []


def test_a_report_can_go_the_whole_way_in(fn_db: None) -> None:
    draft, door, machine = read(report())
    notice = submit_notice(draft=draft, door=door, machine=machine).notice
    assert (notice.door, notice.good_faith, notice.source_type) == (
        "xarf",
        None,
        "SOURCE_TYPE_OTHER_NOTIFICATION",
    )


def test_a_report_of_child_abuse_keeps_no_contact() -> None:
    draft, _, _ = read(report(type="csam", classification="A1", detection_method="manual_review"))
    assert draft.problem == "child-abuse"
    assert (draft.name, draft.email) == ("", "")


def test_an_address_without_a_page_keeps_the_moment_and_the_port() -> None:
    draft, _, _ = read(
        report(
            category="copyright",
            type="p2p",
            p2p_protocol="bittorrent",
            swarm_info={"info_hash": "a" * 40},
            source_port=6881,
            url=None,
            fraud_type=None,
        )
    )
    assert draft.items[0].location == "198.51.100.7"
    assert draft.items[0].note == f"Source port: 6881; Info hash: {'a' * 40}; Seen at 2026-01-11T16:22:45Z"


def test_evidence_is_named_with_its_size_and_hash() -> None:
    evidence = [{"content_type": "image/png", "description": "Picture of the page", "payload": "c2VjcmV0"}]
    draft, _, _ = read(report(evidence=evidence))
    assert draft.report is not None
    assert draft.report["evidence"] == [
        {
            "type": "image/png",
            "description": "Picture of the page",
            "size": 6,
            "sha256": hashlib.sha256(b"secret").hexdigest(),
        }
    ]
    assert "c2VjcmV0" not in json.dumps(draft.why)


def test_a_type_newer_than_our_schemas_is_read_by_what_all_reports_have() -> None:
    draft, _, _ = read(report(type="deepfake_shop"))
    assert draft.problem == "other"
    assert check_notice(draft, machine=True) == []


def test_a_long_report_is_cut_and_says_so() -> None:
    draft, _, _ = read(report(scheme_description="x" * 20_000))
    assert draft.why.endswith("[The report goes on.]")
    assert check_notice(draft, machine=True) == []


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        (report(xarf_version="3.0.0"), "/xarf_version"),
        (report(xarf_version=4), "/xarf_version"),
        (report(reporter=[]), "/reporter"),
        (report(reporter={"org": "A shop watch", "domain": "example.org"}), "/reporter"),
        (report(source_port=70_000), "/source_port"),
        (report(fraud_type=7), "/fraud_type"),
        (report(evidence=[{"content_type": "text/plain"}]), "/evidence/0"),
        ({"xarf_version": "4.2.0"}, ""),
        ({**OWN, "good_faith": "yes"}, "/good_faith"),
        ({**OWN, "items": [{"location": 7}]}, "/items/0/location"),
        ({**OWN, "priority": "high"}, "/priority"),
        ({"Version": "2", "ReporterInfo": {}}, "/Report"),
        ([OWN], ""),
        (None, ""),
    ],
)
def test_what_is_wrong_is_said_with_its_place(value: object, pointer: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(value)
    assert caught.value.pointer == pointer
    assert caught.value.message


def test_the_name_of_the_file_stands_first_in_the_error() -> None:
    with pytest.raises(Unreadable, match=r"^report\.json: This is not JSON"):
        read_notice(b"{", "report.json")


def test_errors_quote_nothing_of_the_file() -> None:
    for value in (
        report(source_port="secret text"),
        report(reporter={"org": "secret text"}),
        {**OWN, "items": "secret text"},
    ):
        with pytest.raises(Unreadable) as caught:
            read(value)
        assert "secret text" not in str(caught.value)


def test_a_file_that_is_too_long_is_not_taken_apart() -> None:
    with pytest.raises(Unreadable, match="longer than 16 MB"):
        read_notice(b" " * (MAX_BYTES + 1))


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_notice(b"\xef\xbb\xbf" + json.dumps(OWN).encode())[1] == "file"


@pytest.mark.parametrize("name", sorted(FAULTY))
def test_a_sample_that_breaks_its_own_schema_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="breaks the XARF schema"):
        read(samples()[name])


def test_reading_asks_the_network_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert read(report())[1] == "xarf"


_TEXT = st.text(st.characters(exclude_categories=[]), max_size=20)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=8,
)


def _never_more_than_unreadable(data: bytes) -> None:
    try:
        draft, door, machine = read_notice(data)
    except Unreadable:
        return
    assert door in ("file", "xarf")
    check_notice(draft, machine=machine)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _never_more_than_unreadable(data)


@settings(max_examples=200)
@given(_JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    _never_more_than_unreadable(json.dumps(value).encode())


@settings(max_examples=300)
@given(st.data())
def test_any_field_may_hold_anything(data: st.DataObject) -> None:
    value = copy.deepcopy(data.draw(st.sampled_from([report(), OWN])))
    for _ in range(data.draw(st.integers(1, 3))):
        holder = data.draw(st.sampled_from([value, *(v for v in value.values() if isinstance(v, dict))]))
        name = data.draw(st.sampled_from([*sorted(holder), "other"]) | _TEXT)
        holder[name] = data.draw(_JSON)
    _never_more_than_unreadable(json.dumps(value).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"xarf_version":"4.2.0","x":' + b"[" * 900 + b"]" * 900 + b"}",
        json.dumps(report()).encode()[:-1] + b',"x":' + b'{"a":' * 600 + b"1" + b"}" * 600 + b"}",
        json.dumps(report()).encode()[:-1] + b',"x":1e400}',
        json.dumps(report()).encode()[:-1] + b',"x":' + b"9" * 4000 + b"}",
        json.dumps(report()).encode()[:-1] + b',"description":"\\ud800"}',
    ],
)
def test_what_breaks_readers_breaks_nothing_here(data: bytes) -> None:
    _never_more_than_unreadable(data)
