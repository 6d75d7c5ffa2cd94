"""What came in at a door as harmless text: never as HTML, and of its attachments only that they are there.

Who sent it is left out where it can be told apart (headers, fields of a report): nobody at the desk needs it,
and delivery alone opens it. What somebody wrote into their own text is theirs to say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fairnotice.plumbing.mail.letter import FAULTS, Letter, bytes_of, header_words, take_apart
from fairnotice.plumbing.mail.words import storable, texts_of

#: Of a longer one, so many bytes are shown; the whole is kept all the same.
SHOWN_BYTES = 200_000
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
        letter = take_apart(raw, most=SHOWN_BYTES)
        if letter.head.keys():
            return _letter(letter, cut)
    except (*FAULTS, RecursionError, MemoryError):
        pass  # whatever it is, it is shown as text
    return ShownMessage(storable(part.decode("utf-8", "replace")), cut=cut)


def _letter(letter: Letter, cut: bool) -> ShownMessage:
    others = [
        Part(part.kind, len(bytes_of(part.message)))
        for part in letter.parts
        if part.kind not in ("text/plain", "text/html") or (part.attached and part.message is not letter.head)
    ]
    found = [(name, header_words(letter.head, name)[:500]) for name in HEADERS]
    headers = [(name, words) for name, words in found if words]
    return ShownMessage(storable(texts_of(letter)).strip(), headers, others, cut or letter.cut is not None)


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
