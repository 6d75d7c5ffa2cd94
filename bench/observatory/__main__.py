"""From a daily dump to an answer: ours, other tools, and inflating alone. For
`python3 dev.py bench observatory`.

Every peer is a process of its own and gets the same dump; they take turns, round by round, so that whatever
else the machine does meets all alike. The fastest round counts, from start of the process to its end.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.observatory import shantay, stores, zips
from bench.observatory.peers import PEERS, cores
from bench.observatory.timing import ROOT, Run, groups_of, once
from fairnotice.observatory import direct
from fairnotice.observatory.kernel import build

FIRST = "inflate only"
KERNEL = "ours, kernel"
WHEELS = "ours, wheels"
STATISTICS_ROWS = 200_000


def main(words: list[str]) -> int:
    """Measure once; 1 where answers differ."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench observatory", description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000, help="how many (2000000)")
    parser.add_argument(
        "--different", type=int, default=2_000_000, help="of those, how many do not come again (2000000)"
    )
    parser.add_argument("--rounds", type=int, default=2, help="how often each peer has its turn (2)")
    parser.add_argument("--folder", type=Path, help="where to write (var/)")
    parser.add_argument("--dump", type=Path, help="a dump that this wrote before")
    parser.add_argument("--keep", action="store_true", help="keep the dump it writes, for --dump")
    choices = [*PEERS, shantay.INGEST, shantay.ALL, stores.INGEST]
    parser.add_argument(
        "--without", action="append", default=[], choices=choices[1:], metavar="PEER", help="leave one out"
    )
    parser.add_argument(
        "--only", action="append", default=[], choices=choices, metavar="PEER", help="of all peers these"
    )
    args = parser.parse_args(words)
    if args.rows < 1000 or args.rounds < 1:
        parser.error("--rows from 1000, --rounds from 1")
    print(f"{cores()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}", flush=True)
    parent = (args.folder or ROOT / "var").resolve()
    parent.mkdir(parents=True, exist_ok=True)
    names = [name for name in args.only or choices if name not in args.without]
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        dump = args.dump or make(parent if args.keep else Path(folder), args.rows, args.different)
        return measure(dump.resolve(), Path(folder), names, args.rounds)


def make(folder: Path, rows: int, different: int) -> Path:
    """The dump; says how long that took."""
    begun = time.perf_counter()
    dump = zips.write(folder, rows, different)
    again = f", {dump.different:,} of them different" if dump.different < dump.rows else ""
    print(
        f"{dump.rows:,} rows{again}: {dump.bytes / 1e6:,.0f} MB of CSV, "
        f"{dump.path.stat().st_size / 1e6:,.0f} MB packed, made in {time.perf_counter() - begun:.0f} s",
        flush=True,
    )
    return dump.path


def measure(dump: Path, folder: Path, names: list[str], rounds: int) -> int:
    """All peers, round by round; then what is asked of the store. 1 where answers differ."""
    python = shantay.python() if {shantay.INGEST, shantay.ALL} & set(names) else None
    runs = [Run(name) for name in names if name in PEERS or (name == shantay.INGEST and python)]
    if KERNEL in names:
        build.build()
    for number in range(rounds):
        for run in runs[number % len(runs) :] + runs[: number % len(runs)]:
            turn(run, dump, folder, python)
            print(f"  {run.name}: {run.failed or f'{run.seconds[-1]:.2f} s'}", flush=True)
    if stores.INGEST in names:
        runs += stores.measure(dump, folder, surroundings(folder), rounds)
    table(runs)
    status = compare(runs)
    if python is not None and shantay.ALL in names:
        all_statistics(python, folder)
    return status


def all_statistics(python: Path, folder: Path) -> None:
    """shantay's own command line beside an ingest, which brings the cubes that such figures come from: over
    fewer rows, as the former takes minutes."""
    (folder / "few").mkdir()
    dump = zips.write(folder / "few", STATISTICS_ROWS, STATISTICS_ROWS).path
    theirs = shantay.statistics(python, dump, folder)
    ours = stores.measure(dump, folder / "few", surroundings(folder), 0)[0]
    print(f"\n{shantay.ALL}, of {STATISTICS_ROWS:,} rows: {theirs.failed or f'{theirs.best:.1f} s'}")
    print(f"{ours.name}, of the same: {ours.failed or f'{ours.best:.1f} s'}")
    if theirs.seconds and ours.seconds:
        print(
            f"{theirs.best / ours.best:.1f} times as long as ours, {theirs.least / ours.least:.1f} by processor"
        )


def surroundings(folder: Path) -> dict[str, str]:
    """What peers find in their environment."""
    return {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "WORK": str(folder)}


def turn(run: Run, dump: Path, folder: Path, python: Path | None) -> None:
    """One round of one peer."""
    more = surroundings(folder)
    command: list[object]
    if run.name == shantay.INGEST and python is not None:
        command = shantay.command(python, dump)
        more |= shantay.surroundings(python, folder)
    else:
        command = [sys.executable, "-m", "bench.observatory.child", run.name, dump, "{folder}"]
    if run.name == WHEELS:
        more["XDG_CACHE_HOME"] = str(folder / "no-kernel-here")
    if run.name == FIRST:
        more |= direct.TUNING
    said = once(run, command, more)
    if said and not run.groups and run.name != FIRST:
        run.groups = groups_of(said)


def table(runs: list[Run]) -> None:
    """What each took, and its ratios."""
    by_name = {run.name: run for run in runs}
    first, mine = by_name.get(FIRST), by_name.get(WHEELS)
    heads = ("seconds", "processor", "/ inflating", "/ ours", "MB")
    print(f"\n{'':26}" + "".join(f"{head:>13}" for head in heads))
    for run in runs:
        if not run.seconds:
            print(f"{run.name:26}  failed: {run.failed}")
            continue
        alone = run.best / first.best if first and first.seconds else float("nan")
        ratio = run.best / mine.best if mine and mine.seconds else float("nan")
        print(
            f"{run.name:26}{run.best:13.2f}{run.least:13.2f}{alone:13.2f}{ratio:13.2f}"
            f"{run.memory / 1e6:13.0f}"
        )
    for run in runs:
        if run.inside:
            print(f"{run.name}, in process: {min(run.inside) * 1000:.0f} ms")
    print(
        "\nSeconds: the fastest round. / inflating: how many times as long as inflating alone. / ours: how "
        'many\ntimes as long as "ours, wheels". MB: the most memory of all its processes at once, without '
        "files."
    )


def compare(runs: list[Run]) -> int:
    """Say whether all answers are equal; 1 where they are not, or a peer failed."""
    answers = [run for run in runs if run.name not in (FIRST, stores.INGEST)]
    right = next((run for run in answers if run.groups), None)
    status = 0
    for run in answers:
        if run.failed:
            print(f"{run.name} failed: {run.failed}")
            status = 1
        elif right and run.groups != right.groups:
            keys = run.groups.keys() | right.groups.keys()
            wrong = [key for key in keys if run.groups.get(key) != right.groups.get(key)]
            print(f"{run.name} differs from {right.name} in {len(wrong)} groups, the first: {wrong[0]}")
            status = 1
    if right and not status:
        print(f"All answers are equal: {len(right.groups):,} groups, {sum(right.groups.values()):,} rows.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
