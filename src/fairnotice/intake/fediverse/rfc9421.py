"""HTTP message signatures (RFC 9421), the body by `Content-Digest` (RFC 9530). The reading of components and
structured fields is the library's; what must be covered, and which key may be used how, is said here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import http_sf
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    algorithms,
)

from fairnotice.intake.fediverse.signed import MAX_KEY_ID, WINDOW, PublicKey, Request, SignatureFault

_NEEDED = ("@method", "content-digest")
# The standard's names, for RSA first the one that Mastodon uses.
_RSA = {"rsa-v1_5-sha256": algorithms.RSA_V1_5_SHA256, "rsa-pss-sha512": algorithms.RSA_PSS_SHA512}


@dataclass(frozen=True)
class StandardClaim:
    """A signature that was read: who says it is theirs, and the request it must be about."""

    key_id: str
    algorithm: str
    request: Request

    def verify(self, key: PublicKey) -> None:
        """Raises SignatureFault unless this key made it, over what must be covered, within the hour."""
        verifier = HTTPMessageVerifier(
            signature_algorithm=_algorithm(key, self.algorithm), key_resolver=_Known(key)
        )
        try:
            verifier.verify(
                _Message(self.request), max_age=WINDOW, require_components=_NEEDED, body=self.request.body
            )
        except (HTTPMessageSignaturesException, ValueError, TypeError):
            # Its words may quote the request.
            raise SignatureFault(
                "This is not a good signature of this request by this key, made within the last hour."
            ) from None


def read(request: Request, now: datetime) -> StandardClaim:
    """The claim of a request. Raises SignatureFault where there is not exactly one signature, or where it
    does not cover method, address and body, or says no moment. `now` is not used: the library asks the clock.
    """
    inputs, signatures = _dictionary(request, "Signature-Input"), _dictionary(request, "Signature")
    if len(inputs) != 1 or inputs.keys() != signatures.keys():
        raise SignatureFault("There must be one signature (RFC 9421), and no second.")
    components, parameters = _inner_list(next(iter(inputs.values())))
    for needed in _NEEDED:
        if needed not in components:
            raise SignatureFault(f"The signature does not cover {needed}.")
    if "@target-uri" not in components and not {"@authority", "@path"} <= components:
        raise SignatureFault("The signature does not cover @target-uri.")
    key_id, algorithm = parameters.get("keyid"), parameters.get("alg", "")
    if not isinstance(key_id, str) or not key_id or len(key_id) > MAX_KEY_ID:
        raise SignatureFault("The signature names no key (keyid).")
    if type(parameters.get("created")) is not int:
        raise SignatureFault("The signature says no moment (created).")
    request.one("Content-Digest")
    return StandardClaim(key_id, str(algorithm), request)


def _algorithm(key: PublicKey, named: str) -> type[HTTPSignatureAlgorithm]:
    """By the kind of key; the word in the signature may only agree."""
    found: type[HTTPSignatureAlgorithm] | None = None
    if isinstance(key, RSAPublicKey):
        found = _RSA.get(named or "rsa-v1_5-sha256")
    elif isinstance(key, Ed25519PublicKey):
        found = algorithms.ED25519
    elif isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        found = algorithms.ECDSA_P256_SHA256
    if found is None or named not in ("", found.algorithm_id):
        raise SignatureFault("The algorithm is not one for this key.")
    return found


def _dictionary(request: Request, name: str) -> dict[str, Any]:
    value = request.one(name)
    if value is None:
        raise SignatureFault(f"There is no header {name}.")
    try:
        found = http_sf.parse(value.encode("ascii"), tltype="dictionary", on_duplicate_key=_twice)
    except (ValueError, TypeError):
        raise SignatureFault(f"The header {name} cannot be read.") from None
    return found if isinstance(found, dict) else {}


def _twice(name: str, context: str) -> None:
    raise ValueError("twice")


def _inner_list(member: Any) -> tuple[set[str], dict[str, Any]]:
    """The components without parameters of their own, and the parameters of the signature. A component that
    is covered in part only (one member, wrapped bytes) counts as not covered."""
    if not isinstance(member, tuple) or len(member) != 2 or not isinstance(member[0], list):
        raise SignatureFault("The header Signature-Input names no components.")
    whole = {one[0] for one in member[0] if isinstance(one, tuple) and not one[1] and isinstance(one[0], str)}
    return whole, dict(member[1])


class _Message:
    """The request in the shape that the library asks for."""

    def __init__(self, request: Request) -> None:
        self.method = request.method
        self.url = request.url
        self.headers = _Lines(request)


class _Lines:
    def __init__(self, request: Request) -> None:
        self._lines = request.headers

    def items(self) -> list[tuple[str, str]]:
        return list(self._lines)


class _Known(HTTPSignatureKeyResolver):
    def __init__(self, key: PublicKey) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> PublicKey:
        return self._key
