"""A log that grows to ten million entries: the memory it takes, and what proofs from its tiles cost.

Run as a process of its own, since memory once taken stays with a process: FOLDER SIZE.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.translog.core import CoreLog
from fairnotice.translog import merkle
from fairnotice.translog.prover import Prover

BATCH = 10_000
MEMORY_AIM = 64  # MiB
_PROOFS = 300


def resident() -> float:
    """MiB of memory that this process has in use (Linux)."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("/proc/self/status names no VmRSS")


def checkpoints(size: int) -> Iterator[int]:
    """Sizes at which a checkpoint is signed: 1000, then every 10,000, then the end."""
    yield from (some for some in (1000, *range(BATCH, size, BATCH)) if some < size)
    yield size


def entry(number: int) -> bytes:
    """A small entry, which can be made again without keeping it."""
    return b"entry %d" % number


def build(folder: Path, size: int) -> tuple[float, float, float]:
    """Append so many entries; seconds, and MiB in use after the first tenth of a million and at most."""
    log = CoreLog(folder, BATCH, 0)
    start = time.perf_counter()
    at, before, most = 0, 0.0, 0.0
    for end in checkpoints(size):
        log.append([entry(number) for number in range(at, end)])
        at, used = end, resident()
        if end <= 100_000:
            before = used
        most = max(most, used)
        if end % 1_000_000 == 0:
            print(f"  {end:,} entries, {used:.0f} MiB", flush=True)
    return time.perf_counter() - start, before, most


def proof_times(folder: Path, size: int) -> dict[str, float]:
    """Median microseconds of a proof: with nothing in memory, of random entries with the usual cache, the
    same again, and of consistency; and the hashes in an inclusion proof. Each inclusion proof is checked."""
    chance = random.Random(size)
    indexes = [chance.randrange(size) for _ in range(_PROOFS)]
    served = Prover(folder)
    root = served.root(size)
    found: dict[str, list[float]] = {name: [] for name in ("cold", "random", "warm", "consistency", "hashes")}

    def timed(prover: Prover, index: int, name: str) -> list[bytes]:
        start = time.perf_counter()
        path = prover.inclusion(index, size)
        found[name].append((time.perf_counter() - start) * 1e6)
        return path

    for index in indexes:
        timed(Prover(folder), index, "cold")
        path = timed(served, index, "random")
        timed(served, index, "warm")
        merkle.verify_inclusion(index, size, merkle.leaf_hash(entry(index)), path, root)
        found["hashes"].append(len(path))
        old = max(1, index)
        start = time.perf_counter()
        served.consistency(old, size)
        found["consistency"].append((time.perf_counter() - start) * 1e6)
    return {name: median(values) for name, values in found.items()}


def main(words: list[str]) -> int:
    """Build, measure, print."""
    folder, size = Path(words[0]), int(words[1])
    seconds, before, most = build(folder, size)
    growth = most - before
    print(f"{size:,} entries appended durably, {BATCH:,} at a time, in {seconds:.0f} s")
    print(
        f"memory: {before:.0f} MiB after 100,000 entries, {most:.0f} MiB at most; {growth:.0f} MiB more, ",
        end="",
    )
    print(f"{MEMORY_AIM} MiB are the most that it should be\n")
    print("microseconds per proof (median)")
    print(f"{'entries':>12} {'hashes':>7} {'cold':>8} {'random':>8} {'warm':>8} {'consistency':>12}")
    at = 1000
    while at <= size:
        row = proof_times(folder / "log", at)
        print(
            f"{at:12,} {row['hashes']:7.0f} {row['cold']:8.0f} {row['random']:8.0f} {row['warm']:8.1f}"
            f" {row['consistency']:12.0f}",
            flush=True,
        )
        at *= 10
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
