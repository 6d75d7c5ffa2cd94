"""Single addresses, of which a register is asked most: who is nearest, and the rows above, in microseconds.

What the two functions find out stands in the columns already; where a rule has to be asked (crossing spans,
several delegations of one range on one day, a giver who is not known to hold it) they answer ASK. Pure.
"""

from __future__ import annotations

import socket
from array import array
from bisect import bisect_right
from collections.abc import Callable
from socket import AF_INET, AF_INET6

from fairnotice.answerable.resources import V4_FIRST, V4_LAST
from fairnotice.answerable.snapshot.columns import ASK, Columns
from fairnotice.answerable.snapshot.families import Family
from fairnotice.answerable.snapshot.layers import SEVERAL, ShortLayer, WideLayer

#: Nothing that holds the address was held on that day.
NOBODY = -2


class Quick:
    """`nearest(text, day)`: the row of the delegation nearest to an address as written, on a day, as known
    now; NOBODY; or ASK, also for all that is not one address written plainly.

    `nearest_number(number, day)`: the same for an address as a 128-bit integer, IPv4 in its mapped form.
    `trail(text, day)`: the rows from there up to the registry, () for nobody, None for ASK. The last row's
    `above` is TOP or GIVER.
    """

    __slots__ = ("nearest", "nearest_number", "trail", "trail_from")

    nearest: Callable[[str, int], int]
    nearest_number: Callable[[int, int], int]
    trail: Callable[[str, int], tuple[int, ...] | None]
    trail_from: Callable[[int], tuple[int, ...] | None]

    def __init__(self, v4: Family, v6: Family, columns: Columns) -> None:
        self.nearest_number = _nearest_number(v4, v6, columns)
        self.nearest = _nearest(v4, v6, columns, self.nearest_number)
        self.trail_from = _trail_from(columns)
        self.trail = _trail(self.nearest, self.trail_from, columns.above)


def _nearest(
    v4: Family, v6: Family, columns: Columns, nearest_number: Callable[[int, int], int]
) -> Callable[[str, int], int]:
    # Names of an enclosing function are read quicker than attributes, and this runs a million times.
    pton, word = socket.inet_pton, int.from_bytes
    layer, times = v4.main, columns.times
    start, parent, jump, shift, base = layer.start, layer.parent, layer.jump, layer.shift, layer.base
    info = layer.info if isinstance(layer, ShortLayer) else array("Q")
    first, simple = layer.first, not v4.odd_start
    long = _long(v6, columns, nearest_number)
    since, until = times.now_from, times.now_until

    def nearest(text: str, day: int) -> int:
        if ":" in text:
            return long(text, day)
        try:
            number = word(pton(AF_INET, text), "big")
        except (OSError, ValueError):
            return ASK
        if not simple:
            return nearest_number(V4_FIRST + number, day)
        bucket = number >> shift
        node = bisect_right(start, number, jump[bucket], jump[bucket + 1]) - 1
        while node >= 0:
            what = info[node]
            if what >> 32 >= number:
                when = what & SEVERAL
                if when == SEVERAL:
                    return nearest_number(V4_FIRST + number, day)
                if since[when] <= day < until[when]:
                    return base + (node if first is None else first[node])
            node = parent[node]
        return NOBODY

    return nearest


def _long(
    v6: Family, columns: Columns, nearest_number: Callable[[int, int], int]
) -> Callable[[str, int], int]:
    """The same for IPv6, by the upper half of the address."""
    pton, word = socket.inet_pton, int.from_bytes
    layer, times = v6.main, columns.times
    start, parent, jump, shift, base = layer.start, layer.parent, layer.jump, layer.shift, layer.base
    end, what = (layer.end, layer.when) if isinstance(layer, WideLayer) else (array("Q"), array("I"))
    first, simple = layer.first, not v6.odd_start
    since, until = times.now_from, times.now_until

    def long(text: str, day: int) -> int:
        try:
            packed = pton(AF_INET6, text)
        except (OSError, ValueError):
            return ASK
        number = word(packed[:8], "big")
        # Below 1 are those of IPv4 in the form of IPv6.
        if not simple or not number:
            return nearest_number(word(packed, "big"), day)
        bucket = number >> shift
        node = bisect_right(start, number, jump[bucket], jump[bucket + 1]) - 1
        while node >= 0:
            if end[node] >= number:
                when = what[node]
                if when == SEVERAL:
                    return nearest_number(number << 64, day)
                if since[when] <= day < until[when]:
                    return base + (node if first is None else first[node])
            node = parent[node]
        return NOBODY

    return long


def _nearest_number(v4: Family, v6: Family, columns: Columns) -> Callable[[int, int], int]:
    in_v4, in_v6 = _climb(v4, columns), _climb(v6, columns)

    def nearest_number(number: int, day: int) -> int:
        if V4_FIRST <= number <= V4_LAST:
            number -= V4_FIRST
            return ASK if v4.is_odd(number) else in_v4(v4.main.locate(number), day)
        number >>= 64
        return ASK if v6.is_odd(number) else in_v6(v6.main.locate(number), day)

    return nearest_number


def _climb(family: Family, columns: Columns) -> Callable[[int, int], int]:
    """From the narrowest span around a number to the narrowest that was held."""
    layer = family.main
    parent, first, base = layer.parent, layer.first, layer.base
    time, since, until = columns.time, columns.times.now_from, columns.times.now_until

    def climb(node: int, day: int) -> int:
        while node >= 0:
            found = NOBODY
            low, high = (node, node + 1) if first is None else (first[node], first[node + 1])
            for row in range(base + low, base + high):
                when = time[row]
                if since[when] <= day < until[when]:
                    if found != NOBODY:
                        return ASK
                    found = row
            if found != NOBODY:
                return found
            node = parent[node]
        return NOBODY

    return climb


def _trail_from(columns: Columns) -> Callable[[int], tuple[int, ...] | None]:
    above = columns.above

    def trail_from(row: int) -> tuple[int, ...] | None:
        """The rows from this one up to the registry; None where a rule has to be asked."""
        over = above[row]
        if over < ASK:
            return (row,)
        rows = [row]
        while over >= 0:
            rows.append(over)
            over = above[over]
        return None if over == ASK else tuple(rows)

    return trail_from


def _trail(
    nearest: Callable[[str, int], int],
    trail_from: Callable[[int], tuple[int, ...] | None],
    above: array[int],
) -> Callable[[str, int], tuple[int, ...] | None]:
    def trail(text: str, day: int) -> tuple[int, ...] | None:
        row = nearest(text, day)
        if row < 0:
            return () if row == NOBODY else None
        # Most chains are as short as this.
        return (row,) if above[row] < ASK else trail_from(row)

    return trail
