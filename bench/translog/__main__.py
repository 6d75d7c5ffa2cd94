"""Measure the log and print ratios. For `python3 dev.py bench translog`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.translog import durable, growth, peer, site

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("durable", "memory", "growth")


@contextmanager
def scratch(parent: Path | None) -> Iterator[Path]:
    """A folder on a real disk (the system's temporary folder may be memory), removed at the end."""
    parent = parent or ROOT / "var"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        yield Path(folder)


def measure_durable(folder: Path, rounds: int, seconds: float) -> None:
    """Durable appends beside raw syncs."""
    print(f"Durable appends, median of {rounds} interleaved rounds of {seconds:g} s", flush=True)
    site.install(folder / "site")
    others: list[tuple[str, durable.Subject]] = [
        (f"site, batch {batch}", site.SiteLog(batch)) for batch in durable.BATCHES
    ]
    subjects = durable.subjects(folder, others)
    durable.rates(subjects, 0.0)  # one piece of each first: files are made, modules loaded
    print("\n".join(durable.table([durable.rates(subjects, seconds) for _ in range(rounds)])), flush=True)


def measure_memory(rounds: int) -> None:
    """Append, proof, verification beside pymerkle."""
    print(f"\nIn memory, {peer.SIZE:,} entries of 100 bytes, per second of processor time", flush=True)
    print("\n".join(peer.table([peer.one_round(number) for number in range(rounds)])), flush=True)


def measure_growth(folder: Path, entries: int) -> None:
    """Memory and proofs of a large log, in a process of its own."""
    print(f"\nA log of {entries:,} small entries", flush=True)
    command = [sys.executable, "-m", growth.__name__, str(folder / "growth"), str(entries)]
    subprocess.run(command, check=True, cwd=ROOT)


def main(words: list[str]) -> int:
    """Measure what was asked for, or all."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench translog", description=__doc__)
    parser.add_argument("part", nargs="*", metavar="PART", help=f"one of: {', '.join(PARTS)} (all)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds to take the median of (5)")
    parser.add_argument("--seconds", type=float, default=10.0, help="seconds per durable round (10)")
    parser.add_argument("--entries", type=int, default=10_000_000, help="size of the large log (10000000)")
    parser.add_argument("--folder", type=Path, help="where to write, on the disk to be measured (var/)")
    args = parser.parse_args(words)
    unknown = [part for part in args.part if part not in PARTS]
    if unknown:
        parser.error(f"no part {unknown[0]!r}; there are: {', '.join(PARTS)}")
    if args.rounds < 1 or args.seconds <= 0 or args.entries < 1000:
        parser.error("--rounds from 1, --seconds above 0, --entries from 1000")
    parts = args.part or list(PARTS)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
    with scratch(args.folder) as folder:
        if "durable" in parts:
            measure_durable(folder, args.rounds, args.seconds)
        if "memory" in parts:
            measure_memory(args.rounds)
        if "growth" in parts:
            measure_growth(folder, args.entries)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
