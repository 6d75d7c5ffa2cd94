"""The rows of the register as an import handles them: plain values, by numbers. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from fairnotice.answerable.invariants import Held
from fairnotice.answerable.resources import Target
from fairnotice.answerable.spans import Span

#: Role, channel, address, and the resource it is for (0: all that the organisation holds).
ContactKey = tuple[int, int, str, str, str]


@dataclass(slots=True)
class Facts:
    """A listed organisation, and the row that says what it is called. A new one has a number below zero."""

    id: int
    handle: str
    basis: str
    version: int = 0
    name: str = ""
    country: str = ""
    url: str = ""
    since: datetime | None = None


@dataclass(slots=True)
class Row:
    """One delegation that is said. `id` 0: not written yet."""

    id: int
    series: int
    resource: int
    low: bytes
    high: bytes
    giver: int | None
    holder: int
    kind: str
    parent: int | None
    valid_from: date
    valid_until: date | None
    source: str
    visibility: str
    shared: bool
    answer_hours: int | None
    since: datetime | None = None

    @property
    def held(self) -> Held:
        """As the rules see it."""
        return Held(
            self.series,
            Span(self.low, self.high),
            self.giver,
            self.holder,
            self.kind,
            self.valid_from,
            self.valid_until,
            self.parent,
            self.shared,
        )


@dataclass(slots=True)
class NewContact:
    organisation: int
    resource: int
    role: str
    channel: str
    address: str
    source: str


@dataclass(slots=True)
class Writes:
    """What a batch closes and adds. What is closed carries the time since when it was said."""

    organisations: list[Facts] = field(default_factory=list)
    #: Organisation, its name, country, site, source.
    versions: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    resources: dict[int, Target] = field(default_factory=dict)
    contacts: list[NewContact] = field(default_factory=list)
    delegations: list[Row] = field(default_factory=list)
    closed_versions: dict[int, datetime | None] = field(default_factory=dict)
    closed_contacts: dict[int, datetime | None] = field(default_factory=dict)
    closed_delegations: dict[int, datetime | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(
            self.organisations
            or self.versions
            or self.resources
            or self.contacts
            or self.delegations
            or self.closed_contacts
            or self.closed_delegations
        )

    @property
    def last_said(self) -> datetime | None:
        """The latest time since when something was said that is closed now."""
        closed = (self.closed_versions, self.closed_contacts, self.closed_delegations)
        return max((at for rows in closed for at in rows.values() if at is not None), default=None)


def containing(known: Iterable[Held], wanted: Iterable[Span]) -> dict[Span, list[Held]]:
    """For each span those that hold all of it. One pass over both, in the order of where they begin."""
    rows = sorted(known, key=lambda one: one.span.low)
    return {
        span: [one for one in active if one.span.high >= span.high]
        for span, active, _ in _sweep(rows, wanted)
    }


def meeting(known: Iterable[Held], wanted: Iterable[Span]) -> dict[Span, list[Held]]:
    """For each span those that have anything in common with it, as `containing`."""
    rows = sorted(known, key=lambda one: one.span.low)
    lows = [one.span.low for one in rows]
    return {
        span: [*active, *rows[taken : bisect_right(lows, span.high)]]
        for span, active, taken in _sweep(rows, wanted)
    }


def _sweep(rows: Sequence[Held], wanted: Iterable[Span]) -> Iterator[tuple[Span, list[Held], int]]:
    """(span, the rows that hold its beginning, how many rows begin no later); `rows` in the order of where
    they begin."""
    active: list[Held] = []
    taken = 0
    for span in sorted(set(wanted)):
        while taken < len(rows) and rows[taken].span.low <= span.low:
            active.append(rows[taken])
            taken += 1
        active = [one for one in active if one.span.high >= span.low]
        yield span, active, taken
