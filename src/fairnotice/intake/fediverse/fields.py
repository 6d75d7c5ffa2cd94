"""Taking single fields out of what another server sent: of the kind that was asked for, and not too long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import ada_url

from fairnotice.cases.drafts import MAX_LOCATION, MAX_WHY, UNSTORABLE, ItemDraft, normalised
from fairnotice.intake.unreadable import Unreadable

Json = dict[str, Any]

MAX_ITEMS = 50
#: Of what the reporter wrote; the rest of `MAX_WHY` is for the sentences around it.
MAX_COMMENT = MAX_WHY - 2500
# Ids become part of an address that is asked later, so nothing else than this is one.
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")
_CUT = " [The text goes on.]"


def mapping(value: Any, pointer: str) -> Json:
    """The object. Raises Unreadable that points to where one is missing."""
    if not isinstance(value, dict):
        raise Unreadable("Here an object is missing.", pointer)
    return value


def part(value: Any) -> Json:
    """The object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def parts(value: Any, most: int = MAX_ITEMS) -> Iterator[Json]:
    """The objects of a list, at most so many; nothing for anything else."""
    if isinstance(value, list):
        yield from [one for one in value if isinstance(one, dict)][:most]


def words(value: Any, most: int) -> str:
    """A text without what cannot be stored, cut where it is too long; "" for anything else."""
    if not isinstance(value, str):
        return ""
    text = UNSTORABLE.sub("", value).strip()
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT


def number(value: Any) -> str:
    """An id as text, "" where it is none that could be one."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return str(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def moment(value: Any) -> str:
    """A time as RFC 3339 writes it, else ""."""
    return value if isinstance(value, str) and len(value) <= 40 and _TIME.fullmatch(value) else ""


def link(value: Any) -> str:
    """A web address as it was sent, "" for anything that is none or is too long. It is never opened."""
    if not isinstance(value, str):
        return ""
    text = value.strip()
    if not text.lower().startswith(("https://", "http://")) or len(text) > MAX_LOCATION:
        return ""
    if UNSTORABLE.search(text) or not ada_url.check_url(text):
        return ""
    return text


def items(places: Iterable[str]) -> list[ItemDraft]:
    """An item for each place that is one, each place once however it is spelt."""
    found = {normalised(place): place for place in reversed([place for place in places if place])}
    return [ItemDraft(place) for place in reversed(found.values())]


def slug(value: Any) -> str:
    """A short word of lower-case letters, digits, and underscores, else ""."""
    return value if isinstance(value, str) and re.fullmatch(r"[a-z0-9_]{1,40}", value) else ""
