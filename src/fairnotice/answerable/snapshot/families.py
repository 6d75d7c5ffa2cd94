"""All spans of one kind of number, and all names. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np

from fairnotice.answerable.names import registrable_names
from fairnotice.answerable.resources import Kind, Target
from fairnotice.answerable.snapshot.layers import (
    Layer,
    LongLayer,
    Loose,
    Numbers,
    Places,
    ShortLayer,
    WideLayer,
    packed,
)


class Family:
    """Spans of IPv4 addresses, IPv6 addresses or AS numbers: one layer with nearly all of them, further ones
    with those that cross, and for IPv6 those with ends inside a /64 (`long`).

    `odd` says for which numbers the further layers have to be asked, too. `bits` is the width of the numbers
    that are sorted, `origin` what is taken off a target's numbers.
    """

    def __init__(self, bits: int, origin: int) -> None:
        self.bits, self.origin = bits, origin
        nothing = np.empty(0, np.uint64)
        kind = ShortLayer if bits == 32 else WideLayer
        self.main: ShortLayer | WideLayer = kind(nothing, nothing, nothing, array("i"))
        self.layers: list[Layer | Loose] = []
        self.long: list[LongLayer | Loose] = []
        self.odd_start = self.odd_end = packed(nothing, bits)

    def add(self, layer: Layer | LongLayer | Loose, *, long: bool) -> None:
        """A further layer; the first that is not long is the main one."""
        if isinstance(layer, LongLayer) or (long and isinstance(layer, Loose)):
            self.long.append(layer)
        else:
            if isinstance(layer, ShortLayer | WideLayer) and not self.layers:
                self.main = layer
            self.layers.append(layer)

    def seal(self) -> None:
        """Note for which numbers more than the main layer counts."""
        spans = [layer.span(node) for layer in self.layers[1:] for node in range(layer.count)]
        for layer in self.long:
            spans += [(low >> 64, high >> 64) for low, high in map(layer.span, range(layer.count))]
        merged: list[list[int]] = []
        for low, high in sorted(spans):
            if merged and low <= merged[-1][1]:
                merged[-1][1] = max(high, merged[-1][1])
            else:
                merged.append([low, high])
        sides = np.array(merged, np.uint64).reshape(-1, 2)
        self.odd_start, self.odd_end = (packed(sides[:, side], self.bits) for side in (0, 1))

    def is_odd(self, number: int) -> bool:
        """Whether the further layers have to be asked, too, for a number as sorted."""
        at = bisect_right(self.odd_start, number) - 1
        return at >= 0 and number <= self.odd_end[at]

    def are_odd(self, numbers: Numbers) -> Numbers:
        """As `is_odd`, of many."""
        if not self.odd_start:
            return np.zeros(len(numbers), bool)
        starts, ends = (np.frombuffer(side, numbers.dtype) for side in (self.odd_start, self.odd_end))
        at = np.searchsorted(starts, numbers, "right")
        return (at > 0) & (ends[at - 1] >= numbers)

    def covering(self, target: Target) -> Iterator[int]:
        """The rows of all spans that hold all of the target."""
        start, end = target.start - self.origin, target.end - self.origin
        for long_layer in self.long:
            for node in long_layer.around(start, end):
                yield from long_layer.rows(node)
        shift = 64 if self.bits == 64 else 0
        for layer in self.layers:
            for node in layer.around(start >> shift, end >> shift):
                yield from layer.rows(node)

    def places(self) -> list[Layer | LongLayer | Loose]:
        """Its layers."""
        return [*self.layers, *self.long]

    def target(self, layer: Layer | LongLayer | Loose, node: int) -> Target:
        """The resource that a span of a layer is."""
        kind: Kind = "as" if self.bits == 32 and not self.origin else "ip"
        start, end = layer.span(node)
        if self.bits == 64 and not any(layer is one for one in self.long):
            start, end = start << 64, end << 64 | 2**64 - 1
        return Target(kind, start + self.origin, end + self.origin)


class Names(Places):
    """Domains and servers by name."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        self.names = names
        self.number = {name: i for i, name in enumerate(names)}
        self.count = len(names)

    def covering(self, target: Target) -> Iterator[int]:
        """The rows of the name and those above it, up to the public suffix."""
        for name in registrable_names(target.name):
            for kind in ("domain", "server"):
                node = self.number.get((kind, name))
                if node is not None:
                    yield from self.rows(node)
