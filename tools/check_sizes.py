"""Fail where a file of ours is over 400 lines: such a file is to be split by verb or noun.

Usage: check_sizes.py [FILE ...]; without files, all of ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sources import ROOT, ours

LIMIT = 400
SUFFIXES = {".py", ".html", ".txt", ".css", ".js", ".md", ".toml"}
# Written by a program (pins with their hashes; `main` adds migrations), or growing by nature.
EXEMPT = {
    Path("CHANGELOG.md"),
    *(Path(f"requirements/{name}.txt") for name in ("main", "dev", "bench", "spark")),
}


def main(names: list[str]) -> int:
    """Print each file over the limit with its lines; 1 where there is one."""
    files = [Path(name) for name in names] or ours()
    over = 0
    for file in files:
        if file.suffix in SUFFIXES and file not in EXEMPT and file.parent.name != "migrations":
            lines = len((ROOT / file).read_text(encoding="utf-8").splitlines())
            if lines > LIMIT:
                over += 1
                print(f"{file}: {lines} lines, {LIMIT} are allowed")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
