"""Spans of numbers that lie in one another or apart, sorted, each with the narrowest one around it. Pure.

A span that crosses another one goes to a further layer. Both ends of a span belong to it. The rows of the
spans of a layer stand together in the columns, in the order of the spans, from `base` on; where each span has
one row, a span's number and its row's differ by `base` alone.

Numbers stand in `array`s, which hold four or eight bytes each and which `bisect` reads quicker than it reads
numpy's; numpy works on the same memory for batches.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

LAYERS, STEP = 32, 32
#: Bits in `when`: the span has several rows, and each has to be looked at; nothing is above the span's only
#: row, whatever the day.
SEVERAL, ALONE = 2**30, 2**31
#: The days that `when` can tell apart: from 1980, before there were any delegations, to 2069.
FIRST_DAY, DAYS = 722_815, 2**15 - 1
Numbers = np.ndarray[Any, np.dtype[Any]]


class Places:
    """Where the rows of numbered spans are."""

    base = 0
    first: array[int] | None = None
    count = 0

    def place(self, base: int, rows: Numbers) -> int:
        """Take rows from `base` on, so many for each span; the number of the next free row."""
        self.base = base
        if np.any(rows != 1):
            self.first = packed(np.concatenate(([0], np.cumsum(rows))), 32)
        return base + int(rows.sum())

    def rows(self, node: int) -> range:
        """The rows of a span."""
        if self.first is None:
            return range(self.base + node, self.base + node + 1)
        return range(self.base + self.first[node], self.base + self.first[node + 1])

    def node(self, row: int) -> int:
        """The span that a row is about."""
        return row - self.base if self.first is None else bisect_right(self.first, row - self.base) - 1


class Layer(Places, ABC):
    """Spans of one-word numbers. `when` says of each on which days its only row is so (`days`), or SEVERAL;
    ALONE is added to it by `mark`.

    `bits` is the width of a word.
    """

    def __init__(self, bits: int, start: Numbers, parent: array[int]) -> None:
        self.start, self.parent, self.count = packed(start, bits), parent, len(start)

    @abstractmethod
    def before(self, number: int) -> int:
        """The last span that does not begin behind the number; -1: none."""

    @abstractmethod
    def last(self, node: int) -> int:
        """The end of a span."""

    @abstractmethod
    def lasts(self, nodes: Numbers) -> Numbers:
        """The ends of spans."""

    @abstractmethod
    def whens(self, nodes: Numbers) -> Numbers:
        """`when` of spans."""

    @abstractmethod
    def mark(self, alone: Numbers) -> None:
        """Note for each span whether it has one row and nothing is above it. Before the first question."""

    def locate(self, number: int) -> int:
        """The narrowest span with that number in it; -1: none."""
        node = self.before(number)
        while node >= 0 and self.last(node) < number:
            node = self.parent[node]
        return node

    def locate_many(self, numbers: Numbers) -> Numbers:
        """As `locate`, of many."""
        # Sorted questions meet the sorted spans in order, which the processor's cache rewards.
        order = np.argsort(numbers)
        asked = numbers[order]
        nodes = np.searchsorted(np.frombuffer(self.start, asked.dtype), asked, "right") - 1
        parents = np.frombuffer(self.parent, np.int32)
        left = np.flatnonzero(nodes >= 0)
        while len(left := left[self.lasts(nodes[left]) < asked[left]]):
            nodes[left] = parents[nodes[left]]
            left = left[nodes[left] >= 0]
        found = np.empty_like(nodes)
        found[order] = nodes
        return found

    def around(self, start: int, end: int) -> Iterator[int]:
        """All spans that hold both numbers and all between, from the narrowest."""
        node = self.locate(start)
        while node >= 0:
            if self.last(node) >= end:
                yield node
            node = self.parent[node]

    def span(self, node: int) -> tuple[int, int]:
        """Its two ends."""
        return self.start[node], self.last(node)


class ShortLayer(Layer):
    """Of addresses of IPv4, of numbers of AS. The end and `when` of a span stand in one word, since reading
    from memory costs more than taking them apart: in its upper and its lower half. `jump` says between which
    spans the search for a number begins, by its upper bits; past the table's end are only numbers behind the
    last start."""

    def __init__(self, start: Numbers, end: Numbers, when: Numbers, parent: array[int]) -> None:
        super().__init__(32, start, parent)
        last, longest = self.start[-1] if self.start else 0, 1 << min(18, len(start).bit_length())
        self.shift = max(0, last.bit_length() - longest.bit_length() + 1)
        edges = np.arange((last >> self.shift) + 1, dtype=np.uint64) << np.uint64(self.shift)
        jumps = np.searchsorted(start.astype(np.uint64), edges)
        self.jump = packed(np.concatenate((jumps, [len(start)])), 32)
        self.info = packed(end.astype(np.uint64) << np.uint64(32) | when.astype(np.uint64), 64)

    def before(self, number: int) -> int:
        bucket = min(number >> self.shift, len(self.jump) - 2)
        return bisect_right(self.start, number, self.jump[bucket], self.jump[bucket + 1]) - 1

    def last(self, node: int) -> int:
        return self.info[node] >> 32

    def lasts(self, nodes: Numbers) -> Numbers:
        return (np.frombuffer(self.info, np.uint64)[nodes] >> np.uint64(32)).astype(np.uint32)

    def whens(self, nodes: Numbers) -> Numbers:
        return np.frombuffer(self.info, np.uint64)[nodes].astype(np.uint32)

    def mark(self, alone: Numbers) -> None:
        info = numbers_of(self.info)
        info |= alone.astype(np.uint64) * np.uint64(ALONE)


class WideLayer(Layer):
    """Of the upper halves of addresses of IPv6. All of the Internet begins with the same bits, so that a
    table by these would stand empty: `sample` has the start of each STEP-th span instead, as a list, which is
    searched quicker than the array is."""

    def __init__(self, start: Numbers, end: Numbers, when: Numbers, parent: array[int]) -> None:
        super().__init__(64, start, parent)
        self.sample = list(self.start[::STEP])
        self.end, self.when = packed(end, 64), packed(when, 32)

    def before(self, number: int) -> int:
        behind = bisect_right(self.sample, number) * STEP
        return bisect_right(self.start, number, max(behind - STEP, 0), min(behind, self.count)) - 1

    def last(self, node: int) -> int:
        return self.end[node]

    def lasts(self, nodes: Numbers) -> Numbers:
        return np.frombuffer(self.end, np.uint64)[nodes]

    def whens(self, nodes: Numbers) -> Numbers:
        return np.frombuffer(self.when, np.uint32)[nodes]

    def mark(self, alone: Numbers) -> None:
        when = numbers_of(self.when)
        when |= alone.astype(np.uint32) * np.uint32(ALONE)


class LongLayer(Places):
    """The same for numbers of two words: spans of IPv6 addresses that do not begin and end with a /64."""

    def __init__(self, start: Sequence[int], end: Sequence[int], parent: array[int]) -> None:
        self.upper = array("Q", [number >> 64 for number in start])
        self.lower = array("Q", [number & (2**64 - 1) for number in start])
        self.end_upper = array("Q", [number >> 64 for number in end])
        self.end_lower = array("Q", [number & (2**64 - 1) for number in end])
        self.parent, self.count = parent, len(start)

    def locate(self, number: int) -> int:
        """The narrowest span with that number in it; -1: none."""
        upper, lower = number >> 64, number & (2**64 - 1)
        first = bisect_left(self.upper, upper)
        node = bisect_right(self.lower, lower, first, bisect_right(self.upper, upper, first)) - 1
        while node >= 0 and (self.end_upper[node], self.end_lower[node]) < (upper, lower):
            node = self.parent[node]
        return node

    def around(self, start: int, end: int) -> Iterator[int]:
        """All spans that hold both numbers and all between, from the narrowest."""
        node = self.locate(start)
        while node >= 0:
            if self.span(node)[1] >= end:
                yield node
            node = self.parent[node]

    def span(self, node: int) -> tuple[int, int]:
        """Its two ends."""
        return (
            self.upper[node] << 64 | self.lower[node],
            self.end_upper[node] << 64 | self.end_lower[node],
        )


class Loose(Places):
    """Spans that cross each other too often for layers; all of them are looked at."""

    def __init__(self, start: Sequence[int], end: Sequence[int]) -> None:
        self.start, self.end, self.count = list(start), list(end), len(start)

    def locate(self, number: int) -> int:
        """Any span with that number in it; -1: none."""
        return next(self.around(number, number), -1)

    def around(self, start: int, end: int) -> Iterator[int]:
        """All spans that hold both numbers and all between."""
        for node in range(bisect_right(self.start, start)):
            if self.end[node] >= end:
                yield node

    def span(self, node: int) -> tuple[int, int]:
        """Its two ends."""
        return self.start[node], self.end[node]


def nest(start: Iterable[int], end: Iterable[int]) -> tuple[Numbers, array[int], Numbers]:
    """Of spans sorted by start, then the wider first: those that do not cross, their parents (numbers among
    those), and the others."""
    kept, parent, crossing = array("I"), array("i"), array("I")
    open_ends: list[int] = []
    open_nodes: list[int] = []
    for i, (low, high) in enumerate(zip(start, end, strict=True)):
        while open_ends and open_ends[-1] < low:
            open_ends.pop()
            open_nodes.pop()
        if open_ends and open_ends[-1] < high:
            crossing.append(i)
            continue
        parent.append(open_nodes[-1] if open_nodes else -1)
        open_ends.append(high)
        open_nodes.append(len(kept))
        kept.append(i)
    return numbers_of(kept), parent, numbers_of(crossing)


def days(since: Numbers, until: Numbers, said: Numbers) -> Numbers:
    """Of rows `valid_from` and `valid_until`, as two numbers of 15 bits, counted from FIRST_DAY on; no day
    for what is no longer said. What lies before or behind is cut to the first or the last of those days, and
    right for all days between."""
    low, high = (np.clip(side.astype(np.int64) - FIRST_DAY, 0, DAYS) for side in (since, until))
    return np.where(said, low << 15 | high, DAYS << 15).astype(np.uint32)


def numbers_of(numbers: array[int]) -> Numbers:
    """The same memory for numpy."""
    kind = np.dtype(numbers.typecode)
    return np.frombuffer(numbers, kind) if numbers else np.empty(0, kind)


def packed(numbers: Numbers, bits: int | None = None) -> array[int]:
    """The numbers (none below 0) in as few bytes as hold them all, or in so many bits."""
    if bits is None:
        most = int(numbers.max()) if len(numbers) else 0
        bits = 8 if most < 2**8 else 32 if most < 2**32 else 64
    if bits == 8:
        return array("B", numbers.astype(np.uint8).tobytes())
    if bits == 32:
        return array("I", numbers.astype(np.uint32).tobytes())
    return array("Q", numbers.astype(np.uint64).tobytes())
