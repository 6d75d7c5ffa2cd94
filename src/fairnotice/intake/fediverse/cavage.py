"""HTTP signatures after draft-cavage-http-signatures-12, as the fediverse uses them: one header `Signature`
with keyId, algorithm, headers, and signature; the body by the header `Digest`."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from fairnotice.intake.fediverse.signed import (
    MAX_KEY_ID,
    MAX_SIGNATURE,
    WINDOW,
    PublicKey,
    Request,
    SignatureFault,
    sha256_matches,
)

# name="value" or name=number, one after the other. A value holds no quote and no backslash; no keyId needs
# one.
_PARAMETER = re.compile(r'\s*([A-Za-z]+)=(?:"([^"\\]*)"|(\d{1,12}))\s*(?:,|$)')
_DIGEST = re.compile(r"\s*([A-Za-z0-9-]+)=([A-Za-z0-9+/=]+)\s*")
_HEADER = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
#: "hs2019" and none say: by the key. In the wild that is SHA-256 with PKCS #1 for RSA, whatever the draft
#: says.
_ALGORITHMS = frozenset({"", "hs2019", "rsa-sha256", "ed25519"})
_MOST_HEADERS = 40


@dataclass(frozen=True)
class CavageClaim:
    """A signature that was read, with the bytes it must be about."""

    key_id: str
    algorithm: str
    base: bytes
    signature: bytes

    def verify(self, key: PublicKey) -> None:
        """Raises SignatureFault unless this key made it."""
        # The kind of key decides, not the word in the header, so that no other method can be slipped in.
        try:
            if isinstance(key, RSAPublicKey) and self.algorithm in ("", "hs2019", "rsa-sha256"):
                key.verify(self.signature, self.base, PKCS1v15(), SHA256())
            elif isinstance(key, Ed25519PublicKey) and self.algorithm in ("", "hs2019", "ed25519"):
                key.verify(self.signature, self.base)
            else:
                raise SignatureFault("The algorithm is not one for this key.")
        except InvalidSignature:
            raise SignatureFault("This key did not make this signature.") from None


def read(request: Request, now: datetime) -> CavageClaim:
    """The claim of a request. Raises SignatureFault where anything but the signature itself is wrong: a
    header that is missing among the signed ones, another body than the digest's, a moment too far away."""
    given = _parameters(request.one("Signature"))
    key_id, algorithm = given.get("keyId", ""), given.get("algorithm", "").lower()
    if not key_id or len(key_id) > MAX_KEY_ID:
        raise SignatureFault("The signature names no key (keyId).")
    if algorithm not in _ALGORITHMS:
        raise SignatureFault("The algorithm is hs2019, rsa-sha256, or ed25519.")
    names = given.get("headers", "date").lower().split(" ")
    if len(set(names)) != len(names) or len(names) > _MOST_HEADERS:
        raise SignatureFault("A header stands twice among the signed ones.")
    for needed in ("(request-target)", "host", "digest"):
        if needed not in names:
            raise SignatureFault(f"The signature does not cover {needed}.")
    if "date" not in names and "(created)" not in names:
        raise SignatureFault("The signature covers no moment: neither date nor (created).")
    base = "\n".join(f"{name}: {_value(name, request, given, algorithm)}" for name in names)
    _check_moments(request, names, given, now)
    _check_digest(request)
    return CavageClaim(key_id, algorithm, base.encode("latin-1", "replace"), _decoded(given.get("signature")))


def _parameters(header: str | None) -> dict[str, str]:
    if header is None:
        raise SignatureFault("There is no header Signature.")
    found: dict[str, str] = {}
    at = 0
    while at < len(header):
        match = _PARAMETER.match(header, at)
        if match is None or match.end() == at:
            raise SignatureFault("The header Signature cannot be read.")
        name, text, digits = match.groups()
        if name in found:
            raise SignatureFault(f"The header Signature says {name} twice.")
        found[name] = digits if text is None else text
        at = match.end()
    return found


def _value(name: str, request: Request, given: dict[str, str], algorithm: str) -> str:
    parts = urlsplit(request.url)
    if name == "(request-target)":
        query = f"?{parts.query}" if parts.query else ""
        return f"{request.method.lower()} {parts.path or '/'}{query}"
    if name == "host":
        # What the world calls us: a signature for another server is none for us.
        return parts.netloc
    if name in ("(created)", "(expires)"):
        number = given.get(name.strip("()"), "")
        if not number.isdigit() or algorithm == "rsa-sha256":
            raise SignatureFault(f"There is no {name} to be signed.")
        return number
    if not _HEADER.fullmatch(name):
        raise SignatureFault("A name among the signed headers is none.")
    value = request.one(name)
    if value is None:
        raise SignatureFault("A header that is signed is not there.")
    return value


def _check_moments(request: Request, names: list[str], given: dict[str, str], now: datetime) -> None:
    if "date" in names:
        _near(_date(request.one("Date") or ""), now)
    if "(created)" in names:
        _near(_unix(given["created"]), now)
    if given.get("expires", "").isdigit() and _unix(given["expires"]) < now:
        raise SignatureFault("The signature has expired.")


def _near(moment: datetime, now: datetime) -> None:
    if abs(now - moment) > WINDOW:
        raise SignatureFault("The moment of the signature is more than an hour away. Look at your clock.")


def _date(text: str) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    except (ValueError, TypeError, IndexError, OverflowError):
        raise SignatureFault("The header Date is no date.") from None


def _unix(digits: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(digits), UTC)
    except (ValueError, OverflowError, OSError):
        raise SignatureFault("A moment in the signature is none.") from None


def _check_digest(request: Request) -> None:
    """RFC 3230: the SHA-256 among the digests; one of another kind proves nothing to us."""
    header = request.one("Digest") or ""
    given = [_DIGEST.fullmatch(one) for one in header.split(",")]
    values = [match.group(2) for match in given if match and match.group(1).lower() == "sha-256"]
    if len(values) != 1 or None in given:
        raise SignatureFault("The header Digest holds no SHA-256 of the body, or more than one.")
    if not sha256_matches(request.body, _decoded(values[0])):
        raise SignatureFault("The header Digest is of another body.")


def _decoded(text: str | None) -> bytes:
    try:
        found = base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError):
        raise SignatureFault("What should be base64 is not.") from None
    if not found or len(found) > MAX_SIGNATURE:
        raise SignatureFault("The signature is empty or too long.")
    return found
