"""Networks, AS numbers, domains and servers as RDAP objects (RFC 9083 sections 5.2 to 5.5)."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from ada_url import idna_to_unicode

from fairnotice.answerable.chains import Link
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.rdap.entities import HOLDS_AS, Facts, desk, organisation
from fairnotice.answerable.rdap.shown import Shown, usable
from fairnotice.answerable.rdap.words import Json, address, events, link
from fairnotice.answerable.resources import Target
from fairnotice.answerable.rows import target_of


def looked_up(shown: Shown, asked: str) -> Json:
    """The answer for an address, AS number, domain or server; `asked` is the address of the query."""
    holder = _facts(shown.holder)
    answering = shown.answering
    abuse = [desk(_facts(answering), "abuse", usable(answering.contacts))] if answering is not None else []
    entities = [organisation(holder, [HOLDS_AS.get(shown.row.kind, "registrant")], abuse), *abuse]
    found = described(shown.row, entities, address(target_of(shown.row.resource)) or asked)
    if shown.above is not None:
        if shown.above.kind == "ip":
            found["parentHandle"] = handle_of(shown.above)
        if up := address(shown.above):
            found["links"].append(link(found["links"][0]["value"], "up", up))
    return found


def _facts(of: Link) -> Facts:
    return Facts(of.handle, of.name, of.country)


def described(row: Delegation, entities: Sequence[Json], own: str, status: str = "active") -> Json:
    """What a delegation made of its resource; `own` is the address of the object."""
    target = target_of(row.resource)
    found = {**_OF_KIND[target.kind](target), "status": [status], "events": events(row)}
    if target.kind in ("ip", "as"):
        found["type"] = row.kind
    return {**found, "entities": list(entities), "links": [link(own, "self", own)]}


def handle_of(target: Target) -> str:
    """Handles follow from what the object is: `192.0.2.0 - 192.0.2.255`, `AS64496`, `example.org`."""
    if target.kind == "ip":
        first, last = _ends(target)
        return f"{first} - {last}"
    return target.text.replace("-", " - ") if target.kind == "as" else target.text


def _ends(target: Target) -> tuple[str, str]:
    """First and last address. An IPv6 network may end among the mapped IPv4 addresses, and is IPv6 all the
    same."""
    if target.is_v4:
        return Target("ip", target.start, target.start).text, Target("ip", target.end, target.end).text
    return str(ipaddress.IPv6Address(target.start)), str(ipaddress.IPv6Address(target.end))


def _network(target: Target) -> Json:
    first, last = _ends(target)
    version = "v4" if target.is_v4 else "v6"
    parts = ipaddress.summarize_address_range(ipaddress.ip_address(first), ipaddress.ip_address(last))
    return {
        "objectClassName": "ip network",
        "handle": handle_of(target),
        "startAddress": first,
        "endAddress": last,
        "ipVersion": version,
        "name": target.text,
        "cidr0_cidrs": [
            {f"{version}prefix": str(part.network_address), "length": part.prefixlen} for part in parts
        ],
    }


def _autnum(target: Target) -> Json:
    return {
        "objectClassName": "autnum",
        "handle": handle_of(target),
        "startAutnum": target.start,
        "endAutnum": target.end,
        "name": target.text,
    }


def _domain(target: Target) -> Json:
    return {"objectClassName": "domain", **_named(target)}


def _nameserver(target: Target) -> Json:
    return {"objectClassName": "nameserver", **_named(target)}


def _named(target: Target) -> Json:
    found = {"handle": target.name, "ldhName": target.name}
    unicode_name = idna_to_unicode(target.name)
    return found if unicode_name == target.name else {**found, "unicodeName": unicode_name}


_OF_KIND = {"ip": _network, "as": _autnum, "domain": _domain, "server": _nameserver}
