"""What a letter says of itself: that it came back, that a program sent it, which of ours it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from fairnotice.plumbing.mail.letter import Letter, bytes_of, header, header_words, headers_of, held, within

MAX_IDS = 50
_MAX_BLOCKS = 100
# The random part of the addresses that take answers to what we forwarded (RFC 5233).
TOKEN = re.compile(r"\+([A-Z2-7]{26})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,320})>")
_REFERENCE = re.compile(r"(?<![0-9A-Za-z])([2-9A-HJ-NP-Z]{12})(?![0-9A-Za-z])")
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


def tokens(letter: Letter) -> tuple[str, ...]:
    """The tokens of addresses it was sent to."""
    found = (one.upper() for name in _ADDRESSED for one in TOKEN.findall(header(letter.head, name)))
    return tuple(dict.fromkeys(found))


def references(letter: Letter) -> tuple[str, ...]:
    """What looks like a reference of ours in its subject."""
    return tuple(_REFERENCE.findall(header_words(letter.head, "Subject")))


def message_ids(letter: Letter) -> tuple[str, ...]:
    """The letters that it refers to, without brackets; those that a bounce brings back, too."""
    return tuple(dict.fromkeys(_message_ids(letter)))[:MAX_IDS]


def _message_ids(letter: Letter) -> Iterator[str]:
    for name in ("In-Reply-To", "References"):
        yield from _MESSAGE_ID.findall(header(letter.head, name))
    if not is_bounce(letter):
        return
    for part in letter.parts:
        if part.kind == "message/rfc822":
            yield from _of_header(within(part))
        elif part.kind == "text/rfc822-headers":
            yield from _of_header(headers_of(bytes_of(part.message)))


def _of_header(sent: Message | None) -> list[str]:
    return [] if sent is None else _MESSAGE_ID.findall(header(sent, "Message-ID"))


def is_bounce(letter: Letter) -> bool:
    """A delivery report (RFC 3464) that says "failed"; a delay is none."""
    if letter.head.get_content_type() != "multipart/report":
        return False
    for part in letter.parts:
        if part.kind == "message/delivery-status":
            blocks = held(part.message)[:_MAX_BLOCKS]
            return any(header(one, "Action").strip().lower() == "failed" for one in blocks)
    return False


def is_automatic(letter: Letter) -> bool:
    """RFC 3834, and what programs used before it."""
    said = auto_submitted(letter)
    return (
        not said.startswith("no")
        or letter.head.get_content_type() == "multipart/report"
        or precedence(letter) in ("auto_reply", "bulk", "junk")
        or letter.head.get("X-Autoreply") is not None
    )


def auto_submitted(letter: Letter) -> str:
    """The word of RFC 3834, "no" where it is not said."""
    return str(letter.head.get("Auto-Submitted", "no")).strip().lower()


def precedence(letter: Letter) -> str:
    """What mailing lists and older programs say of themselves."""
    return str(letter.head.get("Precedence", "")).strip().lower()
