"""From which network somebody asks, also where another server stands before this one. Nothing is stored.

A reverse proxy appends the address that it saw to `X-Forwarded-For`; whatever stood there before may be
anything, since visitors can send that header themselves. So it is read from its end, past the proxies that
the operator named, and no further (RFC 7239, section 8.1, on why nothing else can be believed).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: A header that is longer names no more proxies than anybody has.
_MOST = 32


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks as the settings write them. Raises ValueError, which quotes the text."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def peer_of(request: HttpRequest) -> Address | None:
    """Who connected: the visitor, or the proxy."""
    return _parsed(request.META.get("REMOTE_ADDR", ""))


def address_of(request: HttpRequest) -> Address | None:
    """The visitor's address as far as it can be believed, or None where the peer has none (a socket file)."""
    peer = peer_of(request)
    if peer is None or not is_proxy(peer):
        return peer
    seen = peer
    for text in reversed(request.headers.get("X-Forwarded-For", "").split(",")[-_MOST:]):
        hop = _parsed(text)
        if hop is None:
            break  # a proxy that says nothing, or no address: the last one that was believed counts
        seen = hop
        if not is_proxy(hop):
            break
    return seen


def is_proxy(address: Address) -> bool:
    """Whether the operator named it."""
    return any(
        address.version == network.version and address in network for network in settings.FN_PROXY_NETWORKS
    )


def _parsed(text: str) -> Address | None:
    bare = text.strip()
    if bare.startswith("["):  # [2001:db8::1]:4711
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:  # 192.0.2.1:4711
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
