"""What came in at a door as harmless text: never as HTML, and of its attachments only that they are there.

Who sent it is left out where it can be told apart (headers, fields of a report): nobody at the desk needs it,
and delivery alone opens it. What somebody wrote into their own text is theirs to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import gettext as _

#: Of a longer one, so many bytes are shown; the whole is kept all the same.
SHOWN_BYTES = 200_000
MOST_PARTS = 50
HEADERS = ("Subject", "Date", "Auto-Submitted", "Content-Type", "Feedback-Type")
# Fields of reports that say who sent them.
_SENDERS = {
    "email", "e-mail", "mail", "name", "reporter", "reporterinfo", "reporter_info", "reporter_contact",
    "reportername", "reporterorg", "reporteremail", "reporterorgemail", "sender", "complainant", "contact",
    "contact_email", "account",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """An attachment, by its kind and size in bytes alone: a name of a file may lie about both."""

    kind: str
    size: int


@dataclass(frozen=True)
class ShownMessage:
    """`text` as a person reads it; `cut` where only its beginning is shown."""

    text: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    cut: bool = False


def shown(raw: bytes) -> ShownMessage:
    """Any bytes, as well as they can be shown. Never raises for what they hold."""
    cut = len(raw) > SHOWN_BYTES
    part = raw[:SHOWN_BYTES]
    if not cut and part.lstrip()[:1] in (b"{", b"["):
        try:
            return ShownMessage(json.dumps(_without_sender(json.loads(part)), indent=2, ensure_ascii=False))
        except (ValueError, RecursionError):
            pass
    try:
        message = message_from_bytes(part)
        if message.keys():
            return _mail(message, cut)
    except Exception:  # noqa: S110 - whatever the parser makes of hostile bytes, they are shown as text
        pass
    return ShownMessage(_readable(part), cut=cut)


def _mail(message: Message, cut: bool) -> ShownMessage:
    texts: list[str] = []
    pages: list[str] = []
    others: list[Part] = []
    for part in _parts(message):
        body = part.get_payload(decode=True)
        data = body if isinstance(body, bytes) else b""
        kind = part.get_content_type()
        if part.get_content_disposition() != "attachment" and kind == "text/plain":
            texts.append(_readable(data, part.get_content_charset()))
        elif part.get_content_disposition() != "attachment" and kind == "text/html":
            pages.append(_words_of(_readable(data, part.get_content_charset())))
        else:
            others.append(Part(kind, len(data)))
    headers = [(name, _header(message[name])) for name in HEADERS if message[name]]
    text = "\n\n".join(filter(str.strip, texts)) or "\n\n".join(pages)
    return ShownMessage(text.strip(), headers, others, cut)


def _parts(message: Message) -> Iterator[Message]:
    """The leaves, in order; with an explicit stack, since nesting is up to whoever wrote it."""
    stack, seen = [message], 0
    while stack and seen < MOST_PARTS:
        one = stack.pop()
        inner = one.get_payload()
        if isinstance(inner, list):
            stack.extend(reversed([part for part in inner if isinstance(part, Message)]))
        else:
            seen += 1
            yield one


def _readable(data: bytes, charset: str | None = None) -> str:
    for name in (charset or "utf-8", "utf-8"):
        try:
            return data.decode(name).replace("\x00", "\ufffd")
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("latin-1").replace("\x00", "\ufffd")


def _header(value: Any) -> str:
    try:
        return str(make_header(decode_header(str(value))))[:500]
    except Exception:
        return str(value)[:500]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        if tag in ("p", "br", "div", "li", "tr", "h1", "h2", "h3"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(" ".join(data.split()) + " ")


def _words_of(page: str) -> str:
    reader = _Words()
    try:
        reader.feed(page)
        reader.close()
    except Exception:  # noqa: S110 - what was read so far is shown
        pass
    return "".join(reader.words).strip()


def _without_sender(value: Any, depth: int = 0) -> Any:
    if depth > 50:
        return "…"
    if isinstance(value, dict):
        hidden = _("(not shown)")
        return {
            key: hidden if key.lower() in _SENDERS and inner else _without_sender(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_without_sender(inner, depth + 1) for inner in value]
    return value
