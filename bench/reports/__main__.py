"""Build a year's report over many cases, and print seconds and peak memory, beside a plain counting of part 4
row by row. For `python3 dev.py bench reports`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_LONGEST = 3600.0


def run(env: dict[str, str], *words: str) -> str:
    """What a process of its own prints. Raises RuntimeError where it does not end well."""
    done = subprocess.run(
        [sys.executable, "-m", *words], env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, timeout=_LONGEST
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}")
    return done.stdout


def measure(parent: Path, count: int) -> dict[str, dict[str, float]]:
    """Way of counting -> seconds and MB, each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as name:
        folder = Path(name)
        env = os.environ | {"FAIRNOTICE_DATA": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "home")}
        run(env, "fairnotice", "init")
        run(env, "bench.reports.made", str(count))
        ways = ("ours", "plain") if count <= 10_000 else ("ours",)
        found = {way: json.loads(run(env, "bench.reports.counted", way)) for way in ways}
    if "plain" in found and found["plain"]["notices"] != found["ours"]["notices"]:
        raise RuntimeError("the two counts differ")
    return found


def main(words: list[str]) -> int:
    """Measure once for each number of cases."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench reports", description=__doc__)
    usual = [10_000, 100_000, 1_000_000]
    parser.add_argument("--cases", type=int, nargs="+", default=usual, help="how many (10000 to 1000000)")
    parser.add_argument("--folder", type=Path, help="where to write (var/)")
    args = parser.parse_args(words)
    if not all(1_000 <= one <= 5_000_000 for one in args.cases):
        parser.error("--cases from 1000 to 5000000")
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, Python {sys.version.split()[0]}", flush=True)
    parent = args.folder or ROOT / "var"
    parent.mkdir(parents=True, exist_ok=True)
    head = ("cases", "way", "seconds", "CPU s", "cases/CPU s", "MB before", "MB peak")
    print("{:>10} {:10} {:>8} {:>8} {:>12} {:>10} {:>8}".format(*head))
    for count in args.cases:
        for way, one in measure(parent, count).items():
            print(
                f"{count:>10,} {way:10} {one['seconds']:8.2f} {one['cpu']:8.2f} "
                f"{count / one['cpu']:12,.0f} {one['before']:10.0f} {one['peak']:8.0f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
