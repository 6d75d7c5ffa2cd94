"""Personal data and copies of content in free texts of a statement (DSA article 24(5): none may be there).

The shapes are those of law.redaction, and bank account numbers besides. Shapes miss names and flag some
harmless words: what is found is pointed out to a person, who rewrites it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from fairnotice.law.redaction import KIND_WORDS, findings
from fairnotice.law.words import gettext_noop

PERSONAL, ADDRESS, QUOTATION = 1, 2, 4

# Four times what the database takes. Whatever a longer text was made for, no time is spent on the rest.
MOST_LOOKED_AT = 20_000

_BITS = {
    "email": PERSONAL,
    "handle": PERSONAL,
    "ip": PERSONAL,
    "phone": PERSONAL,
    "iban": PERSONAL,
    "url": ADDRESS,
    "host": ADDRESS,
    "quotation": QUOTATION,
}
_WORDS: dict[str, str] = {str(kind): words for kind, words in KIND_WORDS.items()} | {
    "iban": gettext_noop("bank account number")
}

_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)

# Wider than all of the shapes together, in what Python and Rust read alike: a text that this does not match
# holds none of them. `tests/transparencydb/test_personal.py` holds the one to the other.
HINT = (
    r"[@＠>“„«»「『‘]"  # e-mail, account names, quotations
    r"|\x22[^\x22]{40}"  # a long quotation
    r"|(?:^|[^A-Za-z])(?:'|/?u/)"  # quotations, account names
    r"|[\[({](?:[aA][tT]|[dD][oO][tT])"  # e-mail and host names in disguise
    r"|:[^\s]|\[:"  # every scheme of an address, and networks of version 6
    r"|[wW]\.|[.。．｡][^\s0-9]{2}"  # host names
    r"|[.。．｡][^\s]{1,5}[.。．｡][^\s]{1,5}[.。．｡]"  # networks of version 4
    r"|\d(?:[\s\x1c-\x1f()./–-]*\d){6}"  # telephone numbers
    r"|[A-Z]{2}[0-9]{2}"  # bank accounts
)
_HINT = re.compile(HINT)


def found(text: str) -> list[tuple[str, int]]:
    """What was found: its kind in plain words and the character at which it begins (the first is 1).

    The text itself is never given back, so that a list of faults can be passed on.
    """
    return [(_WORDS[kind], start + 1) for kind, start in _all(text)]


@lru_cache(maxsize=8192)
def kinds(text: str) -> int:
    """The bits PERSONAL, ADDRESS and QUOTATION of what the text holds.

    Remembered for a while, since senders explain most of their decisions with prepared texts.
    """
    bits = 0
    for kind, _start in _all(text):
        bits |= _BITS[kind]
    return bits


def bits_of(kind: str) -> int:
    """The bit of one kind in words, as `found` gives it."""
    return next(_BITS[name] for name, words in _WORDS.items() if words == kind)


def _all(text: str) -> Iterator[tuple[str, int]]:
    text = text[:MOST_LOOKED_AT]
    if not _HINT.search(text):
        return
    for finding in findings(text):
        yield finding.kind, finding.start
    for match in _IBAN.finditer(text):
        if _is_iban(match[0]):
            yield "iban", match.start()


def _is_iban(text: str) -> bool:
    """ISO 13616: as a number with letters as 10 to 35, country and check digits last, it leaves 1 by 97."""
    plain = text.replace(" ", "")
    return 15 <= len(plain) <= 34 and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
