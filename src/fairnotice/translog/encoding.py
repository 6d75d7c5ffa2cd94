"""Strict readers for the two encodings that all formats share.

Python's own readers are too kind for signed formats: ``int`` takes ``"1_0"`` and non-ASCII digits, and
``b64decode`` skips what it does not know and ignores the last bits. Two spellings of one thing must never
both pass.
"""

from __future__ import annotations

import base64
import binascii
import re

from fairnotice.translog.errors import TranslogError

MAX_INT64 = 2**63 - 1  # tree sizes and times: verifiers elsewhere keep them in signed 64-bit integers

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def encode_base64(data: bytes) -> str:
    """Standard alphabet with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(
    text: object,
    what: str,
    error: type[TranslogError],
    *,
    length: int | None = None,
    longest: int | None = None,
) -> bytes:
    """Read the one canonical base64 spelling of some bytes.

    ``length`` asks for exactly so many bytes, ``longest`` for at most so many. Raises ``error``, naming
    ``what``.
    """
    if not isinstance(text, str):
        raise error(f"{what} is not a text")
    if longest is not None and len(text) > 4 * ((longest + 2) // 3):
        raise error(f"{what} is longer than {longest} bytes")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise error(f"{what} is not base64") from None
    if encode_base64(data) != text:
        raise error(f"{what} is not canonical base64")
    if length is not None and len(data) != length:
        raise error(f"{what} has {len(data)} bytes instead of {length}")
    if longest is not None and len(data) > longest:
        raise error(f"{what} is longer than {longest} bytes")
    return data


def parse_decimal(text: str, what: str, error: type[TranslogError], *, highest: int = MAX_INT64) -> int:
    """Read ASCII digits without sign, leading zero, space or underscore, up to ``highest``."""
    if not _DECIMAL.fullmatch(text):
        raise error(f"{what} is not a plain decimal number")
    number = int(text)
    if number > highest:
        raise error(f"{what} is larger than {highest}")
    return number


def join_timestamp(timestamp: int, signature: bytes) -> bytes:
    """``timestamped_signature`` of tlog-cosignature: POSIX seconds as 8 bytes, big-endian, then the
    signature.
    """
    return timestamp.to_bytes(8, "big") + signature


def split_timestamp(blob: bytes, size: int) -> tuple[int, bytes] | None:
    """Timestamp and signature of a ``timestamped_signature`` of ``size`` signature bytes; None when it has
    another length or a timestamp beyond 2^63 - 1.
    """
    timestamp = int.from_bytes(blob[:8], "big")
    if len(blob) != 8 + size or timestamp > MAX_INT64:
        return None
    return timestamp, blob[8:]


def printable(text: str) -> str:
    """``text`` with everything escaped that could move a terminal's cursor, hide or reorder what is shown."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def require_int(value: object, what: str, error: type[TranslogError], *, highest: int = MAX_INT64) -> int:
    """Return ``value`` when it is an ``int`` (no bool, no float) from 0 to ``highest``."""
    if type(value) is not int:
        raise error(f"{what} is not a whole number")
    if not 0 <= value <= highest:
        raise error(f"{what} is outside 0 to {highest}")
    return value
