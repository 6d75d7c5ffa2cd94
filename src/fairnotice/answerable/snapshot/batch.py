"""Many addresses at once, with numpy: what `quick` finds for one, found for all of them together. Pure."""

from __future__ import annotations

import socket
from array import array
from collections.abc import Sequence
from itertools import repeat
from socket import AF_INET, AF_INET6

import numpy as np

from fairnotice.answerable.resources import V4_FIRST
from fairnotice.answerable.snapshot.columns import ASK, Columns
from fairnotice.answerable.snapshot.families import Family
from fairnotice.answerable.snapshot.layers import Layer, Numbers
from fairnotice.answerable.snapshot.quick import NOBODY
from fairnotice.answerable.snapshot.rows import NOW
from fairnotice.answerable.snapshot.snapshot import Snapshot


def nearest_texts(snapshot: Snapshot, texts: Sequence[str], day: int, known: int = NOW) -> Numbers:
    """For each text the row of the delegation nearest to that address, NOBODY, or ASK, also where it is not
    one address written plainly. `day` is an ordinal, `known` a moment of `rows`."""
    try:
        return nearest_v4(snapshot, np.frombuffer(_v4(texts), ">u4").astype(np.uint32), day, known)
    except (OSError, ValueError):
        pass
    # Not IPv4 alone: first by what it looks like, then, where that was wrong, one by one.
    is_long = np.array([":" in text for text in texts], bool)
    found = np.full(len(texts), ASK, np.int64)
    places = np.flatnonzero(~is_long)
    packed, good = _each(AF_INET, [texts[i] for i in places.tolist()], 4)
    found[places[good]] = nearest_v4(snapshot, np.frombuffer(packed, ">u4").astype(np.uint32), day, known)
    places = np.flatnonzero(is_long)
    packed, good = _each(AF_INET6, [texts[i] for i in places.tolist()], 16)
    words = np.frombuffer(packed, ">u8").astype(np.uint64).reshape(-1, 2)
    found[places[good]] = nearest_v6(snapshot, words[:, 0], words[:, 1], day, known)
    return found


def nearest_v4(snapshot: Snapshot, numbers: Numbers, day: int, known: int = NOW) -> Numbers:
    """As `nearest_texts`, for IPv4 addresses as numbers of type uint32."""
    return _nearest(snapshot, snapshot.v4, numbers, day, known)


def nearest_v6(snapshot: Snapshot, upper: Numbers, lower: Numbers, day: int, known: int = NOW) -> Numbers:
    """As `nearest_texts`, for IPv6 addresses in two halves of type uint64."""
    found = _nearest(snapshot, snapshot.v6, upper, day, known)
    mapped = np.flatnonzero((upper == 0) & (lower >> np.uint64(32) == V4_FIRST >> 32))
    if len(mapped):
        found[mapped] = nearest_v4(snapshot, lower[mapped].astype(np.uint32), day, known)
    return found


def _v4(texts: Sequence[str]) -> bytes:
    return b"".join(map(socket.inet_pton, repeat(AF_INET), texts))


def _each(family: int, texts: Sequence[str], size: int) -> tuple[bytes, Numbers]:
    """Their bytes, and which of them are addresses."""
    pton = socket.inet_pton
    try:
        return b"".join(map(pton, repeat(family), texts)), np.ones(len(texts), bool)
    except (OSError, ValueError):
        pass
    parts, good = [], np.zeros(len(texts), bool)
    for i, text in enumerate(texts):
        try:
            parts.append(pton(family, text))
        except (OSError, ValueError):
            continue
        good[i] = True
    return b"".join(parts), good


def _nearest(snapshot: Snapshot, family: Family, numbers: Numbers, day: int, known: int) -> Numbers:
    layer, columns = family.main, snapshot.columns
    found = np.full(len(numbers), NOBODY, np.int64)
    if layer.count and len(numbers):
        held, time = _held(snapshot, day, known), np.frombuffer(columns.time, np.uint32)
        parents = np.frombuffer(layer.parent, np.int32)
        nodes = layer.locate_many(numbers)
        left = np.flatnonzero(nodes >= 0)
        while len(left):
            here = nodes[left]
            if layer.first is None:
                rows = layer.base + here
                holds = held[time[rows]]
            else:
                rows, holds = _one_of(layer, here, columns, held)
            found[left[holds]] = rows[holds]
            left, here = left[~holds], here[~holds]
            nodes[left] = parents[here]
            left = left[nodes[left] >= 0]
    found[family.are_odd(numbers)] = ASK
    return found


def _held(snapshot: Snapshot, day: int, known: int) -> Numbers:
    """For each of the times whether it holds that day and moment."""
    times = snapshot.columns.times
    since, until = (np.frombuffer(each, np.int32) for each in (times.valid_from, times.valid_until))
    said, unsaid = (np.frombuffer(each, np.int64) for each in (times.said_from, times.said_until))
    return (since <= day) & (day < until) & (said <= known) & (known < unsaid)


def _one_of(layer: Layer, nodes: Numbers, columns: Columns, held: Numbers) -> tuple[Numbers, Numbers]:
    """The one row of each span that was so, or ASK where several were; and whether any was."""
    first = np.frombuffer(layer.first or array("I", [0]), np.uint32)
    time = np.frombuffer(columns.time, np.uint32)
    low = first[nodes].astype(np.int64)
    many = first[nodes + 1] - low
    rows, holds = np.full(len(nodes), NOBODY, np.int64), np.zeros(len(nodes), bool)
    for further in range(int(many.max())):
        some = np.flatnonzero(many > further)
        candidates = layer.base + low[some] + further
        good = held[time[candidates]]
        some, candidates = some[good], candidates[good]
        rows[some] = np.where(holds[some], ASK, candidates)
        holds[some] = True
    return rows, holds
