"""Single addresses, of which a register is asked most: who is nearest, and the rows above, in microseconds.

What the two functions find out stands in the columns already; where a rule has to be asked (crossing spans,
several delegations of one range on one day, a giver who is not known to hold it) they answer ASK. Pure.
"""

from __future__ import annotations

import socket
from bisect import bisect_right
from collections.abc import Callable
from socket import AF_INET, AF_INET6

from fairnotice.answerable.resources import V4_FIRST, V4_LAST
from fairnotice.answerable.snapshot.columns import ASK, Columns
from fairnotice.answerable.snapshot.families import Family

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
        self.nearest = _nearest(v4, columns, self.nearest_number)
        self.trail_from = _trail_from(columns)
        self.trail = _trail(self.nearest, self.trail_from)


def _nearest(
    v4: Family, columns: Columns, nearest_number: Callable[[int, int], int]
) -> Callable[[str, int], int]:
    # Names of an enclosing function are read quicker than attributes, and this runs a million times.
    pton, word = socket.inet_pton, int.from_bytes
    start, end, parent, jump = v4.main.start, v4.main.end, v4.main.parent, v4.main.jump
    shift, base = v4.main.shift, v4.main.base
    simple = v4.main.first is None and not v4.odd_start
    term, since, until = columns.term, columns.terms.now_from, columns.terms.now_until

    def nearest(text: str, day: int) -> int:
        try:
            number = word(pton(AF_INET, text), "big")
        except (OSError, ValueError):
            try:
                return nearest_number(word(pton(AF_INET6, text), "big"), day)
            except (OSError, ValueError):
                return ASK
        if not simple:
            return nearest_number(V4_FIRST + number, day)
        bucket = number >> shift
        node = bisect_right(start, number, jump[bucket], jump[bucket + 1]) - 1
        while node >= 0:
            if end[node] >= number:
                which = term[base + node]
                if since[which] <= day < until[which]:
                    return base + node
            node = parent[node]
        return NOBODY

    return nearest


def _nearest_number(v4: Family, v6: Family, columns: Columns) -> Callable[[int, int], int]:
    in_v4, in_v6 = _climb(v4, columns), _climb(v6, columns)

    def nearest_number(number: int, day: int) -> int:
        if V4_FIRST <= number <= V4_LAST:
            number -= V4_FIRST
            return ASK if v4.is_odd(number) else in_v4(v4.main.locate(number), number, day)
        number >>= 64
        return ASK if v6.is_odd(number) else in_v6(v6.main.locate(number), number, day)

    return nearest_number


def _climb(family: Family, columns: Columns) -> Callable[[int, int, int], int]:
    """From the narrowest span around a number (or one next to it) to the narrowest that was held."""
    layer = family.main
    end, parent, first, base = layer.end, layer.parent, layer.first, layer.base
    term, since, until = columns.term, columns.terms.now_from, columns.terms.now_until

    def climb(node: int, number: int, day: int) -> int:
        while node >= 0:
            if end[node] >= number:
                found = NOBODY
                low, high = (node, node + 1) if first is None else (first[node], first[node + 1])
                for row in range(base + low, base + high):
                    which = term[row]
                    if since[which] <= day < until[which]:
                        if found != NOBODY:
                            return ASK
                        found = row
                if found != NOBODY:
                    return found
            node = parent[node]
        return NOBODY

    return climb


def _trail_from(columns: Columns) -> Callable[[int], tuple[int, ...] | None]:
    above, holder = columns.above, columns.holder

    def trail_from(row: int) -> tuple[int, ...] | None:
        """The rows from this one up to the registry; None where a rule has to be asked."""
        rows = [row]
        over = above[row]
        while over >= 0:
            rows.append(over)
            over = above[over]
        if over == ASK:
            return None
        # Each organisation stands in a chain once.
        if len(rows) > 1 and len({holder[one] for one in rows}) < len(rows):
            return None
        return tuple(rows)

    return trail_from


def _trail(
    nearest: Callable[[str, int], int], trail_from: Callable[[int], tuple[int, ...] | None]
) -> Callable[[str, int], tuple[int, ...] | None]:
    def trail(text: str, day: int) -> tuple[int, ...] | None:
        row = nearest(text, day)
        if row >= 0:
            return trail_from(row)
        return () if row == NOBODY else None

    return trail
