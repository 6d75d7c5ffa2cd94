"""Entry bundles (C2SP tlog-tiles, "Log entries"): up to 256 entries, each after its 16-bit length."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from fairnotice.translog.errors import TileError

MAX_ENTRY_BYTES = 65535
MAX_ENTRIES = 256
_length = struct.Struct(">H").pack  # 16 bits, big-endian


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each after its length (big-endian). Raises :class:`TileError` over 65,535
    bytes, and over 256 entries.
    """
    held = list(entries)
    if len(held) > MAX_ENTRIES:
        raise TileError(f"an entry bundle holds at most {MAX_ENTRIES} entries")
    parts = [b""] * (2 * len(held))
    parts[1::2] = held
    try:
        parts[::2] = map(_length, map(len, held))
    except struct.error:
        longest = max(map(len, held))
        raise TileError(f"an entry has {longest} bytes; {MAX_ENTRY_BYTES} is the most") from None
    return b"".join(parts)


def decode_bundle(data: bytes, count: int) -> list[bytes]:
    """The ``count`` entries of a bundle. Raises :class:`TileError` when it is cut short or goes on, and for a
    count that no bundle has.
    """
    if not 0 <= count <= MAX_ENTRIES:
        raise TileError(f"an entry bundle holds at most {MAX_ENTRIES} entries")
    entries: list[bytes] = []
    at = 0
    for _ in range(count):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            raise TileError(f"an entry bundle ends within entry {len(entries) + 1} of {count}")
        entries.append(data[at + 2 : end])
        at = end
    if at != len(data):
        raise TileError(f"an entry bundle goes on after its {count} entries")
    return entries
