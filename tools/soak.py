"""Long runs with faults, each of which must be survived or found. For `python3 dev.py soak [NAME]`.

Each run is a function (seconds it may take) -> a sentence of what it saw; it raises SoakFailure at the first
thing that went unnoticed or was lost. Runs are ended by their own clock, and say how far they came.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))  # for interop/ and tests/

import soak_codes
import soak_flips
import soak_fuzz
import soak_observatory
import soak_strace
from soak_failure import SoakFailure

RUNS: dict[str, Callable[[float], str]] = {
    "codes": soak_codes.run,
    "flips": soak_flips.run,
    "fuzz": soak_fuzz.run,
    "observatory": soak_observatory.run,
    "strace": soak_strace.run,
}


def main(words: list[str]) -> int:
    """Run the named soak runs, or all; 1 where one failed."""
    parser = argparse.ArgumentParser(
        prog="python3 dev.py soak", description="Runs with faults: " + ", ".join(RUNS)
    )
    parser.add_argument("name", nargs="*", metavar="NAME", help=f"one of: {', '.join(RUNS)} (all)")
    parser.add_argument("--minutes", type=float, default=120.0, help="the longest that one may take (120)")
    args = parser.parse_args(words)
    unknown = [name for name in args.name if name not in RUNS]
    if unknown:
        parser.error(f"no run {unknown[0]!r}; there are: {', '.join(RUNS)}")
    if not args.minutes > 0:
        parser.error("--minutes must be above 0")
    failed = False
    for name in args.name or RUNS:
        print(f"{name}: {(RUNS[name].__doc__ or '').splitlines()[0]}", flush=True)
        start = time.monotonic()
        try:
            seen = RUNS[name](args.minutes * 60)
        except SoakFailure as failure:
            failed = True
            seen = f"FAILED: {failure}"
        print(f"{name}: {seen} ({time.monotonic() - start:.0f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
