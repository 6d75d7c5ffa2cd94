"""Reading what people write for a place on the internet: URL, host name, address, prefix, AS number.

Pure. Hosts are read as browsers read them (WHATWG URL, through ada); nothing is resolved, fetched or asked.
No message repeats what was written, since a reported location is sealed.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from typing import Literal, Self

import ada_url
from django.utils.translation import gettext as _

Kind = Literal["ip", "as", "domain", "server"]
Json = dict[str, object]

LONGEST = 8192
V4_FIRST = 0xFFFF << 32
V4_LAST = V4_FIRST + 2**32 - 1
LAST_AS = 2**32 - 1
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AS = re.compile(r"(?:AS\s?)?([0-9]{1,10})", re.IGNORECASE)
_ASDOT = re.compile(r"AS\s?([0-9]{1,5})\.([0-9]{1,5})", re.IGNORECASE)
_PREFIX = re.compile(r"([0-9A-Fa-f:.]+)/([0-9]{1,3})")
_RANGE = re.compile(r"([^\s-]+)\s*-\s*([^\s-]+)")


class NotALocation(ValueError):
    """The text names no place on the internet. The message is plain language and never repeats the text."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is looked up. `start` and `end` (both included) are AS numbers, or addresses as 128-bit integers
    with IPv4 in its mapped form; `name` is an LDH host name. What does not belong to the kind is 0 or
    empty."""

    kind: Kind
    start: int = 0
    end: int = 0
    name: str = ""

    @property
    def is_v4(self) -> bool:
        return self.kind == "ip" and self.start >= V4_FIRST and self.end <= V4_LAST

    @property
    def text(self) -> str:
        """Short form for people: address, prefix, range, AS number or name."""
        if self.kind == "as":
            return f"AS{self.start}" if self.start == self.end else f"AS{self.start}-AS{self.end}"
        if self.kind == "ip":
            return _ip_text(self.start, self.end)
        return self.name

    def to_json(self) -> Json:
        return {"kind": self.kind, "value": self.text}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """Raises NotALocation where `data` was not made by `to_json`."""
        kind, value = data.get("kind"), data.get("value")
        if not isinstance(value, str):
            raise NotALocation(_("This record of a location is damaged."))
        if kind in ("domain", "server"):
            return cls("server" if kind == "server" else "domain", name=value)
        read = _number_range(value) or _ip(value)
        if read is None or read.kind != kind:
            raise NotALocation(_("This record of a location is damaged."))
        return cls(read.kind, read.start, read.end)


def pack(address: int) -> bytes:
    """The 16 bytes in network order that are stored."""
    return address.to_bytes(16, "big")


def unpack(data: bytes | memoryview) -> int:
    return int.from_bytes(bytes(data), "big")


def parse(text: str) -> Target:
    """The place that `text` names: a URL (with or without scheme), host, address, prefix, range or AS number.

    A prefix with bits set beyond its length stands for the network it lies in. Raises NotALocation, nothing
    else.
    """
    text = _trimmed(text)
    if "://" not in text:
        plain = _number_range(text) or _ip(text)
        if plain is not None:
            return plain
        return _guess_host(text)
    return _url(text)


def parse_resource(text: str) -> Target:
    """The resource that a line of an import names; stricter than `parse`: no URL, no bits beyond a prefix's
    length.

    `server:NAME` names a server. Raises NotALocation, nothing else.
    """
    text = _trimmed(text)
    is_server = text.lower().startswith("server:")
    plain = None if is_server else (_number_range(text) or _ip(text, strict=True))
    if plain is not None:
        return plain
    name = text[len("server:") :].strip() if is_server else text
    if re.search(r"[/?#@:\\%\s]", name):
        raise NotALocation(
            _("A resource is an address, a prefix, a range, an AS number or a name, not a URL.")
        )
    target = _url("http://" + name)
    if target.kind != "domain" or "_" in target.name:
        raise NotALocation(_("This is not the name of a domain or server."))
    return Target("server" if is_server else "domain", name=target.name)


def _trimmed(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotALocation(_("Nothing was given to look up."))
    if len(text) > LONGEST:
        raise NotALocation(_("This is too long to be a location."))
    return text


def _guess_host(text: str) -> Target:
    authority = re.split(r"[/?#\\]", text, maxsplit=1)[0]
    if "@" in authority:
        raise NotALocation(
            _("This looks like a mail address. Give a web address, a domain or an IP address.")
        )
    if _SCHEME.match(text) and not re.match(r"[^/?#\\:]+:[0-9]{0,5}(?:[/?#\\]|$)", text):
        return _url(text)
    if re.search(r"\s", authority) or not re.search(r"[.\u3002\uff0e\uff61\[]|^0[xX]", authority):
        raise NotALocation(_("This is neither a web address nor a domain, an IP address or an AS number."))
    return _url("http://" + text)


def _url(text: str) -> Target:
    try:
        url = ada_url.URL(text)
        host = url.hostname
        if host and url.protocol not in ("http:", "https:", "ftp:", "ws:", "wss:"):
            # Other schemes leave their hosts as written; read again, they are treated as on the web.
            host = ada_url.URL(f"http://{host}/").hostname
    except ValueError:
        raise NotALocation(_("This cannot be read as a web address.")) from None
    if not host:
        raise NotALocation(_("This address names no host."))
    if host.startswith("["):
        host = host[1:-1]
    address = _address(host)
    if address is not None:
        return Target("ip", address, address)
    name = host.removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise NotALocation(_("The host in this address is not a valid name."))
    return Target("domain", name=name)


def _address(text: str) -> int | None:
    """An address in its plain written form as a 128-bit integer; None for anything else, zones included."""
    try:
        if ":" in text:
            return int.from_bytes(socket.inet_pton(socket.AF_INET6, text), "big")
        return V4_FIRST + int.from_bytes(socket.inet_pton(socket.AF_INET, text), "big")
    except (OSError, ValueError):
        return None


def is_address(text: str) -> bool:
    """Whether it is one address in its plain written form: no prefix, zone, port or brackets."""
    return _address(text) is not None


def _ip(text: str, *, strict: bool = False) -> Target | None:
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    address = _address(bare)
    if address is not None:
        return Target("ip", address, address)
    if match := _PREFIX.fullmatch(text):
        return _prefix(match[1], int(match[2]), strict=strict)
    if match := _RANGE.fullmatch(text):
        first, last = _address(match[1]), _address(match[2])
        if first is not None and last is not None:
            if (
                first > last
                or (first < V4_FIRST) != (last < V4_FIRST)
                or (first > V4_LAST) != (last > V4_LAST)
            ):
                raise NotALocation(_("The range ends before it begins, or mixes IPv4 and IPv6."))
            return Target("ip", first, last)
    return None


def _prefix(written: str, length: int, *, strict: bool) -> Target | None:
    address = _address(written)
    if address is None:
        return None
    size = 128 if ":" in written else 32
    if length > size:
        # `192.0.2.1/99` may be a path on that host; for a resource it is a mistake.
        if not strict and size == 32:
            return None
        raise NotALocation(_("The prefix is longer than the address."))
    mask = (1 << (size - length)) - 1
    if strict and address & mask:
        raise NotALocation(_("The address has bits set beyond the length of the prefix."))
    return Target("ip", address & ~mask, address | mask)


def _as_number(text: str) -> int | None:
    if match := _ASDOT.fullmatch(text):
        high, low = int(match[1]), int(match[2])
        number = (high << 16) + low if high < 2**16 and low < 2**16 else LAST_AS + 1
    elif match := _AS.fullmatch(text):
        number = int(match[1])
    else:
        return None
    if number > LAST_AS:
        raise NotALocation(_("AS numbers end at 4294967295."))
    return number


def _number_range(text: str) -> Target | None:
    number = _as_number(text)
    if number is not None:
        return Target("as", number, number)
    match = _RANGE.fullmatch(text)
    if not match:
        return None
    first, last = _as_number(match[1]), _as_number(match[2])
    if first is None or last is None:
        return None
    if first > last:
        raise NotALocation(_("The range ends before it begins."))
    return Target("as", first, last)


def _ip_text(start: int, end: int) -> str:
    size = end - start + 1
    is_prefix = size & (size - 1) == 0 and start % size == 0
    is_v4 = start >= V4_FIRST and end <= V4_LAST
    first, last = _written(start, is_v4), _written(end, is_v4)
    if start == end:
        return first
    if is_prefix:
        return f"{first}/{(32 if is_v4 else 128) - size.bit_length() + 1}"
    return f"{first}-{last}"


def _written(address: int, is_v4: bool) -> str:
    if is_v4:
        return socket.inet_ntop(socket.AF_INET, (address - V4_FIRST).to_bytes(4, "big"))
    return socket.inet_ntop(socket.AF_INET6, pack(address))
