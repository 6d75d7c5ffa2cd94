"""Single addresses, of which a register is asked most: who is nearest, and the rows above, in microseconds.

What the functions find out stands in the columns already; where a rule has to be asked (crossing spans,
several delegations of one range on one day, a giver who is not known to hold it) they answer ASK. Pure.

They are written for speed, and each habit here was measured (`python3 dev.py bench answerable speed`): names
of an enclosing function are read quicker than attributes, a call costs as much as a step of the search, and
`socket`'s names of families are turned into numbers anew with each call. So the search stands four times,
for two lengths of address and two questions; the property tests hold all of them to one oracle.
"""

from __future__ import annotations

import socket
from bisect import bisect_right
from collections.abc import Callable
from struct import Struct

from fairnotice.answerable.resources import V4_FIRST, V4_LAST
from fairnotice.answerable.snapshot.columns import ASK, Columns
from fairnotice.answerable.snapshot.families import Family
from fairnotice.answerable.snapshot.layers import (
    ALONE,
    DAYS,
    FIRST_DAY,
    SEVERAL,
    STEP,
    ShortLayer,
    WideLayer,
)

#: Nothing that holds the address was held on that day.
NOBODY = -2
_SHORT, _LONG = int(socket.AF_INET), int(socket.AF_INET6)
_UPPER = Struct(">Q8x")
_LOW = 2**32 - 1
Trail = tuple[int, ...] | None


class Quick:
    """`nearest(text, day)`: the row of the delegation nearest to an address as written, on a day, as known
    now; NOBODY; or ASK, also for all that is not one address written plainly.

    `nearest_number(number, day)`: the same for an address as a 128-bit integer, IPv4 in its mapped form.
    `trail(text, day)`: the rows from there up to the registry, () for nobody, None for ASK. The last row's
    `above` is TOP or GIVER. `trail_from(row)`: the same from a row on.
    """

    __slots__ = ("nearest", "nearest_number", "trail", "trail_from")

    nearest: Callable[[str, int], int]
    nearest_number: Callable[[int, int], int]
    trail: Callable[[str, int], Trail]
    trail_from: Callable[[int], Trail]

    def __init__(self, v4: Family, v6: Family, columns: Columns) -> None:
        self.nearest_number = _nearest_number(v4, v6, columns)
        self.nearest = _nearest(v4, v6, columns, self.nearest_number)
        self.trail_from = _trail_from(columns)
        self.trail = _trail(v4, v6, columns, self.nearest_number, self.trail_from)


def _nearest(
    v4: Family, v6: Family, columns: Columns, nearest_number: Callable[[int, int], int]
) -> Callable[[str, int], int]:
    pton, word, upper = socket.inet_pton, int.from_bytes, _UPPER.unpack
    layer, long = _mains(v4, v6)
    start, parent, jump, shift, info = layer.start, layer.parent, layer.jump, layer.shift, layer.info
    base, first, simple = layer.base, layer.first, not v4.odd_start
    start6, parent6, end6, when6, sample = long.start, long.parent, long.end, long.when, long.sample
    base6, first6, simple6 = long.base, long.first, not v6.odd_start
    size, size6, step = len(jump) - 1, long.count, STEP
    origin, most, several = FIRST_DAY, DAYS, SEVERAL

    def nearest(text: str, day: int) -> int:
        if ":" in text:
            try:
                packed = pton(_LONG, text)
            except (OSError, ValueError):
                return ASK
            (number,) = upper(packed)
            # Below 1 are those of IPv4 in the form of IPv6.
            if not simple6 or not number:
                return nearest_number(word(packed, "big"), day)
            behind = bisect_right(sample, number) * step
            if behind > size6:
                node = bisect_right(start6, number, behind - step) - 1
            else:
                node = bisect_right(start6, number, behind - step if behind else 0, behind) - 1
            day -= origin
            while node >= 0:
                if end6[node] >= number:
                    what = when6[node]
                    if (what >> 15 & most) <= day < (what & most):
                        if what & several:
                            return nearest_number(number << 64, day + origin)
                        return base6 + (node if first6 is None else first6[node])
                node = parent6[node]
            return NOBODY if 0 <= day < most else nearest_number(number << 64, day + origin)
        try:
            number = word(pton(_SHORT, text), "big")
        except (OSError, ValueError):
            return ASK
        if not simple:
            return nearest_number(V4_FIRST + number, day)
        bucket = number >> shift
        if bucket >= size:
            bucket = size - 1
        node = bisect_right(start, number, jump[bucket], jump[bucket + 1]) - 1
        day -= origin
        while node >= 0:
            what = info[node]
            if what >> 32 >= number and (what >> 15 & most) <= day < (what & most):
                if what & several:
                    return nearest_number(V4_FIRST + number, day + origin)
                return base + (node if first is None else first[node])
            node = parent[node]
        return NOBODY if 0 <= day < most else nearest_number(V4_FIRST + number, day + origin)

    return nearest


def _trail(
    v4: Family,
    v6: Family,
    columns: Columns,
    nearest_number: Callable[[int, int], int],
    trail_from: Callable[[int], Trail],
) -> Callable[[str, int], Trail]:
    """As `_nearest`; most trails are one row, which is known before `above` is read."""
    pton, word, upper = socket.inet_pton, int.from_bytes, _UPPER.unpack
    layer, long = _mains(v4, v6)
    start, parent, jump, shift, info = layer.start, layer.parent, layer.jump, layer.shift, layer.info
    base, first, simple = layer.base, layer.first, not v4.odd_start
    start6, parent6, end6, when6, sample = long.start, long.parent, long.end, long.when, long.sample
    base6, first6, simple6 = long.base, long.first, not v6.odd_start
    size, size6, step = len(jump) - 1, long.count, STEP
    origin, most, several = FIRST_DAY, DAYS, SEVERAL
    alone = ALONE

    def of_number(number: int, day: int) -> Trail:
        row = nearest_number(number, day)
        return trail_from(row) if row >= 0 else () if row == NOBODY else None

    def trail(text: str, day: int) -> Trail:
        if ":" in text:
            try:
                packed = pton(_LONG, text)
            except (OSError, ValueError):
                return None
            (number,) = upper(packed)
            if not simple6 or not number:
                return of_number(word(packed, "big"), day)
            behind = bisect_right(sample, number) * step
            if behind > size6:
                node = bisect_right(start6, number, behind - step) - 1
            else:
                node = bisect_right(start6, number, behind - step if behind else 0, behind) - 1
            day -= origin
            while node >= 0:
                if end6[node] >= number:
                    what = when6[node]
                    if (what >> 15 & most) <= day < (what & most):
                        if what & several:
                            return of_number(number << 64, day + origin)
                        row = base6 + (node if first6 is None else first6[node])
                        return (row,) if what & alone else trail_from(row)
                node = parent6[node]
            return () if 0 <= day < most else of_number(number << 64, day + origin)
        try:
            number = word(pton(_SHORT, text), "big")
        except (OSError, ValueError):
            return None
        if not simple:
            return of_number(V4_FIRST + number, day)
        bucket = number >> shift
        if bucket >= size:
            bucket = size - 1
        node = bisect_right(start, number, jump[bucket], jump[bucket + 1]) - 1
        day -= origin
        while node >= 0:
            what = info[node]
            if what >> 32 >= number and (what >> 15 & most) <= day < (what & most):
                if what & several:
                    return of_number(V4_FIRST + number, day + origin)
                row = base + (node if first is None else first[node])
                return (row,) if what & alone else trail_from(row)
            node = parent[node]
        return () if 0 <= day < most else of_number(V4_FIRST + number, day + origin)

    return trail


def _mains(v4: Family, v6: Family) -> tuple[ShortLayer, WideLayer]:
    short, wide = v4.main, v6.main
    if not isinstance(short, ShortLayer) or not isinstance(wide, WideLayer):
        raise TypeError("IPv4 has short numbers, IPv6 wide ones")
    return short, wide


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
    time, now = columns.time, columns.times.now

    def climb(node: int, day: int) -> int:
        while node >= 0:
            found = NOBODY
            low, high = (node, node + 1) if first is None else (first[node], first[node + 1])
            for row in range(base + low, base + high):
                held = now[time[row]]
                if held >> 32 <= day < held & _LOW:
                    if found != NOBODY:
                        return ASK
                    found = row
            if found != NOBODY:
                return found
            node = parent[node]
        return NOBODY

    return climb


def _trail_from(columns: Columns) -> Callable[[int], Trail]:
    above = columns.above

    def trail_from(row: int) -> Trail:
        """The rows from this one up to the registry; None where a rule has to be asked."""
        over = above[row]
        if over < ASK:
            return (row,)
        if over == ASK:
            return None
        top = above[over]
        if top < ASK:
            return row, over
        rows = [row, over]
        while top >= 0:
            rows.append(top)
            top = above[top]
        return None if top == ASK else tuple(rows)

    return trail_from
