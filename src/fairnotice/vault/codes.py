"""Receipt codes: 128 random bits as 26 characters of base32 (RFC 4648, alphabet A-Z 2-7, no padding).

A code is shown once and stored only as a keyed hash; whoever has the database alone cannot find codes by
trying.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata

from fairnotice.vault.keys import named_secret

LENGTH = 26
PEPPER = "code-pepper"

_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
# Digits that the alphabet lacks, read as the letters that they are mistaken for.
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})
# A pasted letter may surround the code with anything; beyond this nobody is typing a code.
_LONGEST = 200
_GROUP = 5
_SHOWN = re.compile(r"\b[A-Z2-7]{5}(?:[- ]?[A-Z2-7]{5}){3}[- ]?[A-Z2-7]{6}\b", re.IGNORECASE)


def new_code() -> str:
    """26 characters without groups; `show` groups them for people."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def show(code: str) -> str:
    """The code in groups for print and screen: four of five characters and one of six, joined by hyphens."""
    plain = normalise(code)
    head = [plain[start : start + _GROUP] for start in range(0, 4 * _GROUP, _GROUP)]
    return "-".join([*head, plain[4 * _GROUP :]])


def normalise(text: str) -> str:
    """What somebody typed, as the code they meant: any case, spaces, dashes, and 0, 1, 8 for O, I, B.

    Never raises; what cannot be a code comes back as something that is no code (see `looks_right`).
    """
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).upper().translate(_MISREAD)
    return "".join(character for character in folded if character.isalnum())


def looks_right(text: str) -> bool:
    """Whether the text has the form of a code, so that a form can say so before looking it up."""
    code = normalise(text)
    return len(code) == LENGTH and _ALPHABET.issuperset(code)


def covered(text: str) -> str:
    """The text without the codes in it, for readers for whom they are not: each becomes a row of dots."""
    return _SHOWN.sub("·····", text)


def code_mac(code: str) -> bytes:
    """The 32 bytes that are stored instead of the code: HMAC-SHA256 under the installation's pepper.

    Takes the code in any form that `normalise` understands.
    """
    message = b"fair-notice/code/v1\0" + normalise(code).encode()
    return hmac.new(named_secret(PEPPER), message, hashlib.sha256).digest()


def same(first: bytes | memoryview, second: bytes | memoryview) -> bool:
    """Compare two `code_mac` in constant time."""
    return hmac.compare_digest(bytes(first), bytes(second))
