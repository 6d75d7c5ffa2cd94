"""What of the register everybody may see.

A delegation is shown while it is public and all above it are, each by its latest version: what was made
private is private for its past too, and what was retracted was never so. Answers are made from these rows
alone, so none can differ with what is private.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from fairnotice.answerable.chains import UNRECORDED, Chain, ContactPoint, Link
from fairnotice.answerable.lookup import around
from fairnotice.answerable.models import (
    Contact,
    ContactMark,
    Delegation,
    Organisation,
    OrganisationVersion,
    Resource,
)
from fairnotice.answerable.models.recorded import STILL_SAID
from fairnotice.answerable.rdap.chains import chain_of
from fairnotice.answerable.resources import Target
from fairnotice.answerable.rows import target_of

_PUBLIC = Q(STILL_SAID, visibility=Delegation.Visibility.PUBLIC)


@dataclass(frozen=True, slots=True)
class Shown:
    """The most specific public object that holds what was asked; `above` is the next one around it."""

    row: Delegation
    holder: Link
    answering: Link | None
    above: Target | None


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation as the register says it now, with the working contacts that stand for all it holds."""

    organisation: Organisation
    version: OrganisationVersion
    contacts: dict[str, tuple[ContactPoint, ...]]


def public_rows(target: Target) -> list[Delegation]:
    """All delegations, of any time, that are shown and hold all of `target`.

    A domain is held by itself and the names above it, a server by itself alone.
    """
    held = around(target)
    if target.name:
        held &= Q(kind=target.kind) & (Q(name=target.name) if target.kind == "server" else Q())
    rows = Delegation.objects.filter(_PUBLIC, resource__in=Resource.objects.filter(held))
    return openly(list(rows.select_related("resource", "from_org", "to_org")))


def openly(rows: list[Delegation]) -> list[Delegation]:
    """Of public rows, those with nothing private above them."""
    above = {row.series: row.parent for row in rows}
    wanted = {parent for parent in above.values() if parent is not None} - above.keys()
    while wanted:
        found = Delegation.objects.filter(_PUBLIC, series__in=wanted).values_list("series", "parent")
        new = dict(found)
        above.update(new)
        # What is not found here is private, or no longer said: whatever hangs below it is not shown.
        wanted = {parent for parent in new.values() if parent is not None} - above.keys()
    return [row for row in rows if _is_open(row.series, above)]


def _is_open(series: int, above: dict[int, int | None]) -> bool:
    seen: set[int] = set()
    current: int | None = series
    while current is not None:
        if current not in above or current in seen:
            return False
        seen.add(current)
        current = above[current]
    return True


def on_day(rows: Iterable[Delegation], day: date) -> list[Delegation]:
    """Those that hold on that day."""
    return [
        row for row in rows if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
    ]


def find(target: Target, day: date) -> Shown | None:
    """The most specific public object that holds all of `target` on that day; None where there is none."""
    rows = on_day(public_rows(target), day)
    chain = chain_of(rows, target, day)
    holder = chain.holder
    if holder is None:
        return None
    row = _row_of(holder, rows)
    return Shown(row, holder, chain.answering, _above(chain, row, rows))


def _row_of(link: Link, rows: list[Delegation]) -> Delegation:
    """The delegation that a link was made from."""
    fits = [
        row
        for row in rows
        if row.to_org.handle == link.handle
        and row.kind == link.kind
        and row.valid_from.isoformat() == link.valid_from
        and target_of(row.resource).text == link.resource
    ]
    return max(fits, key=lambda row: row.pk)


def _above(chain: Chain, row: Delegation, rows: list[Delegation]) -> Target | None:
    own = target_of(row.resource)
    for link in reversed(chain.links):
        if link.kind != UNRECORDED and link.resource != own.text:
            return target_of(_row_of(link, rows).resource)
    return None


def usable(points: Iterable[ContactPoint]) -> tuple[ContactPoint, ...]:
    """The contacts to name: those of the resource alone, else those for all; none that does not work."""
    working = [point for point in points if not point.known_bad]
    own = [point for point in working if point.own]
    return tuple(
        sorted(own or working, key=lambda point: (point.channel != "mail", point.channel, point.address))
    )


def listed(handle: str) -> Listed | None:
    """An organisation by its handle as written, else in capitals: clients often send capitals. What it holds
    is not looked at."""
    rows = {one.handle: one for one in Organisation.objects.filter(handle__in={handle, handle.upper()})}
    organisation = rows.get(handle) or rows.get(handle.upper())
    if organisation is None:
        return None
    version = organisation.versions.filter(STILL_SAID).first()
    if version is None:
        return None
    contacts = list(Contact.objects.filter(STILL_SAID, organisation=organisation, resource=None))
    marks = dict(
        ContactMark.objects.filter(contact__in=contacts).order_by("id").values_list("contact_id", "works")
    )
    by_role: dict[str, tuple[ContactPoint, ...]] = {}
    for role in Contact.Role.values:
        points = [
            ContactPoint(one.channel, one.address, known_bad=marks.get(one.pk) is False)
            for one in contacts
            if one.role == role
        ]
        by_role[role] = usable(points)
    return Listed(organisation, version, by_role)
