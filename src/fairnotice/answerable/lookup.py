"""Who answers for a location, on a given day. Reads the register alone: no DNS query, no request, ever.

Order of nearness: the more specific resource first; on one resource a sublease before a lease, a lease before
an assignment, hosting before a content delivery network, that before a registrar. From the nearest delegation
the chain climbs to the delegation by which its giver held the resource, up to the registry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Q
from django.utils import timezone
from publicsuffixlist import PublicSuffixList

from fairnotice.answerable.chains import FROM_REGISTRY, UNRECORDED, Chain, ContactPoint, Link
from fairnotice.answerable.models import (
    Contact,
    ContactMark,
    Delegation,
    Organisation,
    OrganisationVersion,
    Resource,
)
from fairnotice.answerable.resources import V4_FIRST, NotALocation, Target, pack, parse
from fairnotice.answerable.rows import target_of

_RANK = {
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
Nearness = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Step:
    """One link to be: the organisation, and the delegation by which it holds (None: not recorded)."""

    organisation: Organisation
    delegation: Delegation | None
    resource: Resource


def find(location: str, at: date | None = None, known_on: datetime | None = None) -> Chain:
    """The chain for a URL, host, address, prefix, range or AS number on the day `at` (today, in UTC, by
    default), as this register knew it at the moment `known_on` (now, by default).

    Never raises for what `location` holds: a text that names no place gives a chain without links whose
    `reason` says why. Includes private links; show `Chain.public()` to anyone who is not staff.
    """
    day = at or timezone.now().date()
    try:
        target = parse(location)
    except NotALocation as problem:
        return Chain(at=day, problem=str(problem))
    return find_target(target, day, known_on)


def find_target(target: Target, at: date, known_on: datetime | None = None) -> Chain:
    """As `find`, for a location that was already read."""
    known = list(
        Delegation.objects.filter(said(known_on), resource__in=Resource.objects.filter(covering(target)))
        .filter(Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at)
        .select_related("resource", "from_org", "to_org")
    )
    return chain_of(known, target, at, known_on)


def chain_of(known: list[Delegation], target: Target, at: date, known_on: datetime | None = None) -> Chain:
    """The chain over delegations that were already read; each holds all of `target` on the day `at`."""
    return Chain(at=at, target=target, links=_links(_climb(known), known_on))


def said(known_on: datetime | None) -> Q:
    """The condition that a row was what the register said at that moment; None: that it is so now."""
    if known_on is None:
        return Q(recorded_until=None)
    return Q(recorded_from__lte=known_on) & (Q(recorded_until=None) | Q(recorded_until__gt=known_on))


def covering(target: Target) -> Q:
    """The condition that a Resource holds all of `target`."""
    if target.kind == "as":
        return Q(kind="as", as_start__lte=target.start, as_end__gte=target.end)
    if target.kind == "ip":
        held = Q(kind="ip", ip_start__lte=pack(target.start), ip_end__gte=pack(target.end))
        # IPv4 is stored inside ::ffff:0:0/96; an IPv6 range around that block holds no IPv4 address.
        return held & Q(ip_start__gte=pack(V4_FIRST)) if target.is_v4 else held
    return Q(kind__in=["domain", "server"], name__in=registrable_names(target.name))


def registrable_names(name: str) -> list[str]:
    """The name and those above it, down to the last one below its public suffix.

    Only suffixes run by registries count. Under a suffix that belongs to a company (its customers' sites live
    there), that company answers, so the walk goes on through it.
    """
    suffix = _suffixes().publicsuffix(name) or ""
    labels = name.split(".")
    depth = max(len(labels) - len(suffix.split(".")), 1) if suffix else len(labels)
    return [".".join(labels[i:]) for i in range(depth)]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def _nearness(delegation: Delegation) -> Nearness:
    target = target_of(delegation.resource)
    if target.name:
        size = -2 * len(target.name.split(".")) - (target.kind == "server")
    else:
        size = target.end - target.start
    return -size, _RANK[delegation.kind]


def holding(known: list[Delegation]) -> Delegation:
    """Of delegations that all hold one location on one day, at least one, that of its holder."""
    nearest = max(_nearness(d)[0] for d in known)
    here = [d for d in known if _nearness(d)[0] == nearest]
    givers = {d.from_org_id for d in here}
    # Who passed the whole resource on no longer stands nearest to it.
    ends = [d for d in here if d.to_org_id not in givers] or here
    return max(ends, key=_last)


def _climb(known: list[Delegation]) -> list[_Step]:
    """The steps from the registry's side to the holder."""
    if not known:
        return []
    current = holding(known)
    steps: list[_Step] = []
    named: set[int] = set()
    while True:
        # Each organisation stands in a chain once; so two who pass it to each other make no endless one.
        named.add(current.to_org_id)
        steps.append(_Step(current.to_org, current, current.resource))
        above = _above(current, [d for d in known if d.to_org_id not in named])
        giver = current.from_org
        if giver is not None and giver.pk not in named and (above is None or above.to_org_id != giver.pk):
            named.add(giver.pk)
            steps.append(_Step(giver, None, current.resource))
        if above is None:
            return steps[::-1]
        current = above


def _last(delegation: Delegation) -> tuple[Nearness, date, int]:
    return _nearness(delegation), delegation.valid_from, delegation.pk


def _above(current: Delegation, others: Iterable[Delegation]) -> Delegation | None:
    """The delegation by which the giver of `current` held it, else the next less near one; None at the
    registry."""
    size, rank = _nearness(current)
    wider = [d for d in others if _nearness(d)[0] <= size]
    if current.from_org_id is not None:
        held = [d for d in wider if d.to_org_id == current.from_org_id]
        named = [d for d in held if d.series == current.parent]
        if held:
            return max(named or held, key=_last)
    if current.kind in FROM_REGISTRY:
        return None
    return max((d for d in wider if _nearness(d) < (size, rank)), key=_last, default=None)


def _links(steps: list[_Step], known_on: datetime | None) -> tuple[Link, ...]:
    contacts = _contacts(steps, known_on)
    works = _works(contacts, known_on)
    facts = {
        row.organisation_id: row
        for row in OrganisationVersion.objects.filter(
            said(known_on), organisation__in={step.organisation.pk for step in steps}
        )
    }
    links = []
    for position, step in enumerate(steps):
        below = steps[position + 1].delegation if position + 1 < len(steps) else None
        held = step.delegation
        # An organisation whose holding is not recorded is as visible as the delegation that names it.
        shown = held or below
        about = facts.get(step.organisation.pk)
        links.append(
            Link(
                handle=step.organisation.handle,
                name=about.name if about else step.organisation.handle,
                country=about.country if about else "",
                kind=held.kind if held else UNRECORDED,
                resource=target_of(step.resource).text,
                valid_from=held.valid_from.isoformat() if held else None,
                valid_until=held.valid_until.isoformat() if held and held.valid_until else None,
                source=held.source if held else about.source if about else "",
                visibility=shown.visibility if shown else Delegation.Visibility.PRIVATE,
                registry=below is not None and below.kind in FROM_REGISTRY,
                contacts=tuple(
                    ContactPoint(
                        c.channel,
                        c.address,
                        works.get(c.pk) is True,
                        works.get(c.pk) is False,
                        c.resource_id is not None,
                    )
                    for c in contacts
                    if c.organisation_id == step.organisation.pk and c.resource_id in (None, step.resource.pk)
                ),
            )
        )
    return tuple(links)


def _contacts(steps: list[_Step], known_on: datetime | None) -> list[Contact]:
    if not steps:
        return []
    own = Q(resource=None) | Q(resource__in={step.resource.pk for step in steps})
    return list(
        Contact.objects.filter(
            said(known_on),
            own,
            organisation__in={step.organisation.pk for step in steps},
            role=Contact.Role.ABUSE,
        ).order_by("pk")
    )


def _works(contacts: list[Contact], known_on: datetime | None) -> dict[int, bool]:
    """The last mark of each contact that has one."""
    marks = ContactMark.objects.filter(contact__in=contacts).order_by("id")
    if known_on is not None:
        marks = marks.filter(at__lte=known_on)
    return dict(marks.values_list("contact_id", "works"))
