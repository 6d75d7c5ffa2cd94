"""Looks at files of strangers in a process with limits, and with nothing that it may open."""

from __future__ import annotations

from fairnotice.plumbing.limited import Ended, Limited, NotReady
from fairnotice.plumbing.looking import kinds
from fairnotice.plumbing.looking.look import Seen
from fairnotice.plumbing.looking.pictures import Made

__all__ = ["Eyes", "NotReady"]

#: Seconds by the clock for one file.
WALL = 30.0
#: kB that a process may have held before a fresh one takes its place.
SPENT = 250_000
_FIRST = 4096


class Eyes(Limited):
    """Looks at files, one after the other. To be closed, or used in a `with`."""

    def __init__(self, *, wall: float = WALL) -> None:
        super().__init__("fairnotice.plumbing.looking.worker", wall=wall, spent=SPENT)

    def look(self, raw: bytes) -> Seen:
        """As `look.look`, in the process. A file that kills it or stalls it is refused ("too-much"). Raises
        NotReady where the process does not start, which says nothing about the file."""
        try:
            answer = self.ask(b"{}", raw)
            said = answer.said
            shown = [
                Made(data, one["media"], one["width"], one["height"])
                for one, data in zip(said["shown"], answer.parts, strict=True)
            ]
            return Seen(said["media"], said["outcome"], said["reason"], said["pages"], shown)
        except (Ended, KeyError, ValueError, TypeError):
            return Seen(kinds.kind_of(raw[:_FIRST]), "refused", "too-much")
