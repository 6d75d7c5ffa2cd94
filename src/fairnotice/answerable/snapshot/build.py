"""From plain rows to a snapshot. Pure, in one pass over the rows and some sorting.

Rows may come in any order. A million of them take some seconds and about two hundred bytes each meanwhile.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fairnotice.answerable.chains import FROM_REGISTRY
from fairnotice.answerable.resources import V4_FIRST
from fairnotice.answerable.snapshot.above import Facts, above
from fairnotice.answerable.snapshot.columns import ASK, Columns, Manner, Times
from fairnotice.answerable.snapshot.families import Family, Names
from fairnotice.answerable.snapshot.layers import (
    DAYS,
    LAYERS,
    SEVERAL,
    Layer,
    LongLayer,
    Loose,
    Numbers,
    ShortLayer,
    WideLayer,
    nest,
    numbers_of,
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
        self.pk, self.giver, self.holder = array("Q"), array("Q"), array("Q")
        self.time, self.manner = array("I"), array("I")
        self.times = Times()
        self.names: dict[tuple[str, str], int] = {}
        self._known_times: dict[tuple[int, int, int, int], int] = {}
        self._manners: dict[Manner, int] = {}

    def add(self, given: Given) -> None:
        """Take a row in."""
        target = given.target
        family, start, end = _AS, target.start, target.end
        start_low = end_low = 0
        if target.name:
            family = _NAME
            start = end = self.names.setdefault((target.kind, target.name), len(self.names))
        elif target.kind == "ip":
            if target.is_v4:
                family, start, end = _V4, start - V4_FIRST, end - V4_FIRST
            else:
                start, start_low, end, end_low = start >> 64, start & _WORD, end >> 64, end & _WORD
                family = _V6_LONG if start_low or end_low != _WORD else _V6
        self.family.append(family)
        self.start.append(start)
        self.start_low.append(start_low)
        self.end.append(end)
        self.end_low.append(end_low)
        self.series.append(given.series)
        self.parent.append(-1 if given.parent is None else given.parent)
        self.pk.append(given.pk)
        self.giver.append(given.giver or 0)
        self.holder.append(given.holder)
        times = (given.valid_from, given.valid_until, given.said_from, given.said_until)
        time = self._known_times.setdefault(times, len(self._known_times))
        if time == len(self.times):
            self.times.add(given)
        self.time.append(time)
        manner = (given.kind, given.source, given.visibility)
        self.manner.append(self._manners.setdefault(manner, len(self._manners)))

    def snapshot(self, organisations: Mapping[int, Listed]) -> Snapshot:
        """Sort, nest, and find who stands above whom."""
        family = numbers_of(self.family)
        sides = [numbers_of(side) for side in (self.start, self.start_low, self.end, self.end_low)]
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
            pks = numbers_of(self.pk)[rows]
            rows = rows[np.lexsort((pks, _WORD - end_low, _WORD - end, start_low, start))]
            if kind == _NAME:
                counts = np.bincount(start.astype(np.int64), minlength=len(self.names))
                names = Names(list(self.names))
                base = names.place(base, counts)
                order.append(rows)
            else:
                home = families[_V6 if kind == _V6_LONG else kind]
                base = self._layers(home, kind, rows, base, order)
        for home in families.values():
            home.seal()
        permuted = np.concatenate(order)
        columns = self._columns(permuted, family[permuted], [side[permuted] for side in sides])
        over = numbers_of(columns.above)
        for home in (families[_V4], families[_V6]):
            layer = home.main
            first = np.arange(layer.count) if layer.first is None else numbers_of(layer.first)[:-1]
            one = layer.whens(np.arange(layer.count)) & np.uint32(SEVERAL) == 0
            layer.mark(one & (over[layer.base + first] < ASK))
        return Snapshot(
            v4=families[_V4],
            v6=families[_V6],
            numbers=families[_AS],
            names=names,
            columns=columns,
            organisations=dict(organisations),
        )

    def _layers(self, home: Family, kind: int, rows: Numbers, base: int, order: list[Numbers]) -> int:
        """Put the spans of sorted rows into layers of `home`; their rows follow from `base` on."""
        start, start_low, end, end_low = (
            numbers_of(side)[rows] for side in (self.start, self.start_low, self.end, self.end_low)
        )
        new = np.ones(len(rows), bool)
        sides = (start, start_low, end, end_low)
        new[1:] = np.any([side[1:] != side[:-1] for side in sides], axis=0)
        heads = np.flatnonzero(new)
        counts = np.diff(np.append(heads, len(rows)))
        start, start_low, end, end_low = (side[heads] for side in sides)
        # Where there are several rows, any day leads to them.
        time = numbers_of(self.time)[rows[heads]]
        when = np.where(counts == 1, self.times.days()[time], np.uint32(SEVERAL | DAYS))
        left = np.arange(len(heads))
        for number in range(LAYERS + 1):
            if not len(left) and (number or kind == _V6_LONG):
                break
            lows: Sequence[int] = _array(start[left])
            highs: Sequence[int] = _array(end[left])
            if kind == _V6_LONG:
                lows = [a << 64 | b for a, b in zip(lows, start_low[left].tolist(), strict=True)]
                highs = [a << 64 | b for a, b in zip(highs, end_low[left].tolist(), strict=True)]
            kept, parent, crossing = nest(lows, highs)
            chosen = left[kept]
            layer: Layer | LongLayer | Loose
            if number == LAYERS:
                chosen, crossing = left, kept[:0]
                layer = Loose(lows, highs)
            elif kind == _V6_LONG:
                layer = LongLayer([lows[i] for i in kept], [highs[i] for i in kept], parent)
            else:
                layer = (WideLayer if kind == _V6 else ShortLayer)(
                    start[chosen], end[chosen], when[chosen], parent
                )
            base = layer.place(base, counts[chosen])
            order.append(rows[_runs(heads[chosen], counts[chosen])])
            home.add(layer, long=kind == _V6_LONG)
            left = left[crossing]
        return base

    def _columns(self, order: Numbers, family: Numbers, sides: Sequence[Numbers]) -> Columns:
        series, parent, pk, giver, holder, time, manner = (
            numbers_of(each)[order]
            for each in (
                self.series,
                self.parent,
                self.pk,
                self.giver,
                self.holder,
                self.time,
                self.manner,
            )
        )
        manners = list(self._manners)
        found = above(
            Facts(
                family=np.where(family == _V6_LONG, _V6, family),
                plain=family != _NAME,
                sides=sides,
                series=series,
                parent=parent,
                giver=giver.astype(np.int64),
                holder=holder.astype(np.int64),
                first=np.array([kind in FROM_REGISTRY for kind, _, _ in manners], bool)[manner],
                since=numbers_of(self.times.valid_from)[time],
                until=numbers_of(self.times.valid_until)[time],
                said=(numbers_of(self.times.said_until) == FOREVER)[time],
            )
        )
        asked = np.flatnonzero((found < 0) & (parent >= 0))
        return Columns(
            times=self.times,
            manners=manners,
            time=packed(time, 32),
            manner=packed(manner),
            series=packed(series, 64),
            pk=packed(pk),
            giver=packed(giver),
            holder=packed(holder),
            above=array("i", found.astype(np.int32).tobytes()),
            parents=dict(zip(asked.tolist(), parent[asked].tolist(), strict=True)),
        )


def _array(numbers: Numbers) -> array[int]:
    return array("Q", numbers.astype(np.uint64).tobytes())


def _runs(heads: Numbers, counts: Numbers) -> Numbers:
    """The numbers from each head on, so many for each, one run after the other."""
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    return np.repeat(heads - before, counts) + np.arange(total)
