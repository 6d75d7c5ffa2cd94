"""Organisations and their desks as jCard (RFC 7095), the form RDAP has for them (RFC 9083 section 5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fairnotice.answerable.chains import ContactPoint

_BY_MAIL = ("mail", "xarf", "arf")


def card(
    name: str, *, kind: str, country: str = "", url: str = "", points: Sequence[ContactPoint] = ()
) -> list[Any]:
    """`kind` is "org" or "group" (RFC 6350 section 6.1.4). `version` comes first and `fn` is there, as RFC
    7095 and RFC 6350 ask.

    Where a desk is reached on the web, its address is a CONTACT-URI; a country stands in `cc` (RFC 8605).
    """
    lines: list[Any] = [
        ["version", {}, "text", "4.0"],
        ["fn", {}, "text", name],
        ["kind", {}, "text", kind],
    ]
    if country:
        lines.append(["adr", {"cc": country}, "text", ["", "", "", "", "", "", ""]])
    if url:
        lines.append(["url", {}, "uri", url])
    mails = dict.fromkeys(point.address for point in points if point.channel in _BY_MAIL)
    pages = dict.fromkeys(point.address for point in points if point.channel not in _BY_MAIL)
    lines += [["email", {}, "text", one] for one in mails]
    lines += [["contact-uri", {}, "uri", one] for one in pages]
    return ["vcard", lines]
