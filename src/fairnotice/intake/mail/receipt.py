"""To whom one automatic receipt may go (RFC 3834): in doubt to nobody, lest programs answer each other."""

from __future__ import annotations

import re
from email.utils import parseaddr

from fairnotice.cases.drafts import check_email
from fairnotice.intake.reading_types import Envelope
from fairnotice.plumbing.mail import kinds
from fairnotice.plumbing.mail.letter import FAULTS, Letter, header, words_of

# Mailing lists (RFC 2369, RFC 2919), answering machines and bulk senders say so by one of these.
_OF_LISTS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help", "Mailing-List", "Feedback-ID")
_SUPPRESS = (*_OF_LISTS, "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-Loop")
_NOBODY = re.compile(
    r"(?:mailer-daemon|postmaster|no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|bounces?|nobody|daemon|root"
    r"|listserv|majordomo|mailman)(?:[-+._=].*)?|owner-.*|.*-(?:request|owner|bounces?|no-?reply)(?:[-+=].*)?",
    re.IGNORECASE,
)


def sender_of(letter: Letter) -> tuple[str, str]:
    """(name, address) of who wrote it, "" where it does not say."""
    try:
        name, address = parseaddr(header(letter.head, "From")[:1000])
    except (*FAULTS, RecursionError):  # brackets in brackets
        return "", ""
    return " ".join(words_of(name).split()), address if check_email(address) else ""


def nobodys(address: str) -> bool:
    """Whether no person reads what is sent there."""
    return not address or _NOBODY.fullmatch(address.partition("@")[0]) is not None


def by_a_program(letter: Letter, envelope: Envelope) -> bool:
    """Whether a program, or a mailing list, says that it sent this."""
    return (
        return_path(letter, envelope) == ""
        or kinds.is_automatic(letter)
        or kinds.precedence(letter) == "list"
        or any(letter.head.get(name) is not None for name in _OF_LISTS)
    )


def receipt_to(letter: Letter, envelope: Envelope) -> str:
    """The return path, where a person may be behind it: never of lists, programs or bounces, and not where
    it is at another host than the author's, who may know nothing of it. "" for nobody."""
    path = return_path(letter, envelope)
    if not path or not check_email(path) or nobodys(path) or by_a_program(letter, envelope):
        return ""
    if any(letter.head.get(name) is not None for name in _SUPPRESS):
        return ""
    if header(letter.head, "X-Spam-Flag").strip().lower() == "yes":
        return ""
    author = sender_of(letter)[1]
    if nobodys(author) or _host(author) != _host(path) or _host(path) in map(str.lower, envelope.hosts):
        return ""
    return path


def return_path(letter: Letter, envelope: Envelope) -> str | None:
    """As the envelope has it, else as the last mail server wrote it down; None where nobody did."""
    if envelope.sender is not None:
        return envelope.sender.strip().strip("<>")
    written = letter.head.get("Return-Path")
    return None if written is None else str(written).strip().strip("<>")[:1000]


def _host(address: str) -> str:
    return address.rpartition("@")[2].lower()
