"""Look-ups of who is answerable, beside pytricia. For `python3 dev.py bench answerable`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

try:
    import pytricia  # noqa: F401 -- said in words where it is missing
except ImportError:
    sys.exit(
        "bench: pytricia is missing; it is compiled when installed, for which Debian needs: "
        "apt-get install gcc python3-dev"
    )

from bench.answerable import agree, data, memory, speed
from bench.answerable.peer import Peer
from fairnotice.answerable.snapshot.build import build

ROOT = Path(__file__).resolve().parent.parent.parent
NOW = date(2026, 1, 1).toordinal()
PARTS = ("check", "speed", "growth")
PAST = [date(2012, 7, 1).toordinal(), date(2019, 2, 15).toordinal()]


def say(text: str) -> None:
    """A line, at once."""
    print(text, flush=True)


def measure_memory(file: Path) -> dict[str, dict[str, float]]:
    """Both sides, each in a process of its own; nothing counts but what the register adds."""
    found = {}
    for side in ("pytricia", "ours"):
        command = [sys.executable, "-m", memory.__name__, side, str(file)]
        answer = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
        found[side] = json.loads(answer.stdout)
    return found


def growth(table: list[data.Prefix], size: int, folder: Path) -> str:
    """One line about a register of that size."""
    register = data.entries(table, size)
    file = folder / f"register-{size}"
    data.write(register, file)
    snapshot, peer = build(data.rows(register), {}), Peer(register, NOW)
    questions = {4: data.questions(register, speed.STEP * 2, 4)}
    jobs = speed.jobs(snapshot, peer, questions, 4, NOW, PAST[1])
    speed.rates(jobs, 0, speed.STEP)
    rate = speed.rates(jobs, 0, speed.STEP * 2)
    used = measure_memory(file)
    return (
        f"{size:12,} {1e6 / rate['single']:10.2f} {1e6 / rate['full chain']:10.2f}"
        f" {1e6 / rate['batch from strings']:10.2f} {1e6 / rate['pytricia get']:10.2f}"
        f" {used['ours']['seconds']:10.1f} {used['ours']['index']:10.1f} {used['ours']['all']:10.1f}"
        f" {used['pytricia']['all']:10.1f} {used['ours']['index'] / used['pytricia']['all']:8.3f}"
        f" {used['ours']['all'] / used['pytricia']['all']:8.3f}"
    )


def main(words: list[str]) -> int:
    """Make the register, check every look-up, measure."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench answerable", description=__doc__)
    parser.add_argument("part", nargs="*", metavar="PART", help=f"one of: {', '.join(PARTS)} (all)")
    parser.add_argument("--prefixes", type=int, default=1_000_000, help="size of the register (1000000)")
    parser.add_argument("--questions", type=int, default=1_000_000, help="look-ups to check (1000000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds to take the median of (5)")
    parser.add_argument("--synthetic", action="store_true", help="fetch nothing, make prefixes up")
    args = parser.parse_args(words)
    if args.rounds < 1 or args.prefixes < 1000 or args.questions < 34 * speed.STEP:
        parser.error(f"--rounds from 1, --prefixes from 1000, --questions from {34 * speed.STEP}")
    unknown = [part for part in args.part if part not in PARTS]
    if unknown:
        parser.error(f"no part {unknown[0]!r}; there are: {', '.join(PARTS)}")
    parts = args.part or PARTS
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    folder = ROOT / "var" / "bench-answerable"
    table, source = data.table(folder, synthetic=args.synthetic)
    if "check" in parts or "speed" in parts:
        measure_look_ups(table, source, args.prefixes, args.questions, args.rounds, parts)
    if "growth" in parts:
        measure_growth(table, args.prefixes)
    return 0


def measure_look_ups(
    table: list[data.Prefix], source: str, prefixes: int, count: int, rounds: int, parts: Sequence[str]
) -> None:
    """Whether they are right, and how fast they are, beside pytricia."""
    register = data.entries(table, prefixes)
    many = sum(each.version == 4 for each in register)
    passed = sum(each.parent >= 0 for each in register)
    say(
        f"{len(register):,} prefixes ({many:,} IPv4, {len(register) - many:,} IPv6), "
        f"{passed:,} of them passed on\nfrom {source}"
    )
    start = time.process_time()
    snapshot = build(data.rows(register), data.organisations(register))
    say(f"snapshot made in {time.process_time() - start:.1f} s\n")
    share = count * 7 // 10
    questions = {4: data.questions(register, share, 4), 6: data.questions(register, count - share, 6)}
    for day in (NOW, *PAST) if "check" in parts else ():
        asked, found = agree.check(snapshot, register, questions, day)
        on = date.fromordinal(day).isoformat()
        say(f"{asked:,} look-ups on {on}, each alone and in a batch: all as in pytricia, {found:,} found")
    peer = Peer(register, NOW)
    if "check" in parts:
        rows = agree.check_chains(snapshot, peer, questions, NOW, speed.STEP)
        say(f"{2 * speed.STEP:,} chains with {rows:,} rows: all lie in pytricia's\n")
    for version in (4, 6) if "speed" in parts else ():
        jobs = speed.jobs(snapshot, peer, questions, version, NOW, PAST[1])
        say(f"IPv{version}, per second of processor time, median of {rounds} interleaved rounds")
        speed.rates(jobs, 0, speed.STEP)
        rates = [speed.rates(jobs, (n % 5) * 2 * speed.STEP, 2 * speed.STEP) for n in range(rounds)]
        say("\n".join(speed.table(rates)) + "\n")


def measure_growth(table: list[data.Prefix], prefixes: int) -> None:
    """From ten thousand prefixes up."""
    say("Growth: microseconds per look-up (IPv4), seconds to build, MiB, their ratio to pytricia's (aim 0.1)")
    say(
        f"{'prefixes':>12} {'single':>10} {'chain':>10} {'batch':>10} {'pytricia':>10} {'build':>10}"
        f" {'index':>10} {'all':>10} {'pytricia':>10} {'index':>8} {'all':>8}"
    )
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as scratch:
        for size in sorted({10_000, 100_000, prefixes}):
            say(growth(table, size, Path(scratch)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
