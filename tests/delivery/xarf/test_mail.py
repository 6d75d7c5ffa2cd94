"""The letter with a report: words for a person, the report for a program."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.xarf import as_mail, build_report
from tests.delivery.xarf.facts import facts

SENDER = Address("A forum", addr_spec="notices@forum.example.org")


def letter(report: dict[str, Any], **changes: Any) -> EmailMessage:
    """The letter as it arrives: written to bytes and read again."""
    values: dict[str, Any] = {
        "to": "abuse@host.example.net",
        "sender": SENDER,
        "message_id": "abc@forum.example.org",
        "reply_to": "answers@forum.example.org",
        "subject_reference": "ABCDEFGH2345",
        **changes,
    }
    found = message_from_bytes(as_mail(report, **values).as_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    assert found.defects == []
    return found


def test_it_is_an_abuse_report_whose_third_part_is_the_report() -> None:
    report = build_report(facts())
    got = letter(report)
    assert got.get_content_type() == "multipart/report"
    assert got.get_param("report-type") == "feedback-report"
    words, fields, attached = got.iter_parts()
    assert words.get_content_type() == "text/plain"
    assert fields.get_content_type() == "message/feedback-report"
    assert b"Feedback-Type: xarf" in fields.as_bytes()
    assert attached.get_content_type() == "application/json"
    assert attached.get_filename() == "xarf.json"
    assert json.loads(attached.get_content()) == report


def test_its_headers_say_what_it_is_and_where_the_answer_goes() -> None:
    got = letter(build_report(facts()))
    assert got["To"] == "abuse@host.example.net"
    assert got["From"] == "A forum <notices@forum.example.org>"
    assert got["Reply-To"] == "answers@forum.example.org"
    assert got["Message-ID"] == "<abc@forum.example.org>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert "ABCDEFGH2345" in got["Subject"]
    assert "example.net" not in got["Subject"]


def test_a_person_can_read_and_answer_it() -> None:
    got = letter(build_report(facts(locations=("https://shop.example.net/login", "post 8"))))
    words = next(iter(got.iter_parts())).get_content()
    for said in (
        "Reference: ABCDEFGH2345",
        "Scams and/or fraud; Phishing",
        "1. https://shop.example.net/login",
        "2. post 8",
        "the law: Section 263",
        "Sent to: A host, A network",
        "Please answer by 14 January 2026, 16:22 UTC",
        "https://forum.example.org/forward/answer/",
    ):
        assert said in words


def test_letters_beyond_ascii_go_through() -> None:
    report = build_report(facts(text="Es behauptet, ich hätte gestohlen – falsch. " * 40, law="§ 263 StGB"))
    words, _fields, attached = letter(report).iter_parts()
    assert "ich hätte gestohlen – falsch" in words.get_content()
    assert json.loads(attached.get_content()) == report


@pytest.mark.parametrize("to", ["", "nobody", "a@b\r\nBcc: c@d.example", "a@b, c@d.example"])
def test_an_address_that_is_none_is_refused_for_good(to: str) -> None:
    with pytest.raises(SendFailed) as caught:
        letter(build_report(facts()), to=to)
    assert (caught.value.code, caught.value.final) == ("refused", True)
