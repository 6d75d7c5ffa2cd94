"""A letter in its parts, with an end to everything: bytes, lines, headers, parts, depth.

Read with Python's lenient rules (`compat32`): what mail programs send is often not quite mail, and the strict
rules raise on much of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from typing import Any, Literal

#: Of a longer letter only so much is read. Python's parser takes ten times that in memory.
MAX_BYTES = 8_000_000
MAX_LINES = 200_000
MAX_HEAD_LINES = 2_000
MAX_PARTS = 200
# Lines that may begin a part; Python takes all of them apart before anybody can count.
_MAX_DASHES = 5_000
MAX_DEPTH = 20
_MAX_HEADER = 20_000
# The headers with parameters: their parts are looked for again and again.
_MAX_PARAMETERS = 2_000
_MAX_DECODED = 2_000
_MAX_NAME = 200
_CHUNK = 65_536
_HOLDER = re.compile(
    rb"^content-type[ \t]*:[ \t\r\n]{0,80}(?:multipart|message)/", re.IGNORECASE | re.MULTILINE
)
_BLANK = re.compile(rb"\r?\n\r?\n|\r\r")
# What may come up when Python takes apart what is none: the library's own faults, and codecs without a file.
FAULTS = (LookupError, ValueError, TypeError, AttributeError, MessageError, OSError)

Cut = Literal["too-big", "too-deep", "too-many-parts"]


class _Short(Compat32):
    """Python's lenient rules, with an end to every header: reading the parameters of one takes the square of
    their number."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, Any]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: _MAX_PARAMETERS if name.lower().startswith("content-") else _MAX_HEADER]


_POLICY = _Short()


@dataclass(frozen=True)
class Part:
    """One part that holds no others, or a whole letter inside (`kind` "message/..."), which stays closed.
    `kind` is its type in small letters, `name` what its file is called, "" where it says nothing."""

    kind: str
    name: str
    attached: bool
    message: Message


@dataclass(frozen=True)
class Letter:
    """`head` has the headers, `parts` come in their order, `cut` says what was left out (nothing mostly)."""

    head: Message
    parts: tuple[Part, ...]
    cut: Cut | None = None


def take_apart(raw: bytes, *, most: int = MAX_BYTES) -> Letter:
    """The letter in these bytes. May raise one of FAULTS, RecursionError or MemoryError."""
    data = _bounded(raw[:most])
    cut: Cut | None = "too-big" if len(data) < len(raw) else None
    dashes = data.count(b"\n--") + data.count(b"\r--")
    holders = zip(range(MAX_PARTS + 1), _HOLDER.finditer(data), strict=False)
    if dashes > _MAX_DASHES or sum(1 for _ in holders) > MAX_PARTS:
        # Parts in parts cost Python the square of their number, and break it in the end.
        return Letter(BytesHeaderParser(policy=_POLICY).parsebytes(data), (), "too-many-parts")
    return of_message(message_from_bytes(data, policy=_POLICY), cut)


def of_message(head: Message, cut: Cut | None = None) -> Letter:
    """A letter that Python has taken apart already, in its parts."""
    parts: list[Part] = []
    for part, level in _walk(head):
        if level > MAX_DEPTH:
            cut = cut or "too-deep"
        elif len(parts) == MAX_PARTS:
            return Letter(head, tuple(parts), cut or "too-many-parts")
        else:
            parts.append(_part(part))
    return Letter(head, tuple(parts), cut)


def within(part: Part) -> Message | None:
    """The letter, or the block of fields, that a part of the type message/... holds."""
    return next(iter(held(part.message)), None)


def held(part: Message) -> list[Message]:
    """The parts, letters or blocks that a part holds; none where it holds text. (Asked for text, Python
    decodes it first, and may fail at that.)"""
    payload = part.get_payload() if part.is_multipart() else []
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def headers_of(data: bytes) -> Message:
    """The headers at the start of these bytes (text/rfc822-headers)."""
    return BytesHeaderParser(policy=_POLICY).parsebytes(data[:_CHUNK])


def header(letter: Message, name: str) -> str:
    """All headers of this name as they are written, "" where there is none."""
    return " ".join(str(value) for value in letter.get_all(name, []))[:_MAX_HEADER]


def header_words(letter: Message, name: str) -> str:
    """The header in words (RFC 2047)."""
    return words_of(header(letter, name))


def words_of(text: str) -> str:
    """What stands in a header, decoded as far as it can be."""
    text = text[:_MAX_DECODED]
    try:
        return str(make_header(decode_header(text)))
    except FAULTS:
        return text


def bytes_of(part: Message) -> bytes:
    """What a part holds, its transfer encoding undone."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _bounded(data: bytes) -> bytes:
    """At most so many lines: each costs Python's parser its time and memory, however short it is."""
    blank = _BLANK.search(data)
    end = blank.start() if blank else len(data)
    if data.count(b"\n", 0, end) > MAX_HEAD_LINES:
        data = b"\n".join(data[:end].split(b"\n", MAX_HEAD_LINES)[:-1]) + data[end:]
    lines = 0
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        lines += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
        if lines > MAX_LINES:
            return data[:start]
    return data


def _walk(head: Message) -> Iterator[tuple[Message, int]]:
    """The parts that hold no others, with their depth; a letter inside counts as one."""
    waiting = [(head, 0)]
    while waiting:
        part, level = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            if level < MAX_DEPTH:
                waiting.extend((one, level + 1) for one in reversed(held(part)))
                continue
            level += 1
        yield part, level


def _part(part: Message) -> Part:
    try:
        name = str(part.get_filename() or "")
    except FAULTS:
        name = "?"
    name = " ".join(words_of(name).split())[:_MAX_NAME]
    attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
    return Part(part.get_content_type(), name, attached or bool(name), part)
