"""A letter that came back, as plain values: which forward it belongs to, and what it says.

Read with Python's lenient rules (`compat32`): what mail programs send is often not quite mail. Nothing in it
is opened, followed or run; attachments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from html import unescape
from typing import Any, Literal

from fairnotice.law.forwarding import Answer

MAX_BYTES = 2_000_000
MAX_TEXT = 20_000
_MAX_HEADER = 20_000
_MAX_IDS = 50
_HIDDEN = frozenset({"script", "style", "head"})
_BREAKS = frozenset({"p", "br", "div", "tr", "li"})
_TAG = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9]*)|[!?/])")
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_TOKEN = re.compile(r"\+([A-Z2-7]{26})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,320})>")
_REFERENCE = re.compile(r"(?<![0-9A-Za-z])([2-9A-HJ-NP-Z]{12})(?![0-9A-Za-z])")
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
# The word that a letter asks for, alone or before a colon, on its first line.
_ANSWERS: dict[str, Answer] = {
    "taken": "taken",
    "not ours": "not_ours",
    "too old": "too_old",
    "answered": "answered",
}
_FIRST = re.compile(r"\W*(taken|not[ _-]ours|too[ _-]old|answered)\W*(?:$|[:.,–-])", re.IGNORECASE)

Kind = Literal["reply", "automatic", "bounce"]


class _Short(Compat32):
    """Python's lenient rules, with an end to every header: reading the parameters of one takes the square of
    their number."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, Any]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER]


_POLICY = _Short()


@dataclass(frozen=True)
class Reply:
    """`tokens` are those of addresses it was sent to, `message_ids` what it refers to (no brackets),
    `references` what its subject may name: systems for tickets write letters of their own and keep little
    else. `answer` is None where its first line says none of the four words."""

    kind: Kind
    tokens: tuple[str, ...]
    message_ids: tuple[str, ...]
    references: tuple[str, ...]
    answer: Answer | None
    text: str


def read(raw: bytes) -> Reply:
    """The letter in these bytes; whatever they are. Of more than 2 MB only the beginning is read.

    Never raises: a letter that Python cannot take apart (parts in parts without end, charsets that are none)
    comes back as it is written, as a reply without an answer, for a person.
    """
    raw = raw[:MAX_BYTES]
    try:
        return _read(message_from_bytes(raw, policy=_POLICY))
    except Exception:  # the library's own faults are of many kinds, and no letter may be lost by one
        text = raw.decode("utf-8", "replace")
        tokens = (token.upper() for token in _TOKEN.findall(text[:_MAX_HEADER]))
        return Reply("reply", tuple(dict.fromkeys(tokens)), (), (), None, _own_words(text)[:MAX_TEXT])


def _read(letter: Message) -> Reply:
    bounce = _is_bounce(letter)
    text = _own_words(_text(letter))
    return Reply(
        kind="bounce" if bounce else "automatic" if _is_automatic(letter) else "reply",
        tokens=tuple(dict.fromkeys(_tokens(letter))),
        message_ids=tuple(dict.fromkeys(_message_ids(letter)))[:_MAX_IDS],
        references=tuple(_REFERENCE.findall(_subject(letter))),
        answer=None if bounce else _answer(text),
        text=text[:MAX_TEXT],
    )


def _header(letter: Message, name: str) -> str:
    return " ".join(str(value) for value in letter.get_all(name, []))[:_MAX_HEADER]


def _subject(letter: Message) -> str:
    try:
        return str(make_header(decode_header(_header(letter, "Subject"))))
    except (LookupError, ValueError, MessageError):
        return _header(letter, "Subject")


def _tokens(letter: Message) -> Iterator[str]:
    for name in _ADDRESSED:
        yield from (token.upper() for token in _TOKEN.findall(_header(letter, name)))


def _message_ids(letter: Message) -> Iterator[str]:
    for name in ("In-Reply-To", "References"):
        yield from _MESSAGE_ID.findall(_header(letter, name))
    if not _is_bounce(letter):
        return
    for part in letter.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(part.get_payload(), list):
            yield from (one for sent in part.get_payload() for one in _of_header(sent))
        elif kind == "text/rfc822-headers":
            yield from _of_header(message_from_bytes(_bytes(part), policy=_POLICY))


def _of_header(sent: object) -> list[str]:
    return _MESSAGE_ID.findall(_header(sent, "Message-ID")) if isinstance(sent, Message) else []


def _is_bounce(letter: Message) -> bool:
    """A delivery report (RFC 3464) that says "failed"; a delay is none."""
    if letter.get_content_type() != "multipart/report":
        return False
    for part in letter.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            found = [str(block.get("Action", "")) for block in blocks if isinstance(block, Message)]
            return any(action.strip().lower() == "failed" for action in found)
    return False


def _is_automatic(letter: Message) -> bool:
    """RFC 3834, and what programs used before it."""
    said = str(letter.get("Auto-Submitted", "no")).strip().lower()
    return (
        not said.startswith("no")
        or letter.get_content_type() == "multipart/report"
        or str(letter.get("Precedence", "")).strip().lower() in ("auto_reply", "bulk", "junk")
        or letter.get("X-Autoreply") is not None
    )


def _text(letter: Message) -> str:
    for wanted in ("text/plain", "text/html"):
        for part in letter.walk():
            if part.get_content_type() != wanted or part.get_filename():
                continue
            text = _decoded(part)
            if text.strip():
                return text if wanted == "text/plain" else _plain(text)
    return ""


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: Message) -> str:
    raw = _bytes(part)
    charset = part.get_content_charset() or "utf-8"
    try:
        return raw.decode(charset, "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _plain(html: str) -> str:
    """The words of a page, a line for each paragraph; scripts and styles left out. Each sign is looked at
    once: Python's own reader takes the square of the length for some pages."""
    parts: list[str] = []
    hidden = place = 0
    while (found := _TAG.search(html, place)) is not None:
        if not hidden:
            parts.append(html[place : found.start()])
        mark = "-->" if html.startswith("<!--", found.start()) else ">"
        end = html.find(mark, found.end())
        if end < 0:
            return _unescaped("".join(parts))
        place = end + len(mark)
        name = (found[2] or "").lower()
        if name in _HIDDEN:
            hidden = max(0, hidden + (-1 if found[1] else 1))
        elif name in _BREAKS and not found[1]:
            parts.append("\n")
    return _unescaped("".join(parts) + ("" if hidden else html[place:]))


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # Python reads no number of more than 4,300 digits
        return text


def _own_words(text: str) -> str:
    """Without the lines that quote our own letter."""
    clean = _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line for line in clean.split("\n") if not line.lstrip().startswith(">")).strip()


def _answer(text: str) -> Answer | None:
    first = text.split("\n", 1)[0]
    found = _FIRST.match(first)
    return _ANSWERS[re.sub(r"[_-]", " ", found[1].lower())] if found else None
