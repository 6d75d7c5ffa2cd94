"""What must not stand in a text for the public register, found by its shape, so that a person rewrites it.

Shapes miss names and flag some harmless words. That is why a second person looks at every entry before it is
published, and why nothing is cut out by a machine: a cut text can mislead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Literal

from fairnotice.law.words import gettext_noop

Kind = Literal["url", "email", "handle", "ip", "host", "phone", "quotation"]

KIND_WORDS: dict[Kind, str] = {
    "url": gettext_noop("web address"),
    "email": gettext_noop("e-mail address"),
    "handle": gettext_noop("account name"),
    "ip": gettext_noop("network address"),
    "host": gettext_noop("host name"),
    "phone": gettext_noop("telephone number"),
    "quotation": gettext_noop("long quotation"),
}

# Shorter quotations are mostly terms of art (“fake shop”); longer ones can be found again by a search engine.
LONG_QUOTATION = 40

_FEWEST_PHONE_DIGITS = 7

# A dot as people write it to dodge filters, or to keep an address from being opened.
_DOT = r"(?:[.。．｡]|\[\.\]|\(\.\)|\{\.\}|[ ]?[\[({]dot[\])}][ ]?)"
_AT = r"(?:[@＠]|[ ]?[\[({](?:at|@)[\])}][ ]?)"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP = r"(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})"
_HOST = rf"(?:{_LABEL}{_DOT}){{1,12}}{_TOP}"

_URL = re.compile(
    r"(?<![^\W_])(?:[a-z][a-z0-9+.-]{1,15}(?:://|\[:\]//|\[://\])"
    r"|(?:mailto|tel|sms|magnet|javascript|data):(?=\S)|www\.)[^\s<>\"“”„«»]+",
    re.IGNORECASE,
)
_EMAIL = re.compile(rf"[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}{_AT}{_HOST}", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])[@＠]\w[\w.-]{0,62}\w|(?<![\w/])/?u/\w[\w-]{2,62}")
_IPV4 = re.compile(rf"(?<![\w.])\d{{1,3}}(?:{_DOT}\d{{1,3}}){{3}}(?![\w])")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-f:.]{2,45}(?![\w:])", re.IGNORECASE)
_HOST_NAME = re.compile(rf"(?<![\w-]){_HOST}(?![\w-])", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d-])\+?\(?\d[\d\s()./–-]{4,40}\d")
# Dates and numbers of laws are made of digits too: 2026-01-09, 9.1.2026, 2022/2065.
_NO_PHONE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-](?:19|20)\d\d"
    r"|(?:19|20)\d\d/\d{1,4}|\d{1,4}/(?:19|20)\d\d)(?!\d)"
)
# Every pair is read whole, short or long, so that the end of one is never taken for the start of the next.
_QUOTATION = re.compile(
    r"“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』|‘[^‘\n]*’(?!\w)"
    r"|\"[^\"]*\"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)|(?m:^[ \t]*>[^\n]*)"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the text: text[start:end] == excerpt. Show it to the reviewer; never log it."""

    kind: Kind
    start: int
    end: int
    excerpt: str


def findings(text: str) -> list[Finding]:
    """All that may not be published, in the order of the text. Addresses and numbers do not overlap.

    An empty list allows publication as far as shapes can tell. Never raises.
    """
    taken: list[Finding] = []
    for kind, pattern, holds in _SHAPES:
        for match in pattern.finditer(text):
            start, end = _trim(text, *match.span())
            if start < end and holds(text[start:end]) and not _overlaps(taken, start, end):
                taken.append(Finding(kind, start, end, text[start:end]))
    # A quotation may hold an address: both are said, since both must go.
    taken.extend(_quotations(text))
    return sorted(taken, key=lambda finding: (finding.start, -finding.end))


def defang(url: str) -> str:
    """An address as harmless text, hxxps://example[.]org/path: readable, but nothing opens it by a slip.

    For display only; takes any text and never raises. Invisible and direction-changing characters are written
    out, because they make an address look like another. Applying it twice changes nothing.
    """
    return "".join(_visible(character) for character in _defang(url.strip()))


def _defang(text: str) -> str:
    match = re.match(r"([A-Za-z][A-Za-z0-9+-]*)(?:\[:\]|:)(?!\d)(//)?", text)
    if match is None:
        return _defang_host(text)
    scheme, rest = match[1].lower(), text[match.end() :]
    if match[2] and scheme in ("http", "https", "hxxp", "hxxps"):
        return f"{scheme.replace('tt', 'xx')}://{_defang_host(rest)}"
    return f"{scheme}[:]{match[2] or ''}{_defang_host(rest)}"


def _defang_host(text: str) -> str:
    """Brackets the dots before the first slash; those of the path open nothing without their host."""
    end = next((place for place, character in enumerate(text) if character in "/\\?#"), len(text))
    return re.sub(r"\[?[.。．｡]\]?", "[.]", text[:end]) + text[end:]


def _visible(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return f"\\u{{{ord(character):x}}}"
    return character


def _anything(excerpt: str) -> bool:
    return True


def _is_ipv4(excerpt: str) -> bool:
    try:
        IPv4Address(re.sub(r"[^\d]+", ".", excerpt))
    except ValueError:
        return False
    return True


def _is_ipv6(excerpt: str) -> bool:
    try:
        IPv6Address(excerpt)
    except ValueError:
        return False
    return any(character.isalnum() for character in excerpt)


def _is_phone(excerpt: str) -> bool:
    rest = _NO_PHONE.sub(" ", excerpt)
    return sum(character.isdigit() for character in rest) >= _FEWEST_PHONE_DIGITS


# In this order: what is part of a longer shape is not said again.
_SHAPES: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("url", _URL, _anything),
    ("email", _EMAIL, _anything),
    ("handle", _HANDLE, _anything),
    ("ip", _IPV4, _is_ipv4),
    ("ip", _IPV6, _is_ipv6),
    ("host", _HOST_NAME, _anything),
    ("phone", _PHONE, _is_phone),
)


def _quotations(text: str) -> Iterator[Finding]:
    for match in _QUOTATION.finditer(text):
        if len(match[0].strip()) - 2 >= LONG_QUOTATION:
            yield Finding("quotation", match.start(), match.end(), match[0])


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the full stop or bracket that ends the sentence and not the address."""
    while end > start and text[end - 1] in ".,;:!?)]}'’":
        end -= 1
    return start, end


def _overlaps(taken: list[Finding], start: int, end: int) -> bool:
    return any(start < finding.end and finding.start < end for finding in taken)
