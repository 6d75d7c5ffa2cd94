"""Seals values so that they open only under their own key and in their own place.

Sealed form: one version byte 0x01, 12 random bytes of nonce, AES-256-GCM ciphertext with its 16-byte tag
(NIST SP 800-38D). The associated data are key id, table, row and field, so a value moved elsewhere does not
open.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fairnotice.vault.errors import Erased, SealBroken, UnknownKey
from fairnotice.vault.framing import framed
from fairnotice.vault.keys import derive

__all__ = ["Erased", "SealBroken", "UnknownKey", "seal", "seal_bytes", "unseal", "unseal_bytes"]

_VERSION = b"\x01"
_NONCE = 12
_TAG = 16


def seal(key_id: str, *, table: str, row: str | int, field: str, plaintext: str) -> bytes:
    """The sealed bytes for a column. `row` must be known before sealing and never change.

    Raises Erased, UnknownKey, MasterKeyError, and ValueError for a text that has no UTF-8 form.
    """
    try:
        plain = plaintext.encode()
    except UnicodeEncodeError:
        # Said anew, because Python's own error carries the whole text.
        raise ValueError(f"The {field} of {table} holds half a character (a lone surrogate).") from None
    return seal_bytes(key_id, table=table, row=row, field=field, plain=plain)


def seal_bytes(key_id: str, *, table: str, row: str | int, field: str, plain: bytes) -> bytes:
    """As `seal`, for bytes as they came in."""
    nonce = os.urandom(_NONCE)
    cipher = AESGCM(derive(key_id, "seal"))
    return _VERSION + nonce + cipher.encrypt(nonce, plain, _place(key_id, table, row, field))


def unseal(key_id: str, blob: bytes | memoryview, *, table: str, row: str | int, field: str) -> str:
    """The text that was sealed. Raises Erased, SealBroken, UnknownKey, MasterKeyError."""
    return unseal_bytes(key_id, blob, table=table, row=row, field=field).decode()


def unseal_bytes(key_id: str, blob: bytes | memoryview, *, table: str, row: str | int, field: str) -> bytes:
    """The bytes that were sealed. Raises as `unseal`."""
    sealed = bytes(blob)
    key = derive(key_id, "seal")
    try:
        if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE + _TAG:
            raise InvalidTag
        return AESGCM(key).decrypt(
            sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _place(key_id, table, row, field)
        )
    except InvalidTag:
        raise SealBroken(
            f"The sealed {field} of {table} does not open: it was changed, or moved from another place."
        ) from None


def _place(key_id: str, table: str, row: str | int, field: str) -> bytes:
    return framed("fair-notice/seal/v1", key_id, table, str(row), field)
