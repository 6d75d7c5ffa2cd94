"""The rules of nearness (`snapshot.climb`) over delegations that were already read and may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fairnotice.answerable.chains import Chain
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.resources import Target
from fairnotice.answerable.rows import target_of
from fairnotice.answerable.snapshot.build import build
from fairnotice.answerable.snapshot.climb import last, size
from fairnotice.answerable.snapshot.load import organisations
from fairnotice.answerable.snapshot.rows import Given, day_number, moment_number
from fairnotice.answerable.snapshot.view import View


def chain_of(known: Sequence[Delegation], target: Target, day: date) -> Chain:
    """The chain over these delegations alone; each holds all of `target` on that day."""
    numbers = {row.to_org_id for row in known} | {row.from_org_id for row in known if row.from_org_id}
    view = View(build([_given(row) for row in known], organisations(numbers)))
    return Chain(at=day, target=target, links=view.links(target, day.toordinal()))


def holding(known: Sequence[Delegation]) -> Delegation:
    """Of delegations that all hold one location on one day, at least one, that of its holder."""
    rows = {row.pk: row for row in known}
    given = [_given(row) for row in known]
    nearest = min(size(one.target) for one in given)
    return rows[last([one for one in given if size(one.target) == nearest]).pk]


def _given(row: Delegation) -> Given:
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
    )
