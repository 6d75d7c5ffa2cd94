"""What is no notice: answers, automatic mail, bounces; and to whom an automatic receipt may go."""

from __future__ import annotations

import pytest

from fairnotice.intake.mail.reader import read_letter
from fairnotice.intake.reading_types import Envelope
from tests.cases.test_replies import report as delivery_report
from tests.intake.mail.making import HEAD, OUR_ID, TEMPLATE, TOKEN, feedback, letter, parts

_PLACE = "See http://x.example/"


@pytest.mark.parametrize(
    ("raw", "envelope"),
    [
        (letter("Taken", f"Cc: notices+{TOKEN}@fair.example"), Envelope()),
        (letter("Taken"), Envelope(recipients=(f"notices+{TOKEN}@fair.example",))),
        (letter("Taken", f"In-Reply-To: <{OUR_ID}>"), Envelope()),
        (letter("Taken", f"References: <x@y.example> <{OUR_ID}>"), Envelope(hosts=("Fair.example",))),
        (letter("Taken", head=HEAD.replace("A false shop", "AW: Notice 23456789ABCD: please")), Envelope()),
        (letter("Away", f"In-Reply-To: <{OUR_ID}>", "Auto-Submitted: auto-replied"), Envelope("")),
        (letter(TEMPLATE, f"Cc: notices+{TOKEN}@fair.example"), Envelope()),
    ],
)
def test_an_answer_to_a_letter_of_ours(raw: bytes, envelope: Envelope) -> None:
    reading = read_letter(raw, envelope)
    assert (reading.outcome, reading.reason, reading.receipt_to) == ("reply", "answer", "")
    assert reading.draft and reading.draft.why, "in case that it answers nothing of ours"


@pytest.mark.parametrize(
    ("raw", "envelope"),
    [
        (letter(_PLACE, f"In-Reply-To: <{OUR_ID}>"), Envelope(hosts=("other.example",))),
        (letter(_PLACE, "In-Reply-To: <something@fair.example>"), Envelope()),
        (letter(_PLACE, head=HEAD.replace("A false shop", "Order 23456789ABCD is false")), Envelope()),
    ],
)
def test_what_is_no_answer(raw: bytes, envelope: Envelope) -> None:
    assert read_letter(raw, envelope).outcome == "draft"


def test_the_template_counts_more_than_a_reference() -> None:
    assert read_letter(letter(TEMPLATE, f"In-Reply-To: <{OUR_ID}>")).outcome == "notice"


def test_a_letter_of_ours_that_came_back() -> None:
    for raw, envelope in (
        (delivery_report("failed"), Envelope("")),
        (letter("Sorry", head=HEAD.replace("A Writer <writer@", "x <MAILER-DAEMON@")), Envelope("")),
    ):
        reading = read_letter(raw, envelope)
        assert (reading.outcome, reading.reason) == ("bounce", "came-back")


@pytest.mark.parametrize(
    "raw",
    [
        delivery_report("delayed"),
        letter(_PLACE, "Auto-Submitted: auto-replied"),
        letter(_PLACE, "X-Autoreply: yes"),
        letter(_PLACE, "Precedence: auto_reply"),
        letter("Our news", "Precedence: bulk"),
        letter("Our news", "List-Unsubscribe: <mailto:x@l.example>"),
        letter("Our news", "Auto-Submitted: auto-generated"),
        parts("report; report-type=disposition-notification", "\nRead: http://x.example"),
    ],
)
def test_automatic_mail_is_for_nobody(raw: bytes) -> None:
    reading = read_letter(raw)
    assert (reading.outcome, reading.reason, reading.receipt_to) == ("automatic", "auto-reply", "")


@pytest.mark.parametrize(
    "mark", ["List-Id: <abuse.example.com>", "Precedence: list", "Precedence: bulk", "Auto-Submitted: auto-generated"]
)  # fmt: skip
def test_a_place_in_a_mail_of_a_list_or_a_program_is_not_lost(mark: str) -> None:
    """Many abuse desks are lists, and many reports are plain mails of programs."""
    reading = read_letter(letter(_PLACE, mark), Envelope("writer@example.org"))
    assert (reading.outcome, reading.reason, reading.receipt_to) == ("draft", "by-a-program", "")
    assert read_letter(letter(TEMPLATE, mark), Envelope("writer@example.org")).outcome == "notice"


def test_a_receipt_goes_to_the_return_path() -> None:
    raw = letter(_PLACE)
    assert read_letter(raw, Envelope("writer@example.org")).receipt_to == "writer@example.org"
    assert read_letter(raw, Envelope("bulk-7@Example.org")).receipt_to == "bulk-7@Example.org"
    assert read_letter(b"Return-Path: <writer@example.org>\n" + raw).receipt_to == "writer@example.org"
    assert read_letter(letter(TEMPLATE), Envelope("writer@example.org")).receipt_to == "writer@example.org"


@pytest.mark.parametrize(
    ("raw", "envelope"),
    [
        (letter(_PLACE), Envelope()),
        (letter(_PLACE), Envelope("")),
        (letter(_PLACE), Envelope("<>")),
        (letter(_PLACE), Envelope("writer@elsewhere.example")),
        (letter(_PLACE), Envelope("no-reply@example.org")),
        (letter(_PLACE), Envelope("owner-list@example.org")),
        (letter(_PLACE), Envelope("list-bounces+x=y@example.org")),
        (letter(_PLACE), Envelope("MAILER-DAEMON@example.org")),
        (letter(_PLACE), Envelope("writer@example.org\r\nRCPT TO:<x@example.org>")),
        (letter(_PLACE), Envelope("writer@example.org", hosts=("example.org",))),
        (letter(_PLACE, head=HEAD.replace("writer@", "noreply@")), Envelope("writer@example.org")),
        (letter(_PLACE, "X-Auto-Response-Suppress: All"), Envelope("writer@example.org")),
        (letter(_PLACE, "X-Loop: x"), Envelope("writer@example.org")),
        (letter(_PLACE, "X-Spam-Flag: YES"), Envelope("writer@example.org")),
        (letter(_PLACE, "List-Post: <mailto:x@y.example>"), Envelope("writer@example.org")),
        (letter(_PLACE, "Precedence: junk"), Envelope("writer@example.org")),
        (feedback("Feedback-Type: abuse\nReported-URI: http://x.example/"), Envelope("writer@example.org")),
        (letter("Taken", f"In-Reply-To: <{OUR_ID}>"), Envelope("writer@example.org")),
        (letter(_PLACE, head=HEAD.replace("From", "X-From")), Envelope("writer@example.org")),
        (
            letter(_PLACE, head=HEAD.replace("A Writer <writer@example.org>", "(" * 900)),
            Envelope("a@example.org"),
        ),
    ],
)
def test_no_receipt(raw: bytes, envelope: Envelope) -> None:
    assert read_letter(raw, envelope).receipt_to == ""
