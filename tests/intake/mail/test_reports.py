"""Reports of programs by mail: ARF, X-ARF, XARF in all versions."""

from __future__ import annotations

import json
from email.headerregistry import Address
from typing import Any

import pytest

from fairnotice.cases.drafts import check_notice
from fairnotice.delivery.xarf import as_mail, build_report
from fairnotice.intake import xarf
from fairnotice.intake.mail import xarf_json
from fairnotice.intake.mail.reader import read_letter
from fairnotice.intake.reading_types import Envelope
from fairnotice.intake.unreadable import Unreadable
from tests.delivery.xarf.facts import facts
from tests.intake.mail.making import feedback, json_part, letter, parts, with_json
from tests.intake.reports import report, samples


def test_our_own_letter_is_read_back() -> None:
    """As `delivery/xarf/mail.py` sends it."""
    made = build_report(facts())
    sent = as_mail(
        made,
        to="abuse@example.com",
        sender=Address("A watch", addr_spec="watch@example.org"),
        message_id="x@example.org",
        reply_to="",
        subject_reference="23456789ABCD",
    )
    reading = read_letter(sent.as_bytes(), Envelope("watch@example.org"))
    assert (reading.outcome, reading.format, reading.machine) == ("notice", "forward", True)
    assert reading.draft == xarf.to_draft(made) and reading.receipt_to == ""


@pytest.mark.parametrize("coded", [True, False])
def test_a_file_is_enough(coded: bool) -> None:
    reading = read_letter(with_json(report(type="csam", classification="baseline", detection_method="user_report", fraud_type=None), name="any.json", coded=coded))  # fmt: skip
    assert reading.outcome == "notice" and reading.draft and reading.draft.problem == "child-abuse"
    assert (reading.draft.name, reading.draft.email) == ("", "")
    assert read_letter(letter(json.dumps(report()), "Content-Type: application/json")).outcome == "notice"


@pytest.mark.parametrize("name", sorted(samples()))
def test_every_sample_by_mail_is_what_it_is_as_a_file(name: str) -> None:
    sample = samples()[name]
    reading = read_letter(with_json(sample))
    try:
        draft = xarf.to_draft(sample)
    except xarf.NotAnItem:
        assert (reading.outcome, reading.reason) == ("pass_on", "not-an-item")
    except Unreadable:
        assert (reading.outcome, reading.reason) == ("draft", "xarf-schema")
    else:
        assert reading.draft == draft and reading.outcome == "notice"


_OLD = {"Version": "3", "ReporterInfo": {}, "Disclosure": True, "Report": {"ReportClass": "Content"}}


@pytest.mark.parametrize(
    ("value", "format", "reason"),
    [
        (report(xarf_version="5.0.0"), "xarf", "xarf-version"),
        (report(category=None), "xarf", "xarf-schema"),
        (report(url="http://[/"), "xarf", "invalid"),
        ('{"xarf_version": "4.2.0"', "xarf", "unreadable"),
        ("[" * 90_000, "xarf", "unreadable"),
        ({"a": 1}, "mail", "no-place"),
    ],
)
def test_a_report_that_cannot_be_used_waits_for_a_person(value: Any, format: str, reason: str) -> None:
    reading = read_letter(with_json(value))
    assert (reading.outcome, reading.format, reading.reason) == ("draft", format, reason)
    assert reading.draft and reading.machine == (format != "mail")


def test_version_3_is_read_where_a_reader_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xarf_json, "_version_3", lambda: None)
    reading = read_letter(with_json(_OLD))
    assert (reading.outcome, reading.format, reading.reason) == ("draft", "xarf3", "xarf-version")
    monkeypatch.setattr(xarf_json, "_version_3", lambda: lambda said: xarf.to_draft(report()))
    reading = read_letter(with_json(_OLD))
    assert (reading.outcome, reading.format) == ("notice", "xarf3")

    def refuse(said: dict[str, Any]) -> Any:
        raise Unreadable("No class.", "/Report/ReportClass")

    monkeypatch.setattr(xarf_json, "_version_3", lambda: refuse)
    assert read_letter(with_json(_OLD)).reason == "xarf-schema"


def test_an_abuse_report_with_an_address_is_a_notice() -> None:
    fields = (
        "Feedback-Type: fraud\nUser-Agent: x/1\nVersion: 1\nReported-URI: <http://shop.example/1>\n"
        "Reported-URI: http://shop.example/2\nReported-URI: mailto:x@shop.example\nIncidents: 3\n"
        "Original-Mail-From: <victim@example.org>\nSource-IP: 192.0.2.1\nArrival-Date: Thu, 1 Jan 2026 00:00:00 +0000"
    )
    sent = "Content-Type: message/rfc822\n\nMessage-ID: <m@shop.example>\nTo: victim@example.org\nSubject: Buy\n\nhi"
    reading = read_letter(feedback(fields, sent))
    assert (reading.outcome, reading.format, reading.machine) == ("notice", "arf", True)
    draft = reading.draft
    assert draft and check_notice(draft, machine=True) == []
    assert [item.location for item in draft.items] == ["http://shop.example/1", "http://shop.example/2"]
    assert (draft.problem, draft.source_type, draft.good_faith) == (
        "scam",
        "SOURCE_TYPE_OTHER_NOTIFICATION",
        None,
    )
    assert "Times seen: 3" in draft.why and "<m@shop.example>" in draft.why and "An abuse report" in draft.why
    assert not [word for word in ("victim", "192.0.2.1", "Buy") if word in draft.why]


@pytest.mark.parametrize(
    ("fields", "outcome", "reason"),
    [
        ("Feedback-Type: abuse\nVersion: 1", "pass_on", "not-an-item"),
        ("Feedback-Type: opt-out\nReported-URI: http://x.example/", "pass_on", "not-an-item"),
        ("\nFeedback-Type: virus\nReported-URI: http://x.example/", "notice", ""),
        ("Feedback-Type: abuse\nReported-URI: mailto:a@x.example", "draft", "no-place"),
        ("Feedback-Type: xarf\nVersion: 1", "draft", "unreadable"),
        ("no fields", "draft", "unreadable"),
        ("Feedback-Type: abuse\n" + "".join(f"Reported-URI: http://x.example/{n}\n" for n in range(60)), "draft", "too-many-places"),
    ],
)  # fmt: skip
def test_abuse_reports(fields: str, outcome: str, reason: str) -> None:
    reading = read_letter(feedback(fields, words="words"))
    assert (reading.outcome, reading.reason, reading.format) == (outcome, reason, "arf")
    assert reading.draft and len(reading.draft.items) <= 50 and "words" in reading.draft.why


def _xarf_text(fields: str, *headers: str, name: str = "report.txt") -> bytes:
    return parts(
        "mixed",
        "Content-Type: text/plain\n\nWords for a person",
        f"Content-Type: text/plain; name={name}\n\n---\n{fields}",
        "Content-Type: message/rfc822\n\nSubject: x\n\nx",
        headers=headers,
    )


def test_the_older_reports_in_lines() -> None:
    fields = (
        "Reported-From: x@example.org\nCategory: abuse\nReport-Type: phishing\nService: http\n"
        "Date: Thu, 01 Jan 2026 00:00:00 +0000\nSource-Type: uri\nSource: \"http://shop.example/1\"\n"
    )  # fmt: skip
    for raw in (
        _xarf_text(fields, "X-ARF: YES"),
        _xarf_text(fields, "X-XARF: PLAIN"),
        _xarf_text(fields, name="a"),
    ):
        reading = read_letter(raw)
        assert (reading.outcome, reading.format) == ("notice", "x-arf")
        draft = reading.draft
        assert draft and draft.items[0].location == "http://shop.example/1" and draft.problem == "phishing"
        assert "seen at Thu, 01 Jan 2026" in draft.why and "Words for a person" in draft.why
    attack = fields.replace("phishing", "login-attack").replace("uri", "ipv4").replace('"http://shop.example/1"', "192.0.2.1")  # fmt: skip
    reading = read_letter(_xarf_text(attack, "X-ARF: YES"))
    assert (reading.outcome, reading.reason) == ("pass_on", "not-an-item")
    reading = read_letter(_xarf_text("nothing", "X-ARF: YES"))
    assert (reading.outcome, reading.format, reading.reason) == ("draft", "x-arf", "unreadable")
    abuse = read_letter(_xarf_text(fields.replace("phishing", "child-abuse"), "X-ARF: YES"))
    assert abuse.draft and (abuse.draft.name, abuse.draft.email) == ("", "")


def test_a_file_in_a_letter_inside_is_no_report() -> None:
    inner = "Content-Type: message/rfc822\n\n" + "MIME-Version: 1.0\n" + json_part(report(), coded=False)
    assert read_letter(parts("mixed", "Content-Type: text/plain\n\nhi", inner)).format == "mail"
