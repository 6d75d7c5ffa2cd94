"""The rules of the look-up once more, slowly and over plain rows: every row is looked at for every question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from fairnotice.answerable.chains import ContactPoint, Link
from fairnotice.answerable.models import Contact, Delegation, Organisation
from fairnotice.answerable.names import registrable_names
from fairnotice.answerable.resources import Target
from fairnotice.answerable.rows import target_of
from fairnotice.answerable.snapshot.load import given
from fairnotice.answerable.snapshot.rows import (
    NEVER,
    Desk,
    Given,
    Listed,
    Named,
    asked_moment,
    day_number,
    moment_number,
)

RANK = {
    "allocation": 0,
    "registrar": 0,
    "sub-allocation": 1,
    "reseller": 1,
    "assignment": 2,
    "cdn": 2,
    "lease": 3,
    "hosting": 3,
    "sublease": 4,
}
FROM_REGISTRY = ("allocation", "registrar")
Step = tuple[int, Given | None, Target]


def links(
    rows: Iterable[Given], listed: Mapping[int, Listed], target: Target, day: int, known: int
) -> tuple[Link, ...]:
    """The chain that the look-up must give."""
    held = [
        row
        for row in rows
        if covers(row.target, target)
        and row.valid_from <= day < row.valid_until
        and row.said_from <= known < row.said_until
    ]
    found = steps(held)
    return tuple(
        _link(step, found[i + 1] if i + 1 < len(found) else None, listed, known)
        for i, step in enumerate(found)
    )


def covers(resource: Target, target: Target) -> bool:
    """Whether all of the target lies in the resource."""
    if target.name or resource.name:
        return bool(target.name) and resource.name in registrable_names(target.name)
    return (
        resource.kind == target.kind
        and resource.is_v4 == target.is_v4
        and resource.start <= target.start
        and target.end <= resource.end
    )


def _nearness(row: Given) -> tuple[int, int]:
    target = row.target
    size = (
        -2 * len(target.name.split(".")) - (target.kind == "server")
        if target.name
        else target.end - target.start
    )
    return -size, RANK[row.kind]


def _last(row: Given) -> tuple[tuple[int, int], int, int]:
    return _nearness(row), row.valid_from, row.pk


def steps(known: list[Given]) -> list[Step]:
    """From the registry's side to the holder."""
    if not known:
        return []
    nearest = max(_nearness(row)[0] for row in known)
    here = [row for row in known if _nearness(row)[0] == nearest]
    givers = {row.giver for row in here}
    current = max([row for row in here if row.holder not in givers] or here, key=_last)
    found: list[Step] = []
    named: set[int] = set()
    while True:
        named.add(current.holder)
        found.append((current.holder, current, current.target))
        above = _above(current, [row for row in known if row.holder not in named])
        giver = current.giver
        if giver is not None and giver not in named and (above is None or above.holder != giver):
            named.add(giver)
            found.append((giver, None, current.target))
        if above is None:
            return found[::-1]
        current = above


def _above(current: Given, others: list[Given]) -> Given | None:
    size, rank = _nearness(current)
    wider = [row for row in others if _nearness(row)[0] <= size]
    if current.giver is not None:
        held = [row for row in wider if row.holder == current.giver]
        named = [row for row in held if row.series == current.parent]
        if held:
            return max(named or held, key=_last)
    if current.kind in FROM_REGISTRY:
        return None
    return max((row for row in wider if _nearness(row) < (size, rank)), key=_last, default=None)


def _link(step: Step, below: Step | None, listed: Mapping[int, Listed], known: int) -> Link:
    number, held, target = step
    organisation = listed[number]
    about = [one for one in organisation.versions if one.said_from <= known < one.said_until]
    shown = held or (below[1] if below else None)
    points = []
    for desk in organisation.desks:
        if desk.said_from <= known < desk.said_until and (desk.own is None or desk.own == target):
            marks = [works for at, works in desk.marks if at <= known]
            last = marks[-1] if marks else None
            points.append(
                ContactPoint(desk.channel, desk.address, last is True, last is False, desk.own is not None)
            )
    return Link(
        handle=organisation.handle,
        name=about[0].name if about else organisation.handle,
        country=about[0].country if about else "",
        kind=held.kind if held else "unrecorded",
        resource=target.text,
        valid_from=date.fromordinal(held.valid_from).isoformat() if held else None,
        valid_until=date.fromordinal(held.valid_until).isoformat()
        if held and held.valid_until != NEVER
        else None,
        source=held.source if held else about[0].source if about else "",
        visibility=shown.visibility if shown else "private",
        registry=bool(below and below[1] and below[1].kind in FROM_REGISTRY),
        contacts=tuple(points),
    )


def in_database(target: Target, at: date, known_on: object = None) -> tuple[Link, ...]:
    """The same over all rows that the database has now."""
    rows = [given(row) for row in Delegation.objects.select_related("resource")]
    listed = {row.pk: _listed(row) for row in Organisation.objects.all()}
    return links(rows, listed, target, day_number(at), asked_moment(known_on))  # type: ignore[arg-type]


def _listed(row: Organisation) -> Listed:
    versions = [
        Named(v.name, v.country, v.source, moment_number(v.recorded_from), moment_number(v.recorded_until))
        for v in row.versions.order_by("pk")
    ]
    desks = [
        Desk(
            contact.pk,
            contact.channel,
            contact.address,
            target_of(contact.resource) if contact.resource else None,
            moment_number(contact.recorded_from),
            moment_number(contact.recorded_until),
            tuple((moment_number(mark.at), mark.works) for mark in contact.marks.order_by("pk")),
        )
        for contact in Contact.objects.filter(organisation=row, role="abuse").order_by("pk")
    ]
    return Listed(row.handle, tuple(versions), tuple(desks))
