"""The register as it was when it was read: immutable, shared by all threads of a process. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fairnotice.answerable.resources import Target
from fairnotice.answerable.snapshot.columns import Columns
from fairnotice.answerable.snapshot.families import Family, Names
from fairnotice.answerable.snapshot.layers import Layer, LongLayer, Loose
from fairnotice.answerable.snapshot.quick import Quick
from fairnotice.answerable.snapshot.rows import Given, Listed


class _Home(NamedTuple):
    family: Family
    layer: Layer | LongLayer | Loose


class Snapshot:
    """Made by `build.build`. Rows are numbers from 0; `given` says what one holds.

    `quick` answers for single addresses, by far the most of all questions; what it passes on is answered by
    `known` and the rules in `climb`.
    """

    def __init__(
        self,
        *,
        v4: Family,
        v6: Family,
        numbers: Family,
        names: Names,
        columns: Columns,
        organisations: Mapping[int, Listed],
    ) -> None:
        self.v4, self.v6, self.numbers, self.names = v4, v6, numbers, names
        self.columns = columns
        self.organisations = organisations
        self._homes = [_Home(family, layer) for family in (v4, v6, numbers) for layer in family.places()]
        self._homes.sort(key=lambda home: home.layer.base)
        self._bases = [home.layer.base for home in self._homes]
        self.quick = Quick(v4, v6, columns)

    def __len__(self) -> int:
        """How many delegations it has, those of the past included."""
        return len(self.columns.time)

    def family(self, target: Target) -> Family | Names:
        """Where the spans are that can hold this target."""
        if target.name:
            return self.names
        if target.kind == "as":
            return self.numbers
        return self.v4 if target.is_v4 else self.v6

    def covers(self, target: Target) -> bool:
        """Whether anything was ever held that holds all of the target."""
        return next(self.family(target).covering(target), None) is not None

    def known(self, target: Target, day: int, known: int) -> Iterator[Given]:
        """All delegations of what holds the target that were so on that day, as known at that moment."""
        for row in self.family(target).covering(target):
            if self.columns.holds(row, day, known):
                yield self.given(row)

    def target(self, row: int) -> Target:
        """The resource that a row is about."""
        if self.names.count and row >= self.names.base:
            kind, name = self.names.names[self.names.node(row)]
            return Target("server" if kind == "server" else "domain", name=name)
        # Empty layers share their base with the next one, which is the last of these.
        family, layer = self._homes[bisect_right(self._bases, row) - 1]
        return family.target(layer, layer.node(row))

    def given(self, row: int) -> Given:
        """A row as it was taken in."""
        columns = self.columns
        kind, source, visibility = columns.manners[columns.manner[row]]
        time, times = columns.time[row], columns.times
        return Given(
            pk=columns.pk[row],
            series=columns.series[row],
            target=self.target(row),
            giver=columns.giver[row] or None,
            holder=columns.holder[row],
            kind=kind,
            parent=columns.parent(row),
            valid_from=times.valid_from[time],
            valid_until=times.valid_until[time],
            source=source,
            visibility=visibility,
            said_from=times.said_from[time],
            said_until=times.said_until[time],
        )
