"""Compile requirements/*.in to pinned, hashed files for every platform and Python >= 3.11. For `dev.py lock`.

The files name neither an index nor a path of this machine, so that any mirror may serve them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
FIXED = [
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
]


def main(more: list[str]) -> int:
    """Compile all; the status of the first that fails. (A test holds them to the same versions.)"""
    for name in ("main", "dev", "bench", "spark"):
        target = f"requirements/{name}.txt"
        command = [str(UV), "pip", "compile", *FIXED, *more, f"requirements/{name}.in", "-o", target]
        status = subprocess.run(command, cwd=ROOT).returncode
        if status:
            return status
        print(f"compiled {target}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
