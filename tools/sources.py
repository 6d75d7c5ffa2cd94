"""Which files are ours: what git has, or would take, of this folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def ours() -> list[Path]:
    """Files that are committed or new and not ignored, relative to the project's folder, sorted.

    New files count too, so that a fault is found before it is committed rather than after.
    Raises CalledProcessError outside a git checkout.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted({Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()})
