"""What a batch of delegations stands beside in the register, fetched in a few queries, and the rules asked of
it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from fairnotice.answerable.errors import Fault
from fairnotice.answerable.imports.held import Row, containing, meeting
from fairnotice.answerable.imports.store import Store
from fairnotice.answerable.invariants import EXCLUSIVE, Held, above_itself, best_parent, can_hold, check
from fairnotice.answerable.spans import Span

#: Giver, span, and whether only one can have it at a time.
Asked = tuple[int, Span, bool]


class Around:
    """The register around the delegations that a batch asks about, and what the batch itself has added so
    far."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._above: dict[int, dict[Span, list[Held]]] = {}
        self._beside: dict[int, dict[Span, list[Held]]] = {}
        self._new: dict[int, Row] = {}
        self._held_by: dict[int, list[Row]] = defaultdict(list)
        self._leased_from: dict[int, list[Row]] = defaultdict(list)
        self._below: dict[int, list[Row]] = defaultdict(list)

    def fetch(self, asked: Iterable[Asked]) -> None:
        """Look for what holds these spans, and for leases that reach into those that one only can have."""
        kinds: dict[bytes, list[Asked]] = defaultdict(list)
        for one in asked:
            # Addresses, numbers and names never lie in one another; apart, each asks for less.
            kinds[one[1].low[:1]].append(one)
        for some in kinds.values():
            self._fetch(some)

    def _fetch(self, asked: list[Asked]) -> None:
        spans: dict[int, set[Span]] = defaultdict(set)
        for giver, span, _alone in asked:
            spans[giver].add(span)
        exclusive = {span for _giver, span, alone in asked if alone}
        held: dict[int, list[Held]] = defaultdict(list)
        for row in self._store.holdings(spans, set().union(*spans.values())):
            held[row.holder].append(row.held)
        parents = set()
        for giver in spans:
            above = containing(held[giver], spans[giver])
            self._above.setdefault(giver, {}).update(above)
            parents |= {one.series for span in exclusive.intersection(above) for one in above[span]}
        beside: dict[int, list[Held]] = defaultdict(list)
        if parents:
            for row in self._store.leases(parents, exclusive):
                beside[row.parent or 0].append(row.held)
        for parent, rows in beside.items():
            self._beside.setdefault(parent, {}).update(meeting(rows, exclusive))

    def parent_of(self, new: Held) -> Held | None:
        """By which delegation the giver holds it: the one it had while that still fits, else the
        narrowest."""
        if not new.needs_parent or not isinstance(new.giver, int):
            return None
        known = [self._now(one) for one in self._above.get(new.giver, {}).get(new.span, ())]
        low, high = new.span
        known += [
            one.held
            for one in self._held_by.get(new.giver, ())
            if one.low <= low and high <= one.high and one.series != new.series
        ]
        for one in known:
            if one.series == new.parent and can_hold(one, new):
                return one
        return best_parent(new, known)

    def faults(self, new: Held, parent: Held | None, before: Row | None) -> list[Fault]:
        """The rules that `new` would break; `before` is what its series said so far."""
        siblings: list[Held] = []
        if new.kind in EXCLUSIVE and parent is not None:
            siblings = [self._now(one) for one in self._beside.get(parent.series, {}).get(new.span, ())]
            low, high = new.span
            siblings += [
                one.held
                for one in self._leased_from.get(parent.series, ())
                if one.low <= high and low <= one.high
            ]
        children: list[Held] = []
        if before is not None and (before.valid_from, before.valid_until) != (
            new.valid_from,
            new.valid_until,
        ):
            children = [self._now(row.held) for row in self._store.children([new.series])]
            children += [row.held for row in self._below.get(new.series, ())]
        broken = check(new, parent=parent, siblings=siblings, children=children)
        if not broken and before is not None and new.parent != before.parent and self._circle(new):
            # Only a correction can close a circle; it then breaks rule 1 for whoever stands in it.
            broken = check(new, parent=None, siblings=(), children=())
        return broken

    def add(self, new: Row) -> None:
        """The batch says this from now on."""
        if new.series in self._new:
            for rows in (self._held_by, self._leased_from, self._below):
                for key in rows:
                    rows[key] = [one for one in rows[key] if one.series != new.series]
        self._new[new.series] = new
        self._held_by[new.holder].append(new)
        if new.parent is not None:
            self._below[new.parent].append(new)
            if new.kind in EXCLUSIVE:
                self._leased_from[new.parent].append(new)

    def _now(self, one: Held) -> Held:
        new = self._new.get(one.series)
        return new.held if new is not None else one

    def _circle(self, new: Held) -> bool:
        parents = {new.series: new.parent}
        current = new.parent
        while current is not None and current not in parents:
            known = self._new.get(current) or next(iter(self._store.of_series([current])), None)
            parents[current] = known.parent if known else None
            current = parents[current]
        return above_itself(new.series, parents)
