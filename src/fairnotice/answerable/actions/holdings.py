"""The rows that a rule of the register needs to look at, by indexed queries alone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from fairnotice.answerable.errors import Fault
from fairnotice.answerable.invariants import Held, above_itself, best_parent, can_hold, check
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.models.recorded import STILL_SAID
from fairnotice.answerable.spans import Span


def held(row: Delegation) -> Held:
    """The row as the rules see it."""
    return Held(
        series=row.series,
        span=Span(bytes(row.low), bytes(row.high)),
        giver=row.from_org_id,
        holder=row.to_org_id,
        kind=row.kind,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        parent=row.parent,
        shared=row.shared,
    )


def children(series: int) -> list[Delegation]:
    """What is said to hang directly below a series."""
    return list(
        Delegation.objects.filter(STILL_SAID, parent=series).select_related("from_org", "to_org", "resource")
    )


def below(row: Delegation, *, running_on: date) -> list[Delegation]:
    """All that hangs below a delegation, at any depth, and has not ended by `running_on`; parents before
    children."""
    found: list[Delegation] = []
    level = [row]
    while level:
        level = [child for parent in level for child in children(parent.series)]
        level = [child for child in level if child.valid_until is None or child.valid_until > running_on]
        found += level
    return found


def parent_for(row: Delegation) -> int | None:
    """The series by which the giver holds the resource: the one it had, while that still fits; else the
    narrowest that does; None where none does."""
    child = held(row)
    if not child.needs_parent:
        return None
    known = Delegation.objects.filter(
        STILL_SAID, to_org=row.from_org_id, low__lte=row.low, high__gte=row.high
    )
    candidates = [held(one) for one in known.exclude(series=row.series)]
    for one in candidates:
        if one.series == row.parent and can_hold(one, child):
            return one.series
    best = best_parent(child, candidates)
    return best.series if best else None


def faults(row: Delegation) -> list[Fault]:
    """The rules that the row would break. Its own series' closed row must be closed already."""
    new = held(row)
    twin = Delegation.objects.filter(
        STILL_SAID,
        resource=row.resource_id,
        from_org=row.from_org_id,
        to_org=row.to_org_id,
        kind=row.kind,
        valid_from=row.valid_from,
    ).exclude(series=row.series)
    if found := list(twin.values_list("series", flat=True)):
        return [Fault("resource", "taken", _("This delegation is recorded already."), tuple(found))]
    parent = _one(row.parent)
    siblings: list[Held] = []
    if row.parent is not None:
        near = Delegation.objects.filter(
            STILL_SAID, parent=row.parent, low__lte=row.high, high__gte=row.low
        ).exclude(series=row.series)
        siblings = [held(one) for one in near]
    broken = check(new, parent=parent, siblings=siblings, children=map(held, children(row.series)))
    if not broken and _circle(row):
        # Only a correction can close a circle; it then breaks rule 1 for whoever stands in it.
        broken = check(new, parent=None, siblings=(), children=())
    return broken


def _circle(row: Delegation) -> bool:
    parents: dict[int, int | None] = {row.series: row.parent}
    current = row.parent
    while current is not None and current not in parents:
        above = _one(current)
        parents[current] = above.parent if above else None
        current = parents[current]
    return above_itself(row.series, parents)


def _one(series: int | None) -> Held | None:
    if series is None:
        return None
    row = Delegation.objects.filter(STILL_SAID, series=series).first()
    return held(row) if row else None
