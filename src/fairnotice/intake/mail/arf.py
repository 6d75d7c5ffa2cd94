"""Abuse reports of RFC 5965: what a feedback report says, and which of its kinds is about an item.

Most are about a mail that somebody got, which stands nowhere; those with a Reported-URI name a place.
"""

from __future__ import annotations

from collections.abc import Iterator

from fairnotice.intake.mail.fields import Fields, draft_of, first, read_fields
from fairnotice.intake.mail.found import Found
from fairnotice.intake.mail.receipt import sender_of
from fairnotice.plumbing.mail.letter import Letter, bytes_of, header, headers_of, within
from fairnotice.plumbing.mail.words import storable, text_of

# Feedback types (RFC 5965, 7.3) whose Reported-URI is what the report is about. Others (not-spam, opt-out,
# auth-failure ...) are about the mail or its way.
_PROBLEMS = {"abuse": "other", "fraud": "scam", "virus": "malware", "phishing": "phishing", "other": "other"}
# What is said in words; addresses of people and machines in between are nobody's business here.
_SAID = (("Mail of", "arrival-date"), ("Domain", "reported-domain"), ("Times seen", "incidents"))


def is_report(letter: Letter) -> bool:
    """Whether it has the part by which RFC 5965 knows a report."""
    return any(part.kind == "message/feedback-report" for part in letter.parts)


def read(letter: Letter) -> Found:
    """What the report says."""
    fields = _fields(letter)
    kind = first(fields, "feedback-type").strip().lower()
    if not kind or kind == "xarf":
        return Found("arf", reason="unreadable")
    places = [place.strip("<> ") for place in fields.get("reported-uri", [])]
    name, email = sender_of(letter)
    said = [f"A program reports {kind} (an abuse report of RFC 5965).", *_said(fields), *_reported(letter)]
    draft = draft_of(
        _PROBLEMS.get(kind, "other"), places, map(storable, said), storable(text_of(letter)), name, email
    )
    if kind not in _PROBLEMS or not places:
        return Found("arf", draft, "not-an-item")
    return Found("arf", draft, "" if draft.items else "no-place")


def _fields(letter: Letter) -> Fields:
    part = next(part for part in letter.parts if part.kind == "message/feedback-report")
    block = within(part)
    if block is None:
        return read_fields(storable(bytes_of(part.message).decode("utf-8", "replace")))
    lines = [f"{name}: {' '.join(str(value).split())}" for name, value in block.items()]
    # After an empty first line, or an encoding, all of it is the body.
    body = bytes_of(block).decode("utf-8", "replace") if not block.is_multipart() else ""
    return read_fields("\n".join(lines) + "\n" + storable(body))


def _said(fields: Fields) -> Iterator[str]:
    for words, name in _SAID:
        if first(fields, name):
            yield f"{words}: {', '.join(fields[name])[:500]}"


def _reported(letter: Letter) -> Iterator[str]:
    """By what the reported mail can be found again, and nothing else of it."""
    for part in letter.parts:
        sent = None
        if part.kind == "message/rfc822":
            sent = within(part)
        elif part.kind == "text/rfc822-headers":
            sent = headers_of(bytes_of(part.message))
        if sent is not None:
            found = [
                f"{name} {header(sent, name)[:320]}" for name in ("Message-ID", "Date") if sent.get(name)
            ]
            if found:
                yield f"The reported mail: {', '.join(found)}"
            return
