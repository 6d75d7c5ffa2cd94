"""Plain rows of the register, as a snapshot takes them in. Pure.

Days are proleptic Gregorian ordinals, moments are microseconds since 1970 in UTC: integers compare fastest.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from fairnotice.answerable.resources import Target

#: The first day and moment that never come, for what has no end.
NEVER = 2**31 - 1
FOREVER = 2**63 - 1
#: The moment "now" of a question: after all that was ever recorded, before the end of what is still said.
NOW = FOREVER - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def day_number(day: date | None) -> int:
    """None: the day that never comes."""
    return NEVER if day is None else day.toordinal()


def moment_number(moment: datetime | None) -> int:
    """None: never. `moment` is aware."""
    return FOREVER if moment is None else (moment - _EPOCH) // _MICROSECOND


def asked_moment(known_on: datetime | None) -> int:
    """The moment of a question; None: now."""
    return NOW if known_on is None else moment_number(known_on)


class Given(NamedTuple):
    """A row of Delegation. `giver` and `holder` are numbers of organisations."""

    pk: int
    series: int
    target: Target
    giver: int | None
    holder: int
    kind: str
    parent: int | None
    valid_from: int
    valid_until: int
    source: str
    visibility: str
    said_from: int
    said_until: int = FOREVER

    def holds(self, day: int, known: int) -> bool:
        """Whether it was so on that day, as the register knew it at that moment."""
        return self.valid_from <= day < self.valid_until and self.said_from <= known < self.said_until


class Named(NamedTuple):
    """A row of OrganisationVersion."""

    name: str
    country: str
    source: str
    said_from: int
    said_until: int = FOREVER


class Desk(NamedTuple):
    """A row of Contact in the role "abuse". `own`: the one resource that it is for. `marks`: (moment, works),
    in the order of writing."""

    pk: int
    channel: str
    address: str
    own: Target | None
    said_from: int
    said_until: int = FOREVER
    marks: tuple[tuple[int, bool], ...] = ()

    def works(self, known: int) -> bool | None:
        """What the last mark of that moment says; None: there is none."""
        return next((works for at, works in reversed(self.marks) if at <= known), None)


class Listed(NamedTuple):
    """An organisation with its versions and abuse desks, both in the order of writing."""

    handle: str
    versions: tuple[Named, ...] = ()
    desks: tuple[Desk, ...] = ()

    def facts(self, known: int) -> Named | None:
        """What it was called, as the register said it at that moment."""
        return next((v for v in self.versions if v.said_from <= known < v.said_until), None)
