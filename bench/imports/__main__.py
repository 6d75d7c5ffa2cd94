"""Import a file of many prefixes and print rates, memory and ratios. For `python3 dev.py bench imports`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from bench.imports import made, raw

ROOT = Path(__file__).resolve().parent.parent.parent


class Ran(NamedTuple):
    """One run of the program: seconds by the clock and of the processor, the most memory that it had (MB)."""

    seconds: float
    processor: float
    memory: float


def run(env: dict[str, str], *words: str) -> Ran:
    """Run `fairnotice`; raises RuntimeError where it does not end well."""
    start = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    command = [sys.executable, "-m", "fairnotice", *words]
    child = os.posix_spawn(sys.executable, command, env, file_actions=quiet)
    _pid, status, used = os.wait4(child, 0)
    if status != 0:
        raise RuntimeError(f"fairnotice {words[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return Ran(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measure(folder: Path, count: int) -> None:
    """Make the file, import it twice, and put the same rows into the same tables without the program."""
    table = folder / "prefixes.csv"
    lines = made.write(table, count)
    print(f"{lines:,} lines, {count:,} of them prefixes, {table.stat().st_size / 1e6:.0f} MB", flush=True)
    data = folder / "data"
    env = os.environ | {"FAIRNOTICE_DATA": str(data), "XDG_CONFIG_HOME": str(folder / "home")}
    run(env, "init")
    for name in ("same", "bare"):
        shutil.copy(data / "db.sqlite3", folder / f"{name}.sqlite3")
    first = run(env, "answerable", "import", str(table))
    second = run(env, "answerable", "import", str(table))
    peers = {
        "the same tables, executemany": raw.copy(data / "db.sqlite3", folder / "same.sqlite3", bare=False),
        "tables without indexes and rules": raw.copy(data / "db.sqlite3", folder / "bare.sqlite3", bare=True),
    }
    size = (data / "db.sqlite3").stat().st_size / 1e6
    print(f"\n{'':34} {'seconds':>9} {'processor':>9} {'prefixes/s':>11} {'ratio':>6} {'MB':>6}")
    rows = [("import", first), ("the same file again", second)]
    for name, ran in rows:
        rate = count / ran.seconds
        print(f"{name:34} {ran.seconds:9.1f} {ran.processor:9.1f} {rate:11,.0f} {'':6} {ran.memory:6.0f}")
    for name, (found, seconds) in peers.items():
        if found != count:
            raise RuntimeError(f"{found} prefixes instead of {count}")
        rate, ratio = count / seconds, seconds / first.seconds
        print(f"{name:34} {seconds:9.1f} {'':9} {rate:11,.0f} {ratio:6.2f}")
    print(f"\nThe database has {size:,.0f} MB. Ratio: how fast the import was, with that as 1.")


def main(words: list[str]) -> int:
    """Measure once."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench imports", description=__doc__)
    parser.add_argument("--prefixes", type=int, default=1_000_000, help="how many (1000000)")
    parser.add_argument("--folder", type=Path, help="where to write, on the disk to be measured (var/)")
    args = parser.parse_args(words)
    if args.prefixes < 1000:
        parser.error("--prefixes from 1000")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    parent = args.folder or ROOT / "var"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        measure(Path(folder), args.prefixes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
