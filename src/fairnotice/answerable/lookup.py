"""Who answers for a location, on a given day. Reads the register alone: no DNS query, no request, ever.

The rules of nearness are in `snapshot.climb`; the copy in memory that answers is `snapshot`.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from fairnotice.answerable.chains import Chain
from fairnotice.answerable.names import registrable_names
from fairnotice.answerable.resources import NotALocation, Target, parse
from fairnotice.answerable.rows import columns_of, target_of
from fairnotice.answerable.snapshot.load import about, covering
from fairnotice.answerable.snapshot.rows import asked_moment
from fairnotice.answerable.snapshot.store import store
from fairnotice.answerable.snapshot.view import View

__all__ = ["around", "covering", "find", "find_once", "find_target", "registrable_names", "said", "target_of"]


def find(location: str, at: date | None = None, known_on: datetime | None = None) -> Chain:
    """The chain for a URL, host, address, prefix, range or AS number on the day `at` (today, in UTC, by
    default), as this register knew it at the moment `known_on` (now, by default).

    Never raises for what `location` holds: a text that names no place gives a chain without links whose
    `reason` says why. Includes private links; show `Chain.public()` to anyone who is not staff.
    """
    return _find(location, at, known_on, store().view())


def find_once(location: str, at: date | None = None, known_on: datetime | None = None) -> Chain:
    """As `find`, for a program that asks once: from the database, since reading all of the register takes
    longer."""
    return _find(location, at, known_on, None)


def find_target(target: Target, at: date, known_on: datetime | None = None) -> Chain:
    """As `find`, for a location that was already read."""
    return chain_in(store().view(), target, at, known_on)


def chain_in(view: View | None, target: Target, at: date, known_on: datetime | None = None) -> Chain:
    """The chain of a target as this view has it; None: as the database has it."""
    view = view or View(about(target))
    return Chain(at=at, target=target, links=view.links(target, at.toordinal(), asked_moment(known_on)))


def around(target: Target) -> Q:
    """The condition that a Resource holds all of `target`, by rows that the copy in memory names: an index
    finds those at once, while `covering` compares half of all ranges."""
    view = store().view()
    if view is None:
        return covering(target)
    return reduce(or_, (Q(**columns_of(one)) for one in view.around(target)), Q(pk__in=()))


def said(known_on: datetime | None) -> Q:
    """The condition that a row was what the register said at that moment; None: that it is so now."""
    if known_on is None:
        return Q(recorded_until=None)
    return Q(recorded_from__lte=known_on) & (Q(recorded_until=None) | Q(recorded_until__gt=known_on))


def _find(location: str, at: date | None, known_on: datetime | None, view: View | None) -> Chain:
    day = at or timezone.now().date()
    try:
        target = parse(location)
    except NotALocation as problem:
        return Chain(at=day, problem=str(problem))
    return chain_in(view, target, day, known_on)
