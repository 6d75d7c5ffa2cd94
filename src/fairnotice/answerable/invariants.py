"""What must hold between delegations, as pure rules over plain values (Django's translation aside).

1. From whom one holds: a delegation from somebody other than a registry names the delegation by which they
   held it.
2. Inside in space and in time: a child's span and days lie within its parent's.
3. Siblings: two leases or subleases from one parent do not overlap in space and time, unless one is marked as
   shared.
4. Nobody stands above themselves.

A rule that is broken is a Fault with the series that stand in the way. The actions ask these rules with
all rows that could break them; the import does the same; PostgreSQL holds 3 by an EXCLUDE constraint
besides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fairnotice.answerable.errors import Fault
from fairnotice.answerable.spans import Span

#: Kinds that a registry hands out. Who gives them needs to have held nothing.
FROM_REGISTRY = frozenset({"allocation", "registrar"})
#: Kinds of which one thing can have only one at a time, unless it is marked as shared.
EXCLUSIVE = frozenset({"lease", "sublease"})
#: Kinds that do not go with a kind of resource.
NOT_FOR: dict[str, frozenset[str]] = {
    "ip": frozenset({"registrar"}),
    "as": frozenset({"registrar", "cdn"}),
    "domain": frozenset({"allocation", "sub-allocation", "assignment"}),
    "server": frozenset({"allocation", "sub-allocation", "assignment", "registrar"}),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A delegation as the rules see it. `giver` and `holder` are any values that tell organisations apart."""

    series: int
    span: Span
    giver: object | None
    holder: object
    kind: str
    valid_from: date
    valid_until: date | None
    parent: int | None = None
    shared: bool = False

    @property
    def needs_parent(self) -> bool:
        return self.giver is not None and self.kind not in FROM_REGISTRY

    def lasts_through(self, other: Held) -> bool:
        """Whether it holds on every day of `other`."""
        return self.valid_from <= other.valid_from and (
            self.valid_until is None
            or (other.valid_until is not None and other.valid_until <= self.valid_until)
        )

    def same_day(self, other: Held) -> bool:
        """Whether there is a day on which both hold."""
        return (other.valid_until is None or self.valid_from < other.valid_until) and (
            self.valid_until is None or other.valid_from < self.valid_until
        )


def can_hold(parent: Held, child: Held) -> bool:
    """Whether `child` may hang below `parent` (rules 1 and 2)."""
    return (
        parent.holder == child.giver
        and parent.series != child.series
        and parent.span.holds(child.span)
        and parent.lasts_through(child)
    )


def best_parent(child: Held, candidates: Iterable[Held]) -> Held | None:
    """The narrowest of those that can hold the child, of these the one that began last; None where none
    can."""
    able = [one for one in candidates if can_hold(one, child)]
    return max(
        able,
        key=lambda one: (one.span.low, _reversed(one.span.high), one.valid_from, one.series),
        default=None,
    )


def _reversed(high: bytes) -> bytes:
    # Of spans that hold one child, the one with the higher low, then with the lower high, is the narrower.
    return bytes(255 - byte for byte in high)


def check(
    new: Held, *, parent: Held | None, siblings: Iterable[Held], children: Iterable[Held]
) -> list[Fault]:
    """All rules that `new` would break.

    `parent` is what holds the series `new.parent`. `siblings` are delegations with that same parent,
    `children` those whose parent is `new.series`; more than that does no harm.
    """
    return [*_giver(new, parent), *_siblings(new, siblings), *_children(new, children)]


def _giver(new: Held, parent: Held | None) -> list[Fault]:
    if new.giver is not None and new.giver == new.holder:
        return [Fault("from_handle", "same", _("Giver and receiver are the same organisation."))]
    if not new.needs_parent:
        return []
    if parent is None or not can_hold(parent, new):
        words = _("The giver is not recorded as holding all of this resource for all of this time.")
        return [Fault("from_handle", "not-held", words, (parent.series,) if parent else ())]
    return []


def _siblings(new: Held, siblings: Iterable[Held]) -> list[Fault]:
    if new.kind not in EXCLUSIVE or new.shared or new.parent is None:
        return []
    clash = tuple(
        other.series
        for other in siblings
        if other.series != new.series
        and other.parent == new.parent
        and other.kind in EXCLUSIVE
        and not other.shared
        and other.span.meets(new.span)
        and other.same_day(new)
    )
    if not clash:
        return []
    words = _("Another lease of the same giver covers part of it at the same time.")
    return [Fault("resource", "overlap", words, clash)]


def _children(new: Held, children: Iterable[Held]) -> list[Fault]:
    outside = tuple(
        child.series
        for child in children
        if child.parent == new.series and child.needs_parent and not can_hold(new, child)
    )
    if not outside:
        return []
    return [
        Fault("valid_until", "below", _("What was passed on from it would no longer lie within it."), outside)
    ]


def above_itself(series: int, parent_of: dict[int, int | None]) -> bool:
    """Whether following the parents from `series` leads back to it (rule 4)."""
    seen, current = {series}, parent_of.get(series)
    while current is not None:
        if current in seen:
            return True
        seen.add(current)
        current = parent_of.get(current)
    return False
