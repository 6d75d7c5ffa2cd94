"""What a resource spans, as two byte strings: containment and overlap are comparisons of bytes, in every
database.

A span is (low, high), both included. The first byte parts the kinds. Addresses and numbers follow in
network order. A name follows with its labels reversed, each ended by a zero byte, which sorts before all
that a label can hold; all names below it lie between it and itself with a byte 0xff behind. A server is
one name alone. Pure.
"""

from __future__ import annotations

from typing import NamedTuple

from fairnotice.answerable.resources import V4_FIRST, Target


class Span(NamedTuple):
    """Both ends belong to it."""

    low: bytes
    high: bytes

    def holds(self, other: Span) -> bool:
        """Whether all of `other` lies in it."""
        return self.low <= other.low and other.high <= self.high

    def meets(self, other: Span) -> bool:
        """Whether the two have anything in common."""
        return self.low <= other.high and other.low <= self.high


def span_of(target: Target) -> Span:
    """The span of an address range, AS range, domain or server. IPv4 and IPv6 never lie in one another."""
    if target.kind == "as":
        return Span(b"a" + target.start.to_bytes(4, "big"), b"a" + target.end.to_bytes(4, "big"))
    if target.kind == "ip":
        if target.is_v4:
            start, end = target.start - V4_FIRST, target.end - V4_FIRST
            return Span(b"4" + start.to_bytes(4, "big"), b"4" + end.to_bytes(4, "big"))
        return Span(b"6" + target.start.to_bytes(16, "big"), b"6" + target.end.to_bytes(16, "big"))
    labels = reversed(target.name.encode("ascii").split(b"."))
    name = b"n" + b"".join(label + b"\0" for label in labels)
    return Span(name, name if target.kind == "server" else name + b"\xff")


def target_of_span(low: bytes, high: bytes) -> Target:
    """The target whose span this is: `span_of` read backwards. Raises ValueError where it is none."""
    kind, start, end = low[:1], low[1:], high[1:]
    if kind == b"4":
        return Target("ip", V4_FIRST + int.from_bytes(start, "big"), V4_FIRST + int.from_bytes(end, "big"))
    if kind == b"6":
        return Target("ip", int.from_bytes(start, "big"), int.from_bytes(end, "big"))
    if kind == b"a":
        return Target("as", int.from_bytes(start, "big"), int.from_bytes(end, "big"))
    if kind != b"n":
        raise ValueError("not a span")
    name = ".".join(reversed(start[:-1].decode("ascii").split("\0")))
    return Target("server" if low == high else "domain", name=name)
