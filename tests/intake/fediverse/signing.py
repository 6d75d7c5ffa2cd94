"""A signer of our own making for the draft, and one of the library's for the standard: neither shares a line
with what checks them."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

URL = "http://127.0.0.1:8000/ap/inbox"
KEY_ID = "https://away.example.org/actor#main-key"


@functools.cache
def rsa_key(number: int = 0) -> rsa.RSAPrivateKey:
    """A key for each number."""
    return rsa.generate_private_key(65537, 2048)


@functools.cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


@functools.cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem(key: Any) -> str:
    """The public half."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def cavage(
    body: bytes,
    *,
    key: Any = None,
    key_id: str = KEY_ID,
    names: str = "(request-target) host date digest content-type",
    algorithm: str | None = "rsa-sha256",
    when: datetime | None = None,
    host: str = "127.0.0.1:8000",
    target: str = "post /ap/inbox",
    more: dict[str, str] | None = None,
    digest: str | None = None,
) -> dict[str, str]:
    """The headers of a request signed after the draft."""
    sha = base64.b64encode(hashlib.sha256(body).digest()).decode()
    headers = {
        "Host": host,
        "Date": format_datetime(when or datetime.now(UTC), usegmt=True),
        "Digest": digest or f"SHA-256={sha}",
        "Content-Type": "application/activity+json",
    }
    values = {"(request-target)": target, **{k.lower(): v for k, v in headers.items()}}
    for name, value in (more or {}).items():
        values[f"({name})"] = value
    text = "\n".join(f"{name}: {values[name]}" for name in names.split())
    private = key or rsa_key()
    if isinstance(private, rsa.RSAPrivateKey):
        made = private.sign(text.encode(), PKCS1v15(), SHA256())
    else:
        made = private.sign(text.encode())
    said = [f'keyId="{key_id}"']
    said += [f'algorithm="{algorithm}"'] if algorithm else []
    said += [f"{name}={value}" for name, value in (more or {}).items()]
    said += [f'headers="{names}"', f'signature="{base64.b64encode(made).decode()}"']
    return {**headers, "Signature": ",".join(said)}


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key: Any) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> Any:
        return self.key


class _Message:
    def __init__(self, headers: dict[str, str]) -> None:
        self.method, self.url, self.headers = "POST", URL, headers


def standard(
    body: bytes,
    *,
    key: Any = None,
    key_id: str = KEY_ID,
    algorithm: Any = algorithms.RSA_V1_5_SHA256,
    covered: tuple[str, ...] = ("@method", "@target-uri", "content-digest"),
    created: datetime | None = None,
    include_alg: bool = True,
) -> dict[str, str]:
    """The headers of a request signed after RFC 9421."""
    sha = base64.b64encode(hashlib.sha256(body).digest()).decode()
    message = _Message({"Content-Type": "application/activity+json", "Content-Digest": f"sha-256=:{sha}:"})
    HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=_Keys(key or rsa_key())).sign(
        message,
        key_id=key_id,
        covered_component_ids=covered,
        created=created or datetime.now(UTC),
        include_alg=include_alg,
        use_existing_digest=True,
    )
    return dict(message.headers)


def as_body(activity: Any) -> bytes:
    return json.dumps(activity).encode()
