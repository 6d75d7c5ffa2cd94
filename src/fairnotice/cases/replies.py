"""A letter that came back, as plain values: which forward it belongs to, and what it says.

Nothing in it is opened, followed or run; attachments are left out (`plumbing/mail`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from fairnotice.law.forwarding import Answer
from fairnotice.plumbing.mail import kinds
from fairnotice.plumbing.mail.letter import Letter, of_message, take_apart, within
from fairnotice.plumbing.mail.words import storable, text_of

MAX_BYTES = 2_000_000
MAX_TEXT = 20_000
_HEAD = 20_000
# The word that a letter asks for, alone or before a colon, on its first line.
_ANSWERS: dict[str, Answer] = {
    "taken": "taken",
    "not ours": "not_ours",
    "too old": "too_old",
    "answered": "answered",
}
_FIRST = re.compile(r"\W*(taken|not[ _-]ours|too[ _-]old|answered)\W*(?:$|[:.,–-])", re.IGNORECASE)

Kind = Literal["reply", "automatic", "bounce"]


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

    Never raises: a letter that Python cannot take apart (parts in parts without end) comes back as it is
    written, as a reply without an answer, for a person.
    """
    raw = raw[:MAX_BYTES]
    try:
        letter = take_apart(raw)
        if letter.cut != "too-many-parts":
            return _read(letter)
    except Exception:  # noqa: S110 - the library's own faults are of many kinds, and no letter may be lost by one
        pass
    text = raw.decode("utf-8", "replace")
    tokens = (token.upper() for token in kinds.TOKEN.findall(text[:_HEAD]))
    return Reply("reply", tuple(dict.fromkeys(tokens)), (), (), None, _own_words(text)[:MAX_TEXT])


def _read(letter: Letter) -> Reply:
    bounce = kinds.is_bounce(letter)
    text = _own_words(text_of(letter) or _text_within(letter))
    return Reply(
        kind="bounce" if bounce else "automatic" if kinds.is_automatic(letter) else "reply",
        tokens=kinds.tokens(letter),
        message_ids=kinds.message_ids(letter),
        references=kinds.references(letter),
        answer=None if bounce else _answer(text),
        text=text[:MAX_TEXT],
    )


def _text_within(letter: Letter) -> str:
    """Of a letter that has no words but those of a letter inside."""
    for part in letter.parts:
        inside = within(part) if part.kind == "message/rfc822" else None
        text = text_of(of_message(inside)) if inside is not None else ""
        if text:
            return text
    return ""


def _own_words(text: str) -> str:
    """Without the lines that quote our own letter."""
    return "\n".join(line for line in storable(text).split("\n") if not line.lstrip().startswith(">")).strip()


def _answer(text: str) -> Answer | None:
    first = text.split("\n", 1)[0]
    found = _FIRST.match(first)
    return _ANSWERS[re.sub(r"[_-]", " ", found[1].lower())] if found else None
