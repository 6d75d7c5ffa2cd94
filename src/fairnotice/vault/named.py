"""Seals short texts of the installation itself, such as the secret of a second factor, under a named secret.

For what belongs to nobody outside and is deleted with its row; what people send in is sealed under keys that
can be destroyed (`vault.sealing`).
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fairnotice.vault.errors import SealBroken
from fairnotice.vault.framing import framed
from fairnotice.vault.keys import hkdf, named_secret

_NONCE = 12


def seal_text(name: str, text: str) -> str:
    """Base64 of nonce and AES-256-GCM ciphertext, under a key derived from the secret of this name."""
    nonce = os.urandom(_NONCE)
    sealed = nonce + _cipher(name).encrypt(nonce, text.encode(), _place(name))
    return base64.b64encode(sealed).decode()


def unseal_text(name: str, sealed: str) -> str:
    """The text. Raises SealBroken where it was changed or was never sealed so."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        return _cipher(name).decrypt(raw[:_NONCE], raw[_NONCE:], _place(name)).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise SealBroken(f"Something that was sealed as '{name}' does not open.") from None


def _cipher(name: str) -> AESGCM:
    return AESGCM(hkdf(named_secret(name), b"fair-notice/named-seal/v1"))


def _place(name: str) -> bytes:
    return framed("fair-notice/named-seal/v1", name)
