"""The rows of the register, read for a snapshot: all of them, those about one target, those that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from fairnotice.answerable.models import (
    Contact,
    ContactMark,
    Delegation,
    Organisation,
    OrganisationVersion,
    Resource,
)
from fairnotice.answerable.names import registrable_names
from fairnotice.answerable.resources import V4_FIRST, Target, pack, unpack
from fairnotice.answerable.rows import target_of
from fairnotice.answerable.snapshot.build import build, collect
from fairnotice.answerable.snapshot.rows import Desk, Given, Listed, Named, day_number, moment_number
from fairnotice.answerable.snapshot.snapshot import Snapshot
from fairnotice.answerable.spans import target_of_span

_CHUNK = 5000


def everything() -> Snapshot:
    """A snapshot of the whole register. Rows that are written meanwhile may be in it or not."""
    rows = collect(list_given(Delegation.objects.all()))
    # After the delegations, so that each organisation is there that one of them names.
    return rows.snapshot(organisations())


def about(target: Target) -> Snapshot:
    """A snapshot of what a look-up of this one target needs, straight from the database."""
    rows = list(list_given(Delegation.objects.filter(resource__in=Resource.objects.filter(covering(target)))))
    numbers = {row.holder for row in rows} | {row.giver for row in rows if row.giver is not None}
    return build(rows, organisations(numbers))


def covering(target: Target) -> Q:
    """The condition that a Resource holds all of `target`."""
    if target.kind == "as":
        return Q(kind="as", as_start__lte=target.start, as_end__gte=target.end)
    if target.kind == "ip":
        held = Q(kind="ip", ip_start__lte=pack(target.start), ip_end__gte=pack(target.end))
        # IPv4 is stored inside ::ffff:0:0/96; an IPv6 range around that block holds no IPv4 address.
        return held & Q(ip_start__gte=pack(V4_FIRST)) if target.is_v4 else held
    return Q(kind__in=["domain", "server"], name__in=registrable_names(target.name))


def list_given(rows: QuerySet[Delegation]) -> Iterator[Given]:
    """Delegations as plain rows."""
    values = rows.values_list(
        "pk",
        "series",
        "low",
        "high",
        "from_org",
        "to_org",
        "kind",
        "parent",
        "valid_from",
        "valid_until",
        "source",
        "visibility",
        "recorded_from",
        "recorded_until",
    )
    for (
        pk,
        series,
        low,
        high,
        giver,
        holder,
        kind,
        parent,
        since,
        until,
        source,
        shown,
        said,
        unsaid,
    ) in values.iterator(chunk_size=_CHUNK):
        yield Given(
            pk=pk,
            series=series,
            target=target_of_span(bytes(low), bytes(high)),
            giver=giver,
            holder=holder,
            kind=kind,
            parent=parent,
            valid_from=day_number(since),
            valid_until=day_number(until),
            source=source,
            visibility=shown,
            said_from=moment_number(said),
            said_until=moment_number(unsaid),
        )


def given(row: Delegation) -> Given:
    """One delegation that was read with its resource, as a plain row."""
    return Given(
        pk=row.pk,
        series=row.series,
        target=target_of(row.resource),
        giver=row.from_org_id,
        holder=row.to_org_id,
        kind=row.kind,
        parent=row.parent,
        valid_from=day_number(row.valid_from),
        valid_until=day_number(row.valid_until),
        source=row.source,
        visibility=row.visibility,
        said_from=moment_number(row.recorded_from),
        said_until=moment_number(row.recorded_until),
    )


def organisations(only: Collection[int] | None = None) -> dict[int, Listed]:
    """Organisations by number, with all that was ever said of them; None: all there are."""
    some: dict[str, Any] = {} if only is None else {"organisation__in": only}
    versions: defaultdict[int, list[Named]] = defaultdict(list)
    for number, name, country, source, said, unsaid in (
        OrganisationVersion.objects.filter(**some)
        .order_by("pk")
        .values_list("organisation", "name", "country", "source", "recorded_from", "recorded_until")
        .iterator(chunk_size=_CHUNK)
    ):
        versions[number].append(Named(name, country, source, moment_number(said), moment_number(unsaid)))
    desks = _desks(Contact.objects.filter(role=Contact.Role.ABUSE, **some), everyone=only is None)
    listed = Organisation.objects.all() if only is None else Organisation.objects.filter(pk__in=only)
    return {
        number: Listed(handle, tuple(versions.get(number, ())), tuple(desks.get(number, ())))
        for number, handle in listed.values_list("pk", "handle").iterator(chunk_size=_CHUNK)
    }


def _desks(contacts: QuerySet[Contact], *, everyone: bool) -> dict[int, list[Desk]]:
    marks: defaultdict[int, list[tuple[int, bool]]] = defaultdict(list)
    marked = ContactMark.objects.all() if everyone else ContactMark.objects.filter(contact__in=contacts)
    for contact, at, works in (
        marked.order_by("pk").values_list("contact", "at", "works").iterator(chunk_size=_CHUNK)
    ):
        marks[contact].append((moment_number(at), works))
    found: defaultdict[int, list[Desk]] = defaultdict(list)
    own = [f"resource__{name}" for name in ("kind", "ip_start", "ip_end", "as_start", "as_end", "name")]
    for pk, number, channel, address, said, unsaid, *resource in (
        contacts.order_by("pk")
        .values_list("pk", "organisation", "channel", "address", "recorded_from", "recorded_until", *own)
        .iterator(chunk_size=_CHUNK)
    ):
        found[number].append(
            Desk(
                pk,
                channel,
                address,
                _target(resource),
                moment_number(said),
                moment_number(unsaid),
                tuple(marks.get(pk, ())),
            )
        )
    return found


def _target(columns: Iterable[Any]) -> Target | None:
    kind, ip_start, ip_end, as_start, as_end, name = columns
    if kind is None:
        return None
    if kind == "ip":
        return Target("ip", unpack(ip_start), unpack(ip_end))
    return Target(kind, as_start or 0, as_end or 0, name)
