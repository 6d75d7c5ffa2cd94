"""Signed requests of other servers: what a signature is about, and what is wrong with one.

Two schemes are in use. `cavage` is the draft that the fediverse grew up with, `rfc9421` the standard that
took its place. Reading comes first and names the key; then, with that key, `verify`. Nothing here asks for a
key, and nothing trusts what a signature does not cover.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

#: How old a signature may be, and how far the clocks of two servers may lie apart.
WINDOW = timedelta(hours=1)
#: More than any key of today needs; longer ones only make us work.
MAX_SIGNATURE = 1024
MAX_KEY_ID = 2000

PublicKey = RSAPublicKey | Ed25519PublicKey | EllipticCurvePublicKey


class SignatureFault(ValueError):
    """What is wrong with a signature, in words for whoever runs the server that sent it. Quotes nothing."""


@dataclass(frozen=True)
class Request:
    """A request as its signature sees it. `url` is what the world calls the address that it came to, never
    what a header says; `headers` are all lines as they came, also where one name comes twice."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """The values of every header of this name, in any spelling."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str | None:
        """The value, None where there is none. Raises SignatureFault where there is more than one: which of
        them was meant, two readers may answer differently."""
        found = self.all(name)
        if len(found) > 1:
            raise SignatureFault(f"The header {name} comes more than once.")
        return found[0].strip() if found else None


class Claim(Protocol):
    """A signature that was read: who says it is theirs. It is worth nothing before `verify`."""

    @property
    def key_id(self) -> str: ...

    def verify(self, key: PublicKey) -> None:
        """Raises SignatureFault unless this key made it."""


def sha256_matches(body: bytes, digest: bytes) -> bool:
    """In constant time."""
    return hmac.compare_digest(hashlib.sha256(body).digest(), digest)


def shared_secret_matches(secret: bytes, body: bytes, header: str | None) -> bool:
    """Whether `header` is "sha256=" and the HMAC-SHA256 of the body in hexadecimal: how Mastodon (WebSub 7.1)
    and Discourse sign their webhooks. In constant time; never true without a secret."""
    method, _, given = (header or "").strip().partition("=")
    expected = hmac.new(secret, body, "sha256").hexdigest()
    same = hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "surrogatepass"))
    return same and method == "sha256" and secret != b""
