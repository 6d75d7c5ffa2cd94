"""An automatic answer to a letter: tied to it, and marked so that no program answers back (RFC 3834, 3.1)."""

from __future__ import annotations

import re
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Received

_HEAD = 65_536
_MOST = 20
_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,240}>")
_BLANK = re.compile(rb"\r?\n\r?\n")


def answering(letter: EmailMessage, received: Received | None) -> EmailMessage:
    """The letter, as the answer to what came in; unchanged where that was no letter."""
    if received is None or received.door != "mail":
        return letter
    del letter["Auto-Submitted"]
    letter["Auto-Submitted"] = "auto-replied"
    before, own = _thread(received)
    if own:
        # On one line each: folded, a long identifier would be written as an encoded word, which it is not.
        letter.policy = letter.policy.clone(max_line_length=998)
        letter["In-Reply-To"] = own
        letter["References"] = " ".join([*before, own])
    return letter


def of_notice(ref: str) -> Received | None:
    """What a notice was made of, where it came in as a letter."""
    return Received.objects.filter(notice__ref=ref).first()


def _thread(received: Received) -> tuple[list[str], str]:
    """(RFC 5322, 3.6.4) The identifiers that the letter refers to, and its own; "" where it has none."""
    try:
        raw = receive.raw_of(received)[:_HEAD]
        blank = _BLANK.search(raw)
        head: Message = BytesHeaderParser(policy=compat32).parsebytes(raw[: blank.end() if blank else None])
        own = _ID.findall(str(head.get("Message-ID", "")))
        named = head.get("References") or head.get("In-Reply-To") or ""
        before = _ID.findall(str(named))
    except Exception:  # erased by now, or a fault of the library: the answer goes out all the same
        return [], ""
    # With both on one line, and below what a line may have (RFC 5322, 2.1.1).
    return _fitting(before), own[0] if own else ""


def _fitting(ids: list[str]) -> list[str]:
    """The last of them, as many as one line holds beside one more."""
    kept: list[str] = []
    room = 700
    for one in reversed(ids[-_MOST:]):
        room -= len(one) + 1
        if room < 0:
            break
        kept.insert(0, one)
    return kept
