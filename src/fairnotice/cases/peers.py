"""The other services that this one may talk to: those that the operator's settings name, and nobody else.

A peer is an address in front of everything that is asked there (`https://abuse.example.org/api/v1`) and the
token that its operator gave us. What a stranger sent is never an address to connect to: an answer goes to the
address in a forwarded report only where that lies under a peer's own.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

_MOST = 2000


@dataclass(frozen=True)
class Peer:
    """`url` has no slash at its end; `token_file` holds the bearer token that the peer gave us."""

    url: str
    token_file: Path

    def token(self) -> str:
        """The token. Raises OSError or UnicodeDecodeError where the file cannot be read."""
        return self.token_file.read_text("utf-8").strip()


def peers() -> list[Peer]:
    """All peers of the settings, in their order. A relative `token_file` lies in the data folder."""
    return [
        Peer(peer["url"].rstrip("/"), settings.FN_DATA / peer["token_file"]) for peer in settings.FN_PEERS
    ]


def peer_for(url: str) -> Peer | None:
    """The peer under whose address this one lies, the closest first; None for everybody else's, and for an
    address that is malformed, goes up a folder, or is in the clear and not on this machine."""
    asked = safe_url(url)
    if asked is None:
        return None
    found = [peer for peer in peers() if _lies_under(asked, peer)]
    return max(found, key=lambda peer: len(peer.url), default=None)


def safe_url(url: str) -> SplitResult | None:
    """The parts of an https address (http on this machine alone) without user, query, fragment, or anything
    that two readers of an address could take for different things; None for any other text."""
    if len(url) > _MOST or any(not "!" <= char <= "~" or char in "\\%?#" for char in url):
        return None
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not host or "@" in parts.netloc or {"..", "."} & set(parts.path.split("/")):
        return None
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return parts
    return None


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by its text alone: no name is ever looked up."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _lies_under(asked: SplitResult, peer: Peer) -> bool:
    own = safe_url(peer.url)
    if own is None or _origin(own) != _origin(asked):
        return False
    return asked.path == own.path or asked.path.startswith(f"{own.path}/")


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
