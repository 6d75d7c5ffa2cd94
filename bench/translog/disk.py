"""What the disk itself gives: 4 KiB written and synced, again and again."""

from __future__ import annotations

import os
import time
from pathlib import Path

_BLOCK = os.urandom(4096)
_LARGEST = 1 << 24


class Raw:
    """4 KiB appended to a file and synced, or written over in place and synced (a log does the first)."""

    def __init__(self, folder: Path, *, append: bool) -> None:
        self._step = 4096 if append else 0
        self._file = os.open(folder / f"raw-{append}", os.O_RDWR | os.O_CREAT, 0o600)
        os.pwrite(self._file, _BLOCK, 0)
        os.fsync(self._file)
        self._at = self._step

    def once(self) -> tuple[int, float]:
        """Ten syncs; how many, and the seconds that they took."""
        start = time.perf_counter()
        for _ in range(10):
            os.pwrite(self._file, _BLOCK, self._at)
            os.fsync(self._file)
            self._at += self._step
        seconds = time.perf_counter() - start
        if self._at > _LARGEST:
            os.ftruncate(self._file, 0)
            self._at = 0
        return 10, seconds
