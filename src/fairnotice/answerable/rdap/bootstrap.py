"""What this server covers, in the form of the bootstrap files (RFC 9224, RFC 8521).

Only address space and AS numbers that the operator's own organisation holds publicly. Nobody else's, since
such a list would be the reverse look-up that is not offered; and no domains, since the names that an
operator registered or hosts are its customers'.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from fairnotice.answerable.models import Delegation
from fairnotice.answerable.models.recorded import STILL_SAID
from fairnotice.answerable.rdap.shown import on_day, openly
from fairnotice.answerable.rdap.words import Json, base, moment
from fairnotice.answerable.resources import V4_FIRST, Target
from fairnotice.answerable.rows import target_of

_HELD = ("allocation", "sub-allocation", "assignment")


def _own(kind: str, today: date) -> list[Target]:
    """What the own organisation holds publicly today."""
    if not settings.FN_OWN_ORGANISATION:
        return []
    rows = Delegation.objects.filter(
        STILL_SAID,
        visibility=Delegation.Visibility.PUBLIC,
        to_org__handle=settings.FN_OWN_ORGANISATION,
        resource__kind=kind,
        kind__in=_HELD,
    ).select_related("resource")
    return [target_of(row.resource) for row in openly(on_day(rows, today))]


def _v4(today: date) -> list[str]:
    parts: list[ipaddress.IPv4Network] = []
    for target in _own("ip", today):
        if target.is_v4:
            ends = (ipaddress.IPv4Address(end - V4_FIRST) for end in (target.start, target.end))
            parts += ipaddress.summarize_address_range(*ends)
    return [str(part) for part in ipaddress.collapse_addresses(parts)]


def _v6(today: date) -> list[str]:
    parts: list[ipaddress.IPv6Network] = []
    for target in _own("ip", today):
        if not target.is_v4:
            ends = (ipaddress.IPv6Address(end) for end in (target.start, target.end))
            parts += ipaddress.summarize_address_range(*ends)
    return [str(part) for part in ipaddress.collapse_addresses(parts)]


def _as(today: date) -> list[str]:
    """Ranges that touch are one (RFC 9224)."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((target.start, target.end) for target in _own("as", today)):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return [f"{start}-{end}" for start, end in joined]


def _nothing(today: date) -> list[str]:
    return []


#: Name of a file -> what it lists. No tag for handles is registered for an installation of this program.
COVERS: dict[str, Callable[[date], list[str]]] = {
    "asn.json": _as,
    "dns.json": _nothing,
    "ipv4.json": _v4,
    "ipv6.json": _v6,
    "object-tags.json": _nothing,
}


def file(name: str, today: date) -> Json:
    """The file of that name. Raises KeyError."""
    entries = COVERS[name](today)
    return {
        "description": _("What the operator of this RDAP server holds publicly."),
        "publication": moment(today),
        "services": [[entries, [base()]]] if entries else [],
        "version": "1.0",
    }
