"""The lines of `erased.log`: what they say, whichever copy of it they stand in."""

from __future__ import annotations

import re

NAME = "erased.log"
# A line that was cut off by a loss of power is no line: the key it meant was not destroyed.
_LINE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ([0-9a-f]{32})")


def ids(content: bytes) -> list[str]:
    """The keys that such a file names, each once, in its order; what is no whole line is passed over."""
    found = (_LINE.fullmatch(line) for line in content.split(b"\n"))
    return list(dict.fromkeys(match[1].decode() for match in found if match))


def merged(first: bytes, second: bytes) -> bytes:
    """All whole lines of both files, each once: those of the first, then what only the second has."""
    both = [line for content in (first, second) for line in content.split(b"\n") if _LINE.fullmatch(line)]
    return b"".join(line + b"\n" for line in dict.fromkeys(both))
