"""This user's own cache folder, and what in it can be trusted. Pure."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def folder() -> Path:
    """Below `XDG_CACHE_HOME`, else below `~/.cache`. It need not exist."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The rule of the XDG base directories: a relative path is to be ignored.
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "fairnotice"


def ours(path: Path) -> bool:
    """Whether it is a file that nobody but its owner, who is us or root, could have written. What lies here
    runs as us: a file that others can write is as good as none."""
    try:
        about = path.stat()
    except OSError:
        return False
    mine = about.st_uid in (os.geteuid(), 0) and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return mine and stat.S_ISREG(about.st_mode)
