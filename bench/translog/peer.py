"""Append, proof and verification in memory beside pymerkle, a Merkle tree library in Python (CPU seconds).

pymerkle is asked through its public interface alone. Both sides append the same entries and give the root
after each thousand; pymerkle takes them one by one (its call for many is not quicker in memory). Both make
and check proofs for the same random entries, with warm caches. Ours makes the bytes of all tiles and bundles
as well, and its proofs come from these tiles.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any

import pymerkle

from fairnotice.translog import merkle
from fairnotice.translog.frontier import Frontier
from fairnotice.translog.prover import Prover
from fairnotice.translog.tilepaths import parse_tile_path

SIZE = 100_000
_STEP = 1000
_PROOFS = 2000
AIMS = {"append": 8.0, "proof": 3.0, "verification": 1.0}


Job = Callable[["Ours | Peer", Any], None]


def _turns(sides: Sequence[Ours | Peer], pieces: Sequence[list[Any]], job: Job) -> tuple[float, float]:
    """Both sides' rate per second of processor time; they take turns, piece by piece."""
    spent = [0.0, 0.0]
    for piece in pieces:
        for side in (0, 1):
            start = time.process_time()
            job(sides[side], piece)
            spent[side] += time.process_time() - start
    count = sum(map(len, pieces))
    return count / spent[0], count / spent[1]


class Ours:
    """A log whose tiles are kept in a dictionary instead of a folder."""

    def __init__(self, entries: list[bytes]) -> None:
        self._entries = entries
        self._files: dict[str, bytes] = {}
        self._frontier = Frontier()
        self._prover = Prover(lambda tile: self._files.get(tile.path))

    def append(self, entries: list[bytes]) -> None:
        """More entries, and the root."""
        self._frontier, files = self._frontier.grow(entries)
        self._files.update(files)
        self.root = self._frontier.root()

    def prove(self, indexes: list[int]) -> None:
        """Inclusion proofs."""
        size = len(self._entries)
        self._proofs = [self._prover.inclusion(index, size) for index in indexes]

    def verify(self, indexes: list[int]) -> None:
        """Check them against the root; raises where one is wrong."""
        size = len(self._entries)
        for index, proof in zip(indexes, self._proofs, strict=True):
            leaf = merkle.leaf_hash(self._entries[index])
            merkle.verify_inclusion(index, size, leaf, proof, self.root)

    def check(self) -> None:
        """The tiles are those of the tree: a look at the last."""
        last = max((parse_tile_path(path) for path in self._files), key=lambda tile: (tile.level, tile.width))
        if last.end() > len(self._entries):
            raise RuntimeError("the tiles are of another tree")


class Peer:
    """The same with pymerkle's tree in memory; it counts entries from 1."""

    def __init__(self, entries: list[bytes]) -> None:
        self._entries = entries
        self._tree: Any = pymerkle.InmemoryTree(algorithm="sha256")

    def append(self, entries: list[bytes]) -> None:
        """More entries, and the root."""
        for entry in entries:
            self._tree.append_entry(entry)
        self.root = self._tree.get_root()

    def prove(self, indexes: list[int]) -> None:
        """Inclusion proofs."""
        self._proofs = [self._tree.prove_inclusion(index + 1) for index in indexes]

    def verify(self, indexes: list[int]) -> None:
        """Check them against the root; raises where one is wrong."""
        for index, proof in zip(indexes, self._proofs, strict=True):
            pymerkle.verify_inclusion(self._tree.get_leaf(index + 1), self.root, proof)


def one_round(seed: int) -> dict[str, tuple[float, float]]:
    """What -> (our rate, theirs), measured one after the other."""
    chance = random.Random(seed)
    entries = [chance.randbytes(100) for _ in range(SIZE)]
    indexes = [chance.randrange(SIZE) for _ in range(_PROOFS)]
    ours, peer = Ours(entries), Peer(entries)
    sides = (ours, peer)
    steps = [entries[at : at + _STEP] for at in range(0, SIZE, _STEP)]
    found = {"append": _turns(sides, steps, lambda side, piece: side.append(piece))}
    if ours.root != peer.root:
        raise RuntimeError("the two trees have different roots")
    ours.check()
    for side in sides:
        side.prove(indexes)  # fills the caches
    found["proof"] = _turns(sides, [indexes], lambda side, piece: side.prove(piece))
    found["verification"] = _turns(sides, [indexes], lambda side, piece: side.verify(piece))
    return found


def table(rounds: list[dict[str, tuple[float, float]]]) -> Iterator[str]:
    """One line per operation: median rates, and the median of the rounds' ratios."""
    yield f"{'':14} {'ours':>12} {'pymerkle':>12} {'ratio':>8} {'aim':>6}"
    for name in rounds[0]:
        ours, theirs = (median(each[name][side] for each in rounds) for side in (0, 1))
        ratio = median(each[name][0] / each[name][1] for each in rounds)
        yield f"{name:14} {ours:12,.0f} {theirs:12,.0f} {ratio:8.1f} {AIMS[name]:6.1f}"
