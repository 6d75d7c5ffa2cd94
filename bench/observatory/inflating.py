"""Nothing but inflating: what no way of reading a dump can be faster than. One process for each core."""

from __future__ import annotations

import sys
from multiprocessing import get_context
from pathlib import Path

from fairnotice.observatory.ingest import archive


def run(dump: Path, processes: int) -> int:
    """The bytes of all CSVs, inflated and held to their check sums."""
    parts = archive.contents(dump).csvs
    with get_context("spawn").Pool(processes) as pool:
        return sum(pool.imap_unordered(_one, [(dump, part) for part in parts]))


def _one(of: tuple[Path, archive.Packed]) -> int:
    return len(archive.raw(*of))


if __name__ == "__main__":
    print(run(Path(sys.argv[1]), int(sys.argv[2])))
