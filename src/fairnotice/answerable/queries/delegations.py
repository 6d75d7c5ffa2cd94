"""One delegation through time, what hangs on it, and what is recorded for one resource."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairnotice.answerable.chains import FROM_REGISTRY, UNRECORDED, Chain, Link
from fairnotice.answerable.errors import Unknown
from fairnotice.answerable.lookup import said
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.queries.organisations import names
from fairnotice.answerable.resources import NotALocation, Target, parse_resource
from fairnotice.answerable.rows import columns_of, target_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A row in words; `ref` is the series as it stands in addresses and in the log."""

    row: Delegation
    ref: str
    resource: str
    holder: str
    giver: str

    def runs_on(self, day: date) -> bool:
        return self.row.valid_from <= day and (self.row.valid_until is None or day < self.row.valid_until)


def ref_of(series: int) -> str:
    """16 hexadecimal digits."""
    return f"{series:016x}"


def series_of(ref: str) -> int:
    """Raises Unknown for what `ref_of` never made."""
    if not re.fullmatch(r"[0-7][0-9a-f]{15}", ref):
        raise Unknown(_("There is no such delegation."))
    return int(ref, 16)


def shown(rows: Iterable[Delegation], known_on: datetime | None = None) -> list[Shown]:
    """Rows in words, in their order. Each should come with `from_org`, `to_org` and `resource`."""
    rows = list(rows)
    numbers = {row.to_org_id for row in rows} | {row.from_org_id for row in rows if row.from_org_id}
    called = names(numbers, known_on)
    return [
        Shown(
            row=row,
            ref=ref_of(row.series),
            resource=target_of(row.resource).text,
            holder=called.get(row.to_org_id, row.to_org.handle),
            giver=called.get(row.from_org.pk, row.from_org.handle) if row.from_org else "",
        )
        for row in rows
    ]


def versions(series: int) -> list[Delegation]:
    """All that was ever said about it, the latest first. Raises Unknown."""
    rows = list(_whole().filter(series=series).order_by("-recorded_from", "-pk"))
    if not rows:
        raise Unknown(_("There is no such delegation."))
    return rows


def known(rows: Iterable[Delegation], known_on: datetime | None) -> Delegation | None:
    """Which of the versions was said at that moment; None where none was."""
    for row in rows:
        if known_on is None:
            if row.recorded_until is None:
                return row
        elif row.recorded_from <= known_on and (row.recorded_until is None or known_on < row.recorded_until):
            return row
    return None


def by_series(series: Iterable[int]) -> list[Shown]:
    """What is said now about these; for naming what stands in the way of a change."""
    return shown(_whole().filter(said(None), series__in=list(series)).order_by("low", "valid_from"))


def recorded_for(target: Target, known_on: datetime | None = None) -> list[Shown]:
    """Every delegation of exactly this resource, ended ones too, the latest first."""
    rows = _whole().filter(said(known_on), **{f"resource__{k}": v for k, v in columns_of(target).items()})
    return shown(rows.order_by("-valid_from", "-pk"), known_on)


def chain_to(row: Delegation, at: date, known_on: datetime | None = None) -> Chain:
    """The chain from the registry down to this one delegation, by the parents that were recorded."""
    rows, seen = [row], {row.series}
    while rows[0].parent is not None and rows[0].parent not in seen:
        above = _whole().filter(said(known_on), series=rows[0].parent).first()
        if above is None:
            break
        seen.add(above.series)
        rows.insert(0, above)
    links: list[Link] = []
    for one in shown(rows, known_on):
        first = one.row.from_org
        if not links and first is not None:
            # Who gave the first one, and how they hold it, is not recorded.
            links.append(
                Link(
                    handle=first.handle,
                    name=one.giver,
                    kind=UNRECORDED,
                    resource=one.resource,
                    visibility=one.row.visibility,
                    registry=one.row.kind in FROM_REGISTRY,
                )
            )
        links.append(_link(one))
    return Chain(at=at, target=target_of(row.resource), links=tuple(links))


def series_in(chain: Chain, known_on: datetime | None = None) -> list[int | None]:
    """For each link of a chain that was looked up, the series of its delegation; None where it has none."""
    return [_series(link, known_on) for link in chain.links]


def _series(link: Link, known_on: datetime | None) -> int | None:
    if link.valid_from is None:
        return None
    rows = Delegation.objects.filter(
        said(known_on), to_org__handle=link.handle, kind=link.kind, valid_from=link.valid_from
    )
    try:
        target = parse_resource(link.resource)
    except NotALocation:
        return None
    if target.name:
        rows = rows.filter(resource__kind__in=["domain", "server"], resource__name=target.name)
    else:
        rows = rows.filter(**{f"resource__{k}": v for k, v in columns_of(target).items()})
    return rows.values_list("series", flat=True).first()


def _link(one: Shown) -> Link:
    row = one.row
    return Link(
        handle=row.to_org.handle,
        name=one.holder,
        kind=row.kind,
        resource=one.resource,
        valid_from=row.valid_from.isoformat(),
        valid_until=row.valid_until.isoformat() if row.valid_until else None,
        source=row.source,
        visibility=row.visibility,
    )


def _whole() -> QuerySet[Delegation]:
    return Delegation.objects.select_related("from_org", "to_org", "resource")
