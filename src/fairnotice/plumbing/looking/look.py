"""One file, looked at: what it is, whether it can be shown, and what is shown then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fairnotice.plumbing.looking import kinds, pages, pictures
from fairnotice.plumbing.looking.pictures import Made

Outcome = Literal["ready", "refused", "kept"]
#: Characters of a text that are shown.
MOST_TEXT = 200_000


@dataclass(frozen=True)
class Seen:
    """`outcome` "ready": `shown` is harmless and may be looked at; "kept": only the file as it came in can be
    had; "refused": nothing of it. `reason` says why it is not ready. `pages`: how many it has in all (1 where
    it has none)."""

    media: str
    outcome: Outcome
    reason: str = ""
    pages: int = 1
    shown: list[Made] = field(default_factory=list)


def look(data: bytes) -> Seen:
    """Never raises, whatever the bytes are."""
    try:
        media = kinds.kind_of(data)
    except MemoryError:
        return Seen(kinds.OTHER, "refused", "too-much")
    try:
        if media in kinds.PICTURES:
            return Seen(media, "ready", shown=[pictures.remade(data, media)])
        if media == kinds.PDF:
            shown, count = pages.drawn(data)
            return Seen(media, "ready", pages=count, shown=shown)
    except pictures.TooManyPixels:
        return Seen(media, "refused", "too-many-pixels")
    except pictures.Damaged:
        return Seen(media, "kept", "damaged")
    except pages.Locked:
        return Seen(media, "kept", "locked")
    except pages.NoRenderer:
        return Seen(media, "kept", "no-renderer")
    except MemoryError:
        return Seen(media, "refused", "too-much")
    if media == kinds.TEXT:
        text = (kinds.as_text(data) or "")[:MOST_TEXT]
        return Seen(media, "ready", shown=[Made(text.encode(), kinds.TEXT)])
    return Seen(media, "kept", "other-type")
