"""Which addresses of other programs the settings may name."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def safe(url: str) -> bool:
    """Whether it is a plain https address, without a name, a query or anything encoded; http only for this
    machine."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc or "%" in url or "\\" in url)
    return bool(host) and plain and (parts.scheme == "https" or (parts.scheme == "http" and loopback(host)))
