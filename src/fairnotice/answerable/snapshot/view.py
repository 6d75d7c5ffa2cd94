"""A snapshot with what changed since, and the chains that the two give together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fairnotice.answerable.chains import FROM_REGISTRY, UNRECORDED, ContactPoint, Link
from fairnotice.answerable.resources import Target
from fairnotice.answerable.snapshot.climb import Step, climb
from fairnotice.answerable.snapshot.columns import GIVER
from fairnotice.answerable.snapshot.quick import NOBODY
from fairnotice.answerable.snapshot.rows import NEVER, NOW, Given, Listed
from fairnotice.answerable.snapshot.snapshot import Snapshot

_REMEMBERED = 4096
Links = tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes since a snapshot was read: all rows of each resource that changed, and the organisations that
    did."""

    rows: Snapshot
    targets: frozenset[Target]
    organisations: Mapping[int, Listed]


class View:
    """What look-ups ask. Immutable but for chains that it remembers."""

    def __init__(self, base: Snapshot, edits: Edits | None = None) -> None:
        self.base, self.edits = base, edits
        self._remembered: dict[int, Links] = {}

    def organisation(self, number: int) -> Listed:
        """An organisation's handle, names and desks."""
        if self.edits is not None and (listed := self.edits.organisations.get(number)) is not None:
            return listed
        return self.base.organisations[number]

    def links(self, target: Target, day: int, known: int = NOW) -> Links:
        """The chain of a target on a day (as an ordinal), as known at a moment."""
        if known == NOW and target.kind == "ip" and target.start == target.end and self.is_old(target):
            row = self.base.quick.nearest_number(target.start, day)
            found = () if row == NOBODY else self.links_from(row) if row >= 0 else None
            if found is not None:
                return found
        return links_of(climb(self.known(target, day, known)), self, known)

    def is_old(self, target: Target) -> bool:
        """Whether nothing that holds the target changed since the snapshot was read."""
        return self.edits is None or not self.edits.rows.covers(target)

    def known(self, target: Target, day: int, known: int) -> list[Given]:
        """All delegations that held on that day and cover the target."""
        rows = self.base.known(target, day, known)
        if self.edits is None or self.is_old(target):
            return list(rows)
        changed = self.edits.targets
        return [
            *(given for given in rows if given.target not in changed),
            *self.edits.rows.known(target, day, known),
        ]

    def around(self, target: Target) -> set[Target]:
        """All that was ever held and holds the target."""
        parts = [self.base] if self.edits is None else [self.base, self.edits.rows]
        return {part.target(row) for part in parts for row in part.family(target).covering(target)}

    def links_from(self, row: int) -> Links | None:
        """The chain whose nearest row of the snapshot is known already, as known now; None where `climb` has
        to be asked."""
        found = self._remembered.get(row)
        if found is None and (trail := self.base.quick.trail_from(row)) is not None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            found = self._remembered[row] = links_of(_steps(self.base, trail), self, NOW)
        return found


def _steps(base: Snapshot, trail: Sequence[int]) -> list[Step]:
    steps = []
    for row in trail:
        given = base.given(row)
        steps.append(Step(given.holder, given, given.target))
    if trail and base.columns.above[trail[-1]] == GIVER and (giver := steps[-1].given) is not None:
        named = {step.organisation for step in steps}
        if giver.giver is not None and giver.giver not in named:
            steps.append(Step(giver.giver, None, giver.target))
    return steps[::-1]


def links_of(steps: Sequence[Step], view: View, known: int) -> Links:
    """Steps from the registry down, with names and desks as they were said at that moment."""
    links = []
    for position, (number, held, target) in enumerate(steps):
        below = steps[position + 1].given if position + 1 < len(steps) else None
        # An organisation whose holding is not recorded is as visible as the delegation that names it.
        shown = held or below
        listed = view.organisation(number)
        about = listed.facts(known)
        links.append(
            Link(
                handle=listed.handle,
                name=about.name if about else listed.handle,
                country=about.country if about else "",
                kind=held.kind if held else UNRECORDED,
                resource=target.text,
                valid_from=_iso(held.valid_from) if held else None,
                valid_until=_iso(held.valid_until) if held else None,
                source=held.source if held else about.source if about else "",
                visibility=shown.visibility if shown else "private",
                registry=below is not None and below.kind in FROM_REGISTRY,
                contacts=_points(listed, target, known),
            )
        )
    return tuple(links)


def _points(listed: Listed, target: Target, known: int) -> tuple[ContactPoint, ...]:
    points = []
    for desk in listed.desks:
        if desk.said_from <= known < desk.said_until and desk.own in (None, target):
            works = desk.works(known)
            points.append(
                ContactPoint(desk.channel, desk.address, works is True, works is False, desk.own is not None)
            )
    return tuple(points)


def _iso(day: int) -> str | None:
    return None if day == NEVER else date.fromordinal(day).isoformat()
