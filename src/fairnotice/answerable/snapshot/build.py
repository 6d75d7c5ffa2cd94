"""From plain rows to a snapshot. Pure, in one pass over the rows and some sorting.

Rows may come in any order. A million of them take some seconds and about two hundred bytes each meanwhile.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fairnotice.answerable.chains import FROM_REGISTRY
from fairnotice.answerable.resources import V4_FIRST
from fairnotice.answerable.snapshot.columns import ASK, GIVER, TOP, Columns, Shared, Terms, shared_of
from fairnotice.answerable.snapshot.families import Family, Names
from fairnotice.answerable.snapshot.layers import (
    LAYERS,
    Layer,
    LongLayer,
    Loose,
    Numbers,
    nest,
    packed,
)
from fairnotice.answerable.snapshot.rows import FOREVER, Given, Listed
from fairnotice.answerable.snapshot.snapshot import Snapshot

_WORD = 2**64 - 1
_V4, _V6, _V6_LONG, _AS, _NAME = range(5)


def build(rows: Iterable[Given], organisations: Mapping[int, Listed]) -> Snapshot:
    """A snapshot of delegations and of the organisations that they name. Of one series at most one row may be
    without an end of being said."""
    return collect(rows).snapshot(organisations)


def collect(rows: Iterable[Given]) -> Heap:
    """The first half of `build`, for whoever reads the organisations after the delegations."""
    heap = Heap()
    for row in rows:
        heap.add(row)
    return heap


class Heap:
    """Rows as they came, in columns."""

    def __init__(self) -> None:
        self.family = array("B")
        self.start, self.start_low = array("Q"), array("Q")
        self.end, self.end_low = array("Q"), array("Q")
        self.series, self.parent = array("q"), array("q")
        self.pk, self.holder, self.term = array("Q"), array("Q"), array("I")
        self.terms = Terms()
        self.names: dict[tuple[str, str], int] = {}
        self._known: dict[Shared, int] = {}

    def add(self, given: Given) -> None:
        target = given.target
        family, start, end = _AS, target.start, target.end
        if target.name:
            family = _NAME
            start = end = self.names.setdefault((target.kind, target.name), len(self.names))
        elif target.kind == "ip":
            if target.is_v4:
                family, start, end = _V4, start - V4_FIRST, end - V4_FIRST
            elif start & _WORD == 0 and end & _WORD == _WORD:
                family, start, end = _V6, start >> 64, end >> 64
            else:
                family = _V6_LONG
        self.family.append(family)
        if family == _V6_LONG:
            self.start_low.append(start & _WORD)
            self.end_low.append(end & _WORD)
            start, end = start >> 64, end >> 64
        else:
            self.start_low.append(0)
            self.end_low.append(_WORD if family == _V6 else 0)
        self.start.append(start)
        self.end.append(end)
        self.series.append(given.series)
        self.parent.append(-1 if given.parent is None else given.parent)
        self.pk.append(given.pk)
        self.holder.append(given.holder)
        shared = shared_of(given)
        term = self._known.get(shared)
        if term is None:
            term = self._known[self.terms.add(given)] = len(self._known)
        self.term.append(term)

    def snapshot(self, organisations: Mapping[int, Listed]) -> Snapshot:
        """Sort, nest, and find who stands above whom."""
        self._known.clear()
        family = np.frombuffer(self.family, np.uint8) if self.family else np.empty(0, np.uint8)
        sides = [_view(side) for side in (self.start, self.start_low, self.end, self.end_low)]
        order: list[Numbers] = []
        families = {
            _V4: Family(32, V4_FIRST),
            _V6: Family(64, 0),
            _AS: Family(32, 0),
        }
        base = 0
        for kind in (_V4, _V6, _V6_LONG, _AS, _NAME):
            rows = np.flatnonzero(family == kind)
            start, start_low, end, end_low = (side[rows] for side in sides)
            # By start, then the wider first, then as they were written.
            pks = _view(self.pk)[rows]
            rows = rows[np.lexsort((pks, _WORD - end_low, _WORD - end, start_low, start))]
            if kind == _NAME:
                counts = np.bincount(start.astype(np.int64), minlength=len(self.names))
                names = Names(list(self.names))
                base = names.place(base, counts.tolist())
                order.append(rows)
            else:
                home = families[_V6 if kind == _V6_LONG else kind]
                base = self._layers(home, kind, rows, base, order)
        for home in families.values():
            home.seal()
        permuted = np.concatenate(order)
        return Snapshot(
            v4=families[_V4],
            v6=families[_V6],
            numbers=families[_AS],
            names=names,
            columns=self._columns(permuted, family[permuted], [side[permuted] for side in sides]),
            organisations=dict(organisations),
        )

    def _layers(self, home: Family, kind: int, rows: Numbers, base: int, order: list[Numbers]) -> int:
        """Put the spans of sorted rows into layers of `home`; their rows follow from `base` on."""
        start, start_low, end, end_low = (
            _view(side)[rows] for side in (self.start, self.start_low, self.end, self.end_low)
        )
        new = np.ones(len(rows), bool)
        sides = (start, start_low, end, end_low)
        new[1:] = np.any([side[1:] != side[:-1] for side in sides], axis=0)
        heads = np.flatnonzero(new)
        counts = np.diff(np.append(heads, len(rows)))
        lows, highs = start[heads].tolist(), end[heads].tolist()
        if kind == _V6_LONG:
            lows = [a << 64 | b for a, b in zip(lows, start_low[heads].tolist(), strict=True)]
            highs = [a << 64 | b for a, b in zip(highs, end_low[heads].tolist(), strict=True)]
        left = np.arange(len(heads))
        for number in range(LAYERS + 1):
            if not len(left) and (number or kind == _V6_LONG):
                break
            low, high = [lows[i] for i in left], [highs[i] for i in left]
            kept, parent, crossing = nest(low, high)
            chosen = left[kept]
            layer: Layer | LongLayer | Loose
            if number == LAYERS:
                chosen, crossing = left, []
                layer = Loose(low, high)
            elif kind == _V6_LONG:
                layer = LongLayer([lows[i] for i in chosen], [highs[i] for i in chosen], parent)
            else:
                layer = Layer(home.bits, start[heads][chosen], end[heads][chosen], parent)
            many = counts[chosen]
            base = layer.place(base, many.tolist())
            order.append(rows[_runs(heads[chosen], many)])
            home.add(layer, long=kind == _V6_LONG)
            left = left[crossing]
        return base

    def _columns(self, order: Numbers, family: Numbers, sides: Sequence[Numbers]) -> Columns:
        series, parent = _view(self.series)[order], _view(self.parent)[order]
        pk, holder, term = (_view(each)[order] for each in (self.pk, self.holder, self.term))
        above = self._above(family, sides, series, parent, holder, term)
        asked = np.flatnonzero((above < 0) & (parent >= 0))
        return Columns(
            terms=self.terms,
            term=packed(term, 32),
            series=packed(series, 64),
            pk=packed(pk),
            holder=packed(holder),
            above=array("i", above.astype(np.int32).tobytes()),
            parents=dict(zip(asked.tolist(), parent[asked].tolist(), strict=True)),
        )

    def _above(
        self,
        family: Numbers,
        sides: Sequence[Numbers],
        series: Numbers,
        parent: Numbers,
        holder: Numbers,
        term: Numbers,
    ) -> Numbers:
        """For each row, where its chain goes on; only where every question of now has that answer."""
        found = np.full(len(series), ASK, np.int64)
        if not len(series):
            return found
        terms = self.terms
        givers = np.array([-1 if shared[0] is None else shared[0] for shared in terms.shared], np.int64)
        first = np.array([shared[1] in FROM_REGISTRY for shared in terms.shared])[term]
        giver = givers[term]
        said = (_view(terms.said_until) == FOREVER)[term]
        since, until = _view(terms.valid_from)[term], _view(terms.valid_until)[term]
        plain = said & (family != _NAME)
        found[plain & first & (giver < 0)] = TOP
        # A registry that holds nothing itself: it is named, and nothing is above it.
        found[plain & first & (giver >= 0) & ~np.isin(giver, holder.astype(np.int64))] = GIVER
        children = np.flatnonzero(plain & (parent >= 0) & (giver >= 0))
        current = np.flatnonzero(plain)
        current = current[np.argsort(series[current], kind="stable")]
        if not len(children) or not len(current):
            return found
        sorted_series = series[current]
        at = np.searchsorted(sorted_series, parent[children])
        once = np.searchsorted(sorted_series, parent[children], "right") - at == 1
        children, at = children[once], at[once]
        over = current[at]
        low, low2, high, high2 = ([side[over], side[children]] for side in sides)
        kin = np.where(family == _V6_LONG, _V6, family)
        fits = (
            (over != children)
            & (kin[over] == kin[children])
            & (holder[over].astype(np.int64) == giver[children])
            & ((low[0] < low[1]) | ((low[0] == low[1]) & (low2[0] <= low2[1])))
            & ((high[0] > high[1]) | ((high[0] == high[1]) & (high2[0] >= high2[1])))
            & (since[over] <= since[children])
            & (until[over] >= until[children])
        )
        found[children[fits]] = over[fits]
        return found


def _view(numbers: array[int]) -> Numbers:
    """The same memory for numpy."""
    return np.frombuffer(numbers, np.dtype(numbers.typecode)) if numbers else np.empty(0, numbers.typecode)


def _runs(heads: Numbers, counts: Numbers) -> Numbers:
    """The numbers from each head on, so many for each, one run after the other."""
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    return np.repeat(heads - before, counts) + np.arange(total)
