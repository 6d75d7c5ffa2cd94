"""Reads letters that are hard to read, in the process with limits: `python3 dev.py bench torture`.

`--folder DIR` reads the files of a folder (Debian's `libpython3.11-testsuite` has some) instead.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bench.torture import letters
from fairnotice.intake.mail.child import WALL, Reader
from fairnotice.intake.mail.worker import MEMORY
from fairnotice.plumbing.mail.letter import MAX_BYTES


def run(raws: Iterable[bytes]) -> int:
    """Read them all and print what came of them; 1 where something was raised or changed."""
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    raised = kept = count = size = 0
    start = time.monotonic()
    with Reader() as reader:
        for raw in raws:
            digest = hashlib.sha256(raw).hexdigest()
            count += 1
            size += len(raw)
            try:
                reading = reader.read(raw)
            except Exception as error:
                raised += 1
                print(f"letter {count} raised {error!r}")
                continue
            # The letter is as it was, and the process read what it got of it, if it lived to say so.
            read = hashlib.sha256(raw[: MAX_BYTES + 1]).hexdigest()
            kept += hashlib.sha256(raw).hexdigest() == digest and reader.usage.digest in ("", read)
            outcomes[f"{reading.outcome} ({reading.format})"] += 1
            reasons[reading.reason or "none"] += 1
        usage = reader.usage
    took = time.monotonic() - start
    print(f"letters              {count:,} ({size / 1e6:,.0f} MB) in {took:.1f} s")
    print(f"raised uncaught      {raised}")
    print(f"raw hashes kept      {100 * kept / max(1, count):.2f} %")
    print(f"worst time           {usage.seconds:.3f} s (limit {WALL:g})")
    print(f"worst memory         {usage.peak_kb / 1024:.0f} MB (limit {MEMORY >> 20} MB of address space)")
    print(f"processes started    {usage.started}; letters that ended one: {usage.killed}")
    for title, found in (("outcome", outcomes), ("reason", reasons)):
        print(title)
        for name, number in found.most_common():
            print(f"  {name:<20} {number:,}")
    return 1 if raised or kept != count else 0


def main() -> int:
    """Exit status of the benchmark."""
    parser = argparse.ArgumentParser(prog="dev.py bench torture", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    if chosen.folder:
        return run(file.read_bytes() for file in sorted(chosen.folder.rglob("*")) if file.is_file())
    return run(letters(chosen.seed, chosen.count))


if __name__ == "__main__":
    sys.exit(main())
