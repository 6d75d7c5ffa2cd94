"""Every one of a million look-ups, single and in batches, beside pytricia."""

from __future__ import annotations

import socket

import numpy as np

from bench.answerable.data import Entry
from bench.answerable.peer import Peer
from fairnotice.answerable.snapshot.batch import nearest_texts
from fairnotice.answerable.snapshot.snapshot import Snapshot

Questions = dict[int, list[str]]


class Disagreement(Exception):
    """The message names the first address on which the two differ."""


def check(snapshot: Snapshot, register: list[Entry], questions: Questions, day: int) -> tuple[int, int]:
    """How many look-ups gave the same as a tree made for that day, and how many of them found somebody.
    Raises Disagreement."""
    peer, pks = Peer(register, day), snapshot.columns.pk
    many = found = 0
    for version, texts in questions.items():
        tree, nearest = peer.tree(version), snapshot.quick.nearest
        batch = nearest_texts(snapshot, texts, day).tolist()
        for text, together in zip(texts, batch, strict=True):
            wanted = tree.get(text)
            row = nearest(text, day)
            if row != together or (pks[row] if row >= 0 else None) != wanted:
                raise Disagreement(f"{text}: {row} alone, {together} in a batch, entry {wanted} in pytricia")
            many += 1
            found += wanted is not None
    return many, found


def check_chains(snapshot: Snapshot, peer: Peer, questions: Questions, day: int, many: int) -> int:
    """Of so many addresses of each version, that all rows of their chains are among pytricia's prefixes
    around them, the same one first. How many rows that were. Raises Disagreement."""
    rows = 0
    for version, texts in questions.items():
        for text in texts[:many]:
            trail = snapshot.quick.trail(text, day)
            around = peer.chain(version, text)
            ours = [] if trail is None else [snapshot.columns.pk[row] for row in trail]
            if trail is None or ours[:1] != around[:1] or not set(ours) <= set(around):
                raise Disagreement(f"{text}: the chain {ours}, in pytricia {around}")
            rows += len(ours)
    return rows


def as_integers(texts: list[str]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """Addresses of IPv4 as numbers."""
    packed = b"".join(socket.inet_pton(socket.AF_INET, text) for text in texts)
    return np.frombuffer(packed, ">u4").astype(np.uint32)
