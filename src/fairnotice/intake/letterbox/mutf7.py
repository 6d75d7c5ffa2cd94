"""Names of IMAP folders in modified UTF-7 (RFC 3501, 5.1.3), as a quoted string."""

from __future__ import annotations

import base64
import re

_OTHERS = re.compile(r"[^\x20-\x7e]+")


def quoted(name: str) -> str:
    """The name of a folder as it stands in a command. Raises ValueError where it cannot be one."""
    if not name or any(ord(sign) < 32 for sign in name):
        raise ValueError("a folder has a name without control characters")
    written = _OTHERS.sub(_encoded, name.replace("&", "&-"))
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _encoded(found: re.Match[str]) -> str:
    plain = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=")
    return f"&{plain.replace('/', ',')}-"
