"""The parts that all answers share: links, events, notices (RFC 9083 section 4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from fairnotice.answerable.models import Delegation
from fairnotice.answerable.resources import Target

Json = dict[str, Any]
RDAP_JSON = "application/rdap+json"
_HTML = "text/html"


def base() -> str:
    """The address of this server, with a slash at the end (RFC 9224)."""
    return f"{settings.FN_BASE_URL}{reverse('rdap')}"


def page() -> str:
    """The page for people stands at the same address."""
    return base()


def address(target: Target) -> str:
    """The query that leads to this object; "" for a range that no single query names."""
    text = target.text
    if target.kind == "ip":
        return "" if "-" in text else f"{base()}ip/{text}"
    if target.kind == "as":
        return f"{base()}autnum/{target.start}" if target.start == target.end else ""
    return f"{base()}{'nameserver' if target.kind == 'server' else 'domain'}/{text}"


def entity_address(handle: str) -> str:
    return f"{base()}entity/{quote(handle, safe='')}"


def link(value: str, rel: str, href: str, media: str = RDAP_JSON) -> Json:
    """All four members, always (RFC 9083 section 4.2)."""
    return {"value": value, "rel": rel, "href": href, "type": media}


def moment(value: date | datetime) -> str:
    """A time in RFC 3339, in UTC, to the second; a day begins at midnight."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), UTC)
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def events(row: Delegation) -> list[Json]:
    """Since when, until when, and when the register last said it anew."""
    found = [
        {"eventAction": "registration", "eventDate": moment(row.valid_from)},
        {"eventAction": "last changed", "eventDate": moment(row.recorded_from)},
    ]
    if row.valid_until is not None:
        found.append({"eventAction": "expiration", "eventDate": moment(row.valid_until)})
    return found


def notices(asked: str) -> list[Json]:
    """What stands below each answer; the same in all, whatever the register holds."""
    return [
        {
            "title": _("Terms of Use"),
            "description": [
                _("For finding and reaching whoever answers for an address, a name or a network."),
                _("Not for advertising, and not for making lists of who holds what."),
            ],
            "links": [link(asked, "terms-of-service", page(), _HTML)],
        },
        {
            "title": _("What is shown"),
            "description": [
                _("Only what is public. Whether anything more is recorded is not said, in any answer."),
            ],
            "links": [link(asked, "about", page(), _HTML)],
        },
    ]
