"""Check a dump with our rules, and with pydantic and pandas. For `python3 dev.py bench statements`.

Every peer is a process of its own. Each part of the dump is given to all of them, one after the other, before
the next is, so that whatever else the machine does meets all alike.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.statements import made
from bench.statements.child import PEERS

ROOT = Path(__file__).resolve().parent.parent.parent
PART = 100_000  # rows, as in the database's own dumps
OURS = "ours (polars)"


@dataclass
class Peer:
    """A process, and what it said so far."""

    name: str
    process: subprocess.Popen[str]
    seconds: float = 0.0
    processor: float = 0.0
    rows: int = 0
    first_peak: int = 0
    peak: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def ask(self, part: Path) -> None:
        """Have it check one part."""
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.write(f"{part}\n")
        self.process.stdin.flush()
        said = self._answer()
        self.seconds += said["seconds"]
        self.processor += said["processor"]
        self.rows += said["rows"]
        self.peak = said["peak"]
        self.first_peak = self.first_peak or self.peak

    def finish(self) -> None:
        """Have it say what it found, and end."""
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.close()
        said = self._answer()
        self.seconds += said["seconds"]
        self.peak, self.counts = said["peak"], said["counts"]
        if self.process.wait():
            raise RuntimeError(f"{self.name} ended with {self.process.returncode}")

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None  # noqa: S101
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended before its time")
        found: dict[str, Any] = json.loads(line)
        return found


def start(name: str) -> Peer:
    """A peer, ready for its first part."""
    command = [sys.executable, "-m", "bench.statements.child", name]
    pipe = subprocess.PIPE
    return Peer(name, subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT))


def make(folder: Path, rows: int) -> list[Path]:
    """The dump in parts; says how long that took."""
    begun = time.perf_counter()
    parts = []
    for number in range(0, rows, PART):
        part = folder / f"part-{number // PART:05d}.csv"
        made.write(part, min(PART, rows - number), seed=number // PART)
        parts.append(part)
    size = sum(part.stat().st_size for part in parts)
    took = time.perf_counter() - begun
    print(f"{rows:,} rows in {len(parts)} parts, {size / 1e6:,.0f} MB, made in {took:.0f} s", flush=True)
    return parts


def measure(folder: Path, rows: int, names: list[str]) -> int:
    """Check all parts with all peers; 1 where they do not count the same faults."""
    parts = make(folder, rows)
    peers = [start(name) for name in names]
    for number, part in enumerate(parts):
        for peer in peers[number % len(peers) :] + peers[: number % len(peers)]:
            peer.ask(part)
    for peer in peers:
        peer.finish()
    ours = peers[0]
    heads = ("seconds", "processor", "rows/s", "ratio", "by processor", "MB first", "MB all")
    print(f"\n{'':26}" + "".join(f"{head:>13}" for head in heads))
    for peer in peers:
        print(
            f"{peer.name:26}{peer.seconds:13.1f}{peer.processor:13.1f}{peer.rows / peer.seconds:13,.0f}"
            f"{peer.seconds / ours.seconds:13.1f}{peer.processor / ours.processor:13.1f}"
            f"{peer.first_peak / 1e6:13.0f}{peer.peak / 1e6:13.0f}"
        )
    print("\nRatio: how many times as long as ours. MB: the most memory after the first part, and after all.")
    return _compare(peers)


def _compare(peers: list[Peer]) -> int:
    ours = peers[0]
    status = 0
    for peer in peers[1:]:
        rules = ours.counts.keys() | peer.counts.keys()
        wrong = sorted(rule for rule in rules if ours.counts.get(rule) != peer.counts.get(rule))
        for rule in wrong:
            print(f"{peer.name}: {rule}: {peer.counts.get(rule, 0)} instead of {ours.counts.get(rule, 0)}")
        status = 1 if wrong or peer.rows != ours.rows else status
    faults = sum(ours.counts.values())
    if not status:
        print(f"All found the same: {faults:,} faults of {len(ours.counts)} rules in {ours.rows:,} rows.")
    return status


def main(words: list[str]) -> int:
    """Measure once."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench statements", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many (1000000)")
    parser.add_argument("--folder", type=Path, help="where to write the dump (var/)")
    parser.add_argument(
        "--without", action="append", default=[], choices=list(PEERS)[1:], help="leave one out"
    )
    args = parser.parse_args(words)
    if args.rows < 1000:
        parser.error("--rows from 1000")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    parent = args.folder or ROOT / "var"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        return measure(Path(folder), args.rows, [name for name in PEERS if name not in args.without])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
