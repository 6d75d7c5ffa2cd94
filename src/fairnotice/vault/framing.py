"""Joins texts so that no two different lists give the same bytes."""

from __future__ import annotations


def framed(*parts: str) -> bytes:
    """Each part as its 4-byte big-endian length in UTF-8 bytes, then the bytes."""
    out = bytearray()
    for part in parts:
        data = part.encode()
        out += len(data).to_bytes(4, "big") + data
    return bytes(out)
