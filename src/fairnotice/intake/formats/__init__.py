"""Formats that are no standard of ours: plug-ins of others, and two that come with the program.

A plug-in is an object with `name`, `sniff` and `read` (docs/formats.md), named in the entry points group
`fairnotice.formats`. Asked are first the plug-ins that were installed, by name, then ours; the first whose
`sniff` says yes reads. What goes wrong in one never loses the message: a person gets it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

from fairnotice.cases.drafts import NoticeDraft
from fairnotice.intake.formats import acns, urlhaus
from fairnotice.intake.reading_types import Reading
from fairnotice.intake.unreadable import Unreadable

logger = logging.getLogger("fairnotice.intake")
GROUP = "fairnotice.formats"
#: Notices in one message. More of them are a table, and have their own door.
MOST = 200
_NAME = re.compile(r"[a-z][a-z0-9-]{1,11}")


class Format(Protocol):
    """What a plug-in has to offer. `name`: 2 to 12 small letters, digits and hyphens."""

    name: str

    def sniff(self, raw: bytes, content_type: str) -> bool:
        """Whether this is a message of this format; quick, and never by fetching anything."""
        ...

    def read(self, raw: bytes) -> Iterable[NoticeDraft] | Reading:
        """What the message says: notices, or a reading of its own. May raise `Unreadable`."""
        ...


def read(raw: bytes, content_type: str) -> Reading | None:
    """What the first plug-in that knows the message makes of it; None where none does. Never raises."""
    for plug_in in installed():
        if _knows(plug_in, raw, content_type):
            return _reading(plug_in, raw)
    return None


@cache
def installed() -> tuple[Format, ...]:
    """All plug-ins in the order in which they are asked. What cannot be loaded is left out and logged."""
    found: dict[str, Format] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        plug_in = _loaded(point)
        if plug_in is not None:
            found.setdefault(plug_in.name, plug_in)
    for ours in (acns.FORMAT, urlhaus.FORMAT):
        found.setdefault(ours.name, ours)
    return tuple(found.values())


def _loaded(point: EntryPoint) -> Format | None:
    try:
        plug_in = point.load()
        plug_in = plug_in() if isinstance(plug_in, type) else plug_in
        if not _NAME.fullmatch(plug_in.name):
            raise ValueError("name")
        if not (callable(plug_in.sniff) and callable(plug_in.read)):
            raise TypeError("methods")
    except Exception as error:
        logger.error("format %r not loaded: %s", point.name, type(error).__name__)
        return None
    else:
        found: Format = plug_in
        return found


def _knows(plug_in: Format, raw: bytes, content_type: str) -> bool:
    try:
        return bool(plug_in.sniff(raw, content_type))
    except Exception as error:
        # Its class alone: an exception's text may quote the message.
        logger.error("format %s: sniff failed: %s", plug_in.name, type(error).__name__)
        return False


def _reading(plug_in: Format, raw: bytes) -> Reading:
    waits = Reading("draft", plug_in.name, machine=True)
    try:
        found = plug_in.read(raw)
        if isinstance(found, Reading):
            return replace(found, format=plug_in.name)
        drafts = []
        for draft in found:
            drafts.append(draft)
            if len(drafts) > MOST:
                said = f"It holds more than {MOST} notices, as many as a message may; send it as a table."
                return replace(waits, reason="needs-a-person", detail=said)
    except Unreadable as error:
        return replace(waits, reason="unreadable", detail=str(error))
    except Exception as error:
        logger.error("format %s: read failed: %s", plug_in.name, type(error).__name__)
        return replace(waits, reason="failed")
    if not drafts or not all(isinstance(one, NoticeDraft) for one in drafts):
        return replace(waits, reason="failed" if drafts else "no-place")
    # Its sender said in good faith what it says, or the format has no such statement.
    machine = any(one.good_faith is None for one in drafts)
    return Reading("notice", plug_in.name, drafts[0], machine=machine, more=tuple(drafts[1:]))
