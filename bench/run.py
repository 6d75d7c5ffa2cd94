"""Measure us beside others, in one run. For `python3 dev.py bench NAME [...]`.

A benchmark is a package `bench/NAME/` with a `__main__.py`; further words go to it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def names() -> list[str]:
    """The benchmarks there are, sorted."""
    return sorted(file.parent.name for file in ROOT.glob("bench/*/__main__.py"))


def main(words: list[str]) -> int:
    """Run one benchmark; its exit status, or 2 where there is none of that name."""
    if not words or words[0] in ("-h", "--help", "help"):
        print("usage: python3 dev.py bench NAME [...]\n\nbenchmarks: " + ", ".join(names()))
        return 0
    if words[0] not in names():
        print(f"bench: no benchmark {words[0]!r}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, "-m", f"bench.{words[0]}", *words[1:]], cwd=ROOT, env=env
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
