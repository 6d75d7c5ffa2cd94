"""The operator's own network on a day: what it holds, what it passed on, what nobody answers for, what
overlaps.

No function here takes an organisation. Which one is ours stands in the settings, so that this can never
become a way to list what somebody else holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q, QuerySet

from fairnotice.answerable import ranges
from fairnotice.answerable.invariants import EXCLUSIVE
from fairnotice.answerable.lookup import said
from fairnotice.answerable.models import Contact, Delegation, Organisation
from fairnotice.answerable.queries.delegations import Shown, shown
from fairnotice.answerable.queries.organisations import last_marks, names, own_organisation
from fairnotice.answerable.resources import Target
from fairnotice.answerable.rows import target_of
from fairnotice.answerable.spans import Span

SpaceKind = Literal["ipv4", "ipv6", "as", "domain", "server"]
SPACES: tuple[SpaceKind, ...] = ("ipv4", "ipv6", "as", "domain", "server")
#: More pairs than anybody mends by hand; what is left out shows up once some of them are mended.
MOST_PAIRS = 500


@dataclass(frozen=True, slots=True)
class Space:
    """One address space: how many addresses, AS numbers or names, each counted once. Of addresses and AS
    numbers `passed_on` is a part of `held`; a name that was passed on can lie below one that is held."""

    kind: SpaceKind
    held: int
    passed_on: int

    @property
    def kept(self) -> int | None:
        """What nobody else holds from us; None for names, of which there is always room for one more."""
        return None if self.kind in ("domain", "server") else self.held - self.passed_on


@dataclass(frozen=True, slots=True)
class Pair:
    """Two delegations that cover something together. `agreed`: one of them is marked as shared."""

    one: Shown
    other: Shown
    agreed: bool


@dataclass(frozen=True, slots=True)
class Network:
    """`held`: what we hold. `passed_on`: what others hold from us. `silent_held`: of what we hold, that for
    which we have no working abuse contact ourselves; `silent_holders`: of what we passed on, that whose
    holder has none. `overlaps`: leases from us that cover something together; `crossing`: what we hold by
    two ranges of which neither lies in the other."""

    organisation: Organisation
    name: str
    at: date
    held: list[Shown]
    passed_on: list[Shown]
    spaces: list[Space]
    silent_held: list[Shown]
    silent_holders: list[Shown]
    overlaps: list[Pair]
    crossing: list[Pair]


def network(at: date) -> Network | None:
    """Our own network on the day `at`, as known now; None where the settings name no listed organisation."""
    own = own_organisation()
    if own is None:
        return None
    held = shown(running(at).filter(to_org=own))
    passed_on = shown(running(at).filter(from_org=own))
    answered = _answered(own)
    return Network(
        organisation=own,
        name=names([own.pk]).get(own.pk, own.handle),
        at=at,
        held=held,
        passed_on=passed_on,
        spaces=spaces(held, passed_on),
        silent_held=[one for one in held if not answered(one.row)],
        silent_holders=[one for one in passed_on if not answered(one.row)],
        overlaps=list(_overlaps(passed_on)),
        crossing=list(_crossing(held)),
    )


def running(at: date) -> QuerySet[Delegation]:
    """What is said now to hold on that day, in the order of the resources."""
    rows = Delegation.objects.filter(
        said(None), Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at
    )
    return rows.select_related("from_org", "to_org", "resource").order_by("low", "high", "valid_from", "pk")


def spaces(held: Iterable[Shown], passed_on: Iterable[Shown]) -> list[Space]:
    """How much there is of each address space; spaces without anything are left out."""
    ours, theirs = _by_space(held), _by_space(passed_on)
    found = []
    for kind in SPACES:
        if kind in ("ipv4", "ipv6", "as"):
            all_held = ranges.union((target.start, target.end) for target in ours.get(kind, ()))
            passed = ranges.union((target.start, target.end) for target in theirs.get(kind, ()))
            found.append(Space(kind, ranges.size(all_held), ranges.size(ranges.common(all_held, passed))))
        else:
            found.append(Space(kind, len(ours.get(kind, ())), len(theirs.get(kind, ()))))
    return [space for space in found if space.held or space.passed_on]


def _by_space(rows: Iterable[Shown]) -> dict[SpaceKind, set[Target]]:
    found: dict[SpaceKind, set[Target]] = {}
    for one in rows:
        target = target_of(one.row.resource)
        kind: SpaceKind = ("ipv4" if target.is_v4 else "ipv6") if target.kind == "ip" else target.kind
        found.setdefault(kind, set()).add(target)
    return found


def _answered(own: Organisation) -> _Answered:
    people = Q(organisation=own) | Q(organisation__received__from_org=own)
    contacts = list(Contact.objects.filter(said(None), people, role=Contact.Role.ABUSE).distinct())
    marks = last_marks(contacts)
    working = [c for c in contacts if c.pk not in marks or marks[c.pk].works]
    return _Answered({(c.organisation_id, c.resource_id) for c in working})


@dataclass(frozen=True, slots=True)
class _Answered:
    """Whether the holder of a delegation has an abuse contact that is not known to be bad."""

    working: set[tuple[int, int | None]]

    def __call__(self, row: Delegation) -> bool:
        return (row.to_org_id, None) in self.working or (row.to_org_id, row.resource_id) in self.working


def _overlaps(passed_on: Sequence[Shown]) -> Iterator[Pair]:
    for one, other in _meeting([one for one in passed_on if one.row.kind in EXCLUSIVE]):
        yield Pair(one, other, one.row.shared or other.row.shared)


def _crossing(held: Sequence[Shown]) -> Iterator[Pair]:
    for one, other in _meeting(held):
        first, second = _span(one), _span(other)
        if not first.holds(second) and not second.holds(first):
            yield Pair(one, other, one.row.shared or other.row.shared)


def _meeting(rows: Sequence[Shown]) -> Iterator[tuple[Shown, Shown]]:
    """Pairs with something in common, out of rows sorted by where they begin; at most MOST_PAIRS."""
    left = MOST_PAIRS
    open_rows: list[tuple[Span, Shown]] = []
    for row in rows:
        span = _span(row)
        open_rows = [(earlier, one) for earlier, one in open_rows if earlier.meets(span)]
        for _earlier, one in open_rows:
            if not left:
                return
            left -= 1
            yield one, row
        open_rows.append((span, row))


def _span(one: Shown) -> Span:
    return Span(bytes(one.row.low), bytes(one.row.high))
