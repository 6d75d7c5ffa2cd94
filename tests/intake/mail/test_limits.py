"""Every reason for which a person has to look, and the end that everything has."""

from __future__ import annotations

import json
from base64 import encodebytes
from collections.abc import Iterator

import pytest

from fairnotice.intake.mail import reader
from fairnotice.intake.mail.child import Reader
from fairnotice.intake.mail.reader import read_letter
from fairnotice.intake.reading_types import Reading
from fairnotice.law.doors import REASONS
from fairnotice.plumbing.mail.letter import MAX_BYTES, MAX_DEPTH, MAX_LINES, MAX_PARTS, take_apart
from tests.intake.mail.making import OUR_ID, TEMPLATE, letter, parts, with_json
from tests.intake.reports import report, samples

_PLACE = "http://x.example/"


def _deep(levels: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(levels)
    )
    return opened + b"\nSee http://x.example/"


def _many(count: int) -> bytes:
    return parts("mixed", *[f"\nSee {_PLACE}"] * count)


EVERY: dict[str, bytes] = {
    "needs-a-person": letter(_PLACE),
    "not-confirmed": letter(TEMPLATE.replace("yes", "")),
    "no-place": letter("There is a false shop"),
    "no-words": b"From: a@example.org\n\n\n",
    "too-many-places": letter("\n".join(f"http://x.example/{n}" for n in range(60))),
    "invalid": letter(TEMPLATE.replace("scam", "?")),
    "by-a-program": letter(_PLACE, "Precedence: bulk"),
    "unreadable": with_json("{"),
    "too-deep": _deep(MAX_DEPTH + 5),
    "too-many-parts": _many(MAX_PARTS + 1),
    "too-big": letter(_PLACE + "\n" + "x" * MAX_BYTES),
    "encrypted": parts("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1", "\nx"),
    "xarf-version": with_json(report(xarf_version="9")),
    "xarf-schema": with_json(report(category=None)),
    "not-an-item": with_json(samples()["messaging-spam"]),
    "answer": letter("Taken", f"In-Reply-To: <{OUR_ID}>"),
    "auto-reply": letter("Away", "Auto-Submitted: auto-replied"),
    "came-back": letter("Sorry", "Return-Path: <>", head="From: MAILER-DAEMON@example.org\n"),
}


@pytest.fixture(scope="module")
def child() -> Iterator[Reader]:
    with Reader(wall=60) as made:
        yield made


def test_every_reason_is_reached() -> None:
    # "too-slow" is reached where the process is ended: test_child. No reader gives the others.
    others = {"too-slow", "flood", "failed", "signature-unchecked"}
    assert set(EVERY) == set(REASONS) - others


@pytest.mark.parametrize("reason", sorted(EVERY))
def test_a_reason_goes_with_its_letter(reason: str) -> None:
    with_reason = read_letter(EVERY[reason])
    assert with_reason.reason == reason
    assert Reading.from_json(json.loads(json.dumps(with_reason.to_json()))) == with_reason


@pytest.mark.parametrize("raw", [_deep(MAX_DEPTH), _many(MAX_PARTS)])
def test_up_to_the_end_all_is_read(raw: bytes) -> None:
    assert read_letter(raw).reason == "needs-a-person"


@pytest.mark.parametrize(
    "raw", [_deep(300), _deep(3000), _many(20_000), b"Content-Type: message/rfc822\n\n" * 5000]
)
def test_what_would_break_the_parser_is_not_given_to_it(raw: bytes) -> None:
    reading = read_letter(raw)
    assert (reading.outcome, reading.reason) == ("draft", "too-many-parts")


def test_what_was_read_of_a_cut_letter_is_filled_in_and_never_a_notice() -> None:
    attached = "Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\n" + "A" * MAX_BYTES
    reading = read_letter(parts("mixed", "Content-Type: text/plain\n\n" + TEMPLATE, attached))
    assert (reading.outcome, reading.reason) == ("draft", "too-big")
    assert reading.draft and reading.draft.problem == "scam" and reading.draft.good_faith
    long = json.dumps(report(evidence=["x" * MAX_BYTES]))
    coded = encodebytes(long.encode()).decode()
    raw = letter(coded, "Content-Type: application/json; name=xarf.json", "Content-Transfer-Encoding: base64")
    assert read_letter(raw).reason == "too-big"


def test_encrypted_in_all_three_ways() -> None:
    for raw in (
        letter("-----BEGIN PGP MESSAGE-----\n\nabc"),
        letter("abc", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data"),
    ):
        assert read_letter(raw).reason == "encrypted"
    signed = parts(
        "signed", f"Content-Type: text/plain\n\n{_PLACE}", "Content-Type: application/pgp-signature\n\nx"
    )
    assert read_letter(signed).reason == "needs-a-person", "a signed mail can be read"


def test_short_lines_without_end_are_cut() -> None:
    raw = letter(_PLACE + "\n" * (MAX_LINES * 2))
    found = take_apart(raw)
    assert found.cut == "too-big" and read_letter(raw).reason == "too-big"
    head = b"".join(b"X-%d: y\n" % number for number in range(100_000))
    assert len(take_apart(head + letter(_PLACE)).head.keys()) < 3_000


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(ValueError("x"), "unreadable"), (RecursionError(), "too-deep"), (MemoryError(), "too-slow")],
)
def test_whatever_goes_wrong_a_person_gets_it(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, reason: str
) -> None:
    def raising(raw: bytes) -> None:
        raise fault

    monkeypatch.setattr(reader, "take_apart", raising)
    reading = read_letter(letter("The words"))
    assert (reading.outcome, reading.reason) == ("draft", reason)
    assert reading.draft and reading.draft.why == ("" if reason == "too-slow" else "The words")


def test_a_reading_that_is_none_is_refused() -> None:
    good = read_letter(EVERY["needs-a-person"]).to_json()
    for bad in (
        {},
        good | {"outcome": "x"},
        good | {"reason": "x"},
        good | {"more": 1},
        good | {"draft": {"a": 1}},
    ):
        with pytest.raises(ValueError, match="no reading"):
            Reading.from_json(bad)


@pytest.mark.parametrize(
    "raw",
    [
        letter("<a://" * 80_000 + "x.yy/" + ")" * 3000),
        letter("[.]" * 130_000),
        letter("<a href=" * 50_000, "Content-Type: text/html"),
        letter("a", "Content-Type: text/plain; charset=punycode") + b"x" * 400_000,
        letter("", *["Content-Type: text/plain" + '; a="' * 4000] * 100),
        letter("where:\nproblem:\n" * 30_000),
        with_json("[" * 2_000_000),
    ],
)  # fmt: skip
def test_no_letter_takes_the_square_of_its_length(child: Reader, raw: bytes) -> None:
    """Each takes minutes where it does; the process with limits would be ended long before."""
    assert child.read(raw) == read_letter(raw)
    assert child.usage.killed == 0
