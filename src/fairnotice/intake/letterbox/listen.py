"""Where the LMTP door listens: a port of this machine alone, or a socket in a folder. Asks nobody."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

DEFAULT = "127.0.0.1:8024"
#: sun_path of Linux is 108 bytes with its end (unix(7)); macOS has 104.
_LONGEST = 103


class BadListen(ValueError):
    """The place cannot be listened at; the message says why and what is possible."""


@dataclass(frozen=True)
class Listen:
    """A socket in the file system where `path` is set, otherwise host and port."""

    host: str = ""
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse(text: str) -> Listen:
    """Read `HOST:PORT`, `PORT` or `unix:/path/socket`. Raises BadListen."""
    if text.startswith("unix:"):
        path = text.removeprefix("unix:")
        if not Path(path).is_absolute() or path.endswith("/"):
            raise BadListen(f"'{text}': after unix: stands a whole path, for example unix:/run/fn/lmtp")
        if len(path.encode()) > _LONGEST:
            raise BadListen(f"'{text}': the path of a socket has at most {_LONGEST} bytes.")
        return Listen(path=path)
    host, _colon, port = text.rpartition(":")
    host = "127.0.0.1" if host in ("", "localhost") else host.strip("[]")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadListen(f"'{text}' is no place to listen at: give HOST:PORT or unix:/path/socket.")
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        # LMTP knows no sign-in: whoever reaches the port hands letters in (RFC 2033, 5 and 7).
        raise BadListen(f"'{text}': mail is taken from this machine only (127.0.0.1, ::1 or a unix socket).")
    return Listen(host, int(port))
