"""Reading the part of a path that says what is asked (RFC 9082 section 3.1), with one spelling each.

No message repeats what was written: what somebody looks up is nobody else's business. Pure.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from fairnotice.answerable.resources import LAST_AS, NotALocation, Target, is_address, parse_resource

_NUMBER = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_LENGTH = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)
_HANDLE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._:/-]{0,63})(?:~([A-Za-z]{1,12}))?", re.ASCII)
# A name has 253 bytes at most; written in another script than Latin it takes fewer characters, not more.
_LONGEST_NAME = 254


class Malformed(ValueError):
    """This is no query that RDAP knows. The message is plain language and never repeats the query."""


class Who(NamedTuple):
    """An organisation's handle, and the role of a desk of it where that is asked for ("" otherwise)."""

    handle: str
    role: str = ""


def network(text: str) -> Target:
    """`192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32` (RFC 9082 section 3.1.1). Raises Malformed.

    A prefix with bits set beyond its length is none (RFC 4632 section 3.1), neither is one with a leading
    zero, a zone (RFC 4007) or a port.
    """
    address, slash, length = text.partition("/")
    if not is_address(address):
        raise Malformed(_("This is not an IP address or prefix in its plain form."))
    if slash and not _LENGTH.fullmatch(length):
        raise Malformed(_("The length of a prefix is a number without leading zeros."))
    try:
        return parse_resource(text)
    except NotALocation as problem:
        raise Malformed(str(problem)) from None


def autnum(text: str) -> Target:
    """An AS number in asplain (RFC 5396), as `64496` (RFC 9082 section 3.1.2). Raises Malformed."""
    if not _NUMBER.fullmatch(text):
        raise Malformed(_("An AS number is written as digits alone, without leading zeros."))
    number = int(text)
    if number > LAST_AS:
        raise Malformed(_("AS numbers end at 4294967295."))
    return Target("as", number, number)


def domain(text: str) -> Target:
    """A domain in LDH or Unicode form, with or without the last dot (RFC 9082 section 3.1.3). Raises
    Malformed."""
    return Target("domain", name=_name(text))


def nameserver(text: str) -> Target:
    """A host name, as `domain` (RFC 9082 section 3.1.4). Raises Malformed."""
    return Target("server", name=_name(text))


def _name(text: str) -> str:
    unfit = len(text) > _LONGEST_NAME or text != text.strip() or not text.isprintable() or ":" in text
    try:
        found = None if unfit else parse_resource(text)
    except NotALocation:
        found = None
    if found is None or found.kind != "domain":
        raise Malformed(_("This is not a domain name in LDH or Unicode form."))
    return found.name


def entity(text: str) -> Who:
    """A handle, as `HOST-1` or, for one desk of it, `HOST-1~ABUSE` (RFC 9082 section 3.1.5). Raises
    Malformed."""
    match = _HANDLE.fullmatch(text)
    if match is None:
        raise Malformed(_("A handle is 1 to 64 letters, digits or . _ : / -, a letter or digit first."))
    return Who(match[1], (match[2] or "").lower())
