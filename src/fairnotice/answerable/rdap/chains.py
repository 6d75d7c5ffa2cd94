"""The rules of nearness (`snapshot.climb`) over delegations that were already read and may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fairnotice.answerable.chains import Chain
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.resources import Target
from fairnotice.answerable.snapshot.build import build
from fairnotice.answerable.snapshot.climb import last, size
from fairnotice.answerable.snapshot.load import given, organisations
from fairnotice.answerable.snapshot.view import View


def chain_of(known: Sequence[Delegation], target: Target, day: date) -> Chain:
    """The chain over these delegations alone; each holds all of `target` on that day."""
    numbers = {row.to_org_id for row in known} | {row.from_org_id for row in known if row.from_org_id}
    view = View(build([given(row) for row in known], organisations(numbers)))
    return Chain(at=day, target=target, links=view.links(target, day.toordinal()))


def holding(known: Sequence[Delegation]) -> Delegation:
    """Of delegations that all hold one location on one day, at least one, that of its holder."""
    rows = {row.pk: row for row in known}
    plain = [given(row) for row in known]
    nearest = min(size(one.target) for one in plain)
    return rows[last([one for one in plain if size(one.target) == nearest]).pk]
