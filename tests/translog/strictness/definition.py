"""The tree and its tiles straight from their definitions (RFC 6962 section 2.1, tlog-tiles "Merkle Tree"), slow
and without a line in common with the program.
"""

from __future__ import annotations

import hashlib


class Definition:
    """Entries b"0", b"1", ... and what the definitions say of them."""

    def __init__(self, count: int) -> None:
        self.entries = [b"%d" % number for number in range(count)]
        self._known: dict[tuple[int, int], bytes] = {}

    def mth(self, start: int, end: int) -> bytes:
        """MTH(D[start:end])."""
        if end == start:
            return hashlib.sha256(b"").digest()
        if end - start == 1:
            return hashlib.sha256(b"\x00" + self.entries[start]).digest()
        if (start, end) not in self._known:
            k = 1
            while k * 2 < end - start:
                k *= 2
            both = self.mth(start, start + k) + self.mth(start + k, end)
            self._known[start, end] = hashlib.sha256(b"\x01" + both).digest()
        return self._known[start, end]

    def files(self, size: int) -> dict[str, bytes]:
        """Path and bytes of every tile and bundle of the tree of ``size``."""
        files = {}
        for number in range(-(-size // 256)):
            part = self.entries[number * 256 : min(size, number * 256 + 256)]
            data = b"".join(len(entry).to_bytes(2, "big") + entry for entry in part)
            files[_path("entries", number, len(part))] = data
        level = 0
        while size // 256**level:
            count, span = size // 256**level, 256**level
            for number in range(-(-count // 256)):
                width = min(256, count - number * 256)
                starts = [(number * 256 + i) * span for i in range(width)]
                files[_path(str(level), number, width)] = b"".join(self.mth(at, at + span) for at in starts)
            level += 1
        return files


def _path(level: str, number: int, width: int) -> str:
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < 256 else "")
