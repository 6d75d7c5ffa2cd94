"""Letters of strangers are read in a process of their own: with 256 MB, two seconds, and nothing to open.

The process stays for many letters, so that one costs milliseconds; where it dies or stalls, a fresh one takes
its place and a person gets the letter.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from fairnotice.intake.mail.reader import not_read
from fairnotice.intake.reading_types import Envelope, Reading
from fairnotice.plumbing.limited import Ended, Limited, NotReady
from fairnotice.plumbing.mail.letter import MAX_BYTES

#: Seconds by the clock for one letter.
WALL = 2.0
#: kB that a process may have held before a fresh one takes its place.
SPENT = 160_000


class Reader(Limited):
    """Reads letters, one after the other, from as many threads as like. To be closed, or used in a `with`."""

    def __init__(self, *, wall: float = WALL) -> None:
        super().__init__("fairnotice.intake.mail.worker", wall=wall, spent=SPENT)

    def read(self, raw: bytes, envelope: Envelope | None = None) -> Reading:
        """As `read_letter`, in the process. Never raises: a letter that kills it, or stalls it, is one for a
        person ("too-slow")."""
        said = json.dumps(asdict(envelope or Envelope())).encode()
        try:
            # A byte more than is read, so that the process sees that there is more.
            return Reading.from_json(self.ask(said, raw[: MAX_BYTES + 1]).said["reading"])
        except NotReady:
            return not_read("unreadable", raw)
        except (Ended, KeyError, ValueError, TypeError):
            return not_read("too-slow", raw)
