"""Who is nearest, and the chain from there to the registry. Pure.

Order of nearness: the more specific resource first; on one resource a sublease before a lease, a lease before
an assignment, hosting before a content delivery network, that before a registrar. From the nearest delegation
the chain climbs to the delegation by which its giver held the resource, up to the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fairnotice.answerable.chains import FROM_REGISTRY
from fairnotice.answerable.resources import Target
from fairnotice.answerable.snapshot.rows import Given

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


class Step(NamedTuple):
    """One link to be: the organisation, the delegation by which it holds (None: not recorded), and the
    resource."""

    organisation: int
    given: Given | None
    target: Target


def size(target: Target) -> int:
    """The smaller, the nearer. Of one name, the server is nearer than the domain."""
    if target.name:
        return -2 * len(target.name.split(".")) - (target.kind == "server")
    return target.end - target.start


def climb(known: Sequence[Given]) -> list[Step]:
    """The steps from the registry's side to the holder. `known` is all that held on that day and covers what
    was asked for."""
    if not known:
        return []
    nearest = min(size(g.target) for g in known)
    here = [g for g in known if size(g.target) == nearest]
    current = last(here)
    steps: list[Step] = []
    named: set[int] = set()
    while True:
        # Each organisation stands in a chain once; so two who pass it to each other make no endless one.
        named.add(current.holder)
        steps.append(Step(current.holder, current, current.target))
        above = _above(current, [g for g in known if g.holder not in named])
        giver = current.giver
        if giver is not None and giver not in named and (above is None or above.holder != giver):
            named.add(giver)
            steps.append(Step(giver, None, current.target))
        if above is None:
            return steps[::-1]
        current = above


def last(here: Sequence[Given]) -> Given:
    """Of delegations of equally large resources, the one that stands nearest."""
    givers = {g.giver for g in here}
    # Who passed the whole resource on no longer stands nearest to it.
    return max([g for g in here if g.holder not in givers] or here, key=_order)


def _nearness(given: Given) -> Nearness:
    return -size(given.target), _RANK[given.kind]


def _order(given: Given) -> tuple[Nearness, int, int]:
    return _nearness(given), given.valid_from, given.pk


def _above(current: Given, others: Iterable[Given]) -> Given | None:
    """The delegation by which the giver of `current` held it, else the next less near one; None at the
    registry."""
    near = _nearness(current)
    wider = [g for g in others if _nearness(g)[0] <= near[0]]
    if current.giver is not None:
        held = [g for g in wider if g.holder == current.giver]
        named = [g for g in held if g.series == current.parent]
        if held:
            return max(named or held, key=_order)
    if current.kind in FROM_REGISTRY:
        return None
    return max((g for g in wider if _nearness(g) < near), key=_order, default=None)
