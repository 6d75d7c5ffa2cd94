"""Seals values so that they open only under their own key and in their own place.

Sealed form: one version byte 0x01, 12 random bytes of nonce, AES-256-GCM ciphertext with its 16-byte tag
(NIST SP 800-38D). The associated data are key id, table, row and field, so a value moved elsewhere does not
open.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fairnotice.vault.errors import Erased, SealBroken, UnknownKey
from fairnotice.vault.framing import framed
from fairnotice.vault.keys import derive

__all__ = ["Erased", "SealBroken", "UnknownKey", "seal", "seal_many", "unseal", "unseal_bytes"]

_VERSION = b"\x01"
_NONCE = 12
_TAG = 16


def seal(key_id: str, *, table: str, row: str | int, field: str, plaintext: str) -> bytes:
    """The sealed bytes for a column. `row` must be known before sealing and never change.

    Raises Erased, UnknownKey, MasterKeyError, and ValueError for a text that has no UTF-8 form.
    """
    return seal_many(key_id, table=table, row=row, values={field: plaintext})[field]


def seal_many(
    key_id: str, *, table: str, row: str | int, values: Mapping[str, str | bytes]
) -> dict[str, bytes]:
    """As `seal`, for several fields of a row, texts or bytes as they came in; the key is read once."""
    plain = {field: _bytes(value, table, field) for field, value in values.items()}
    cipher = AESGCM(derive(key_id, "seal"))
    found = {}
    for field, value in plain.items():
        nonce = os.urandom(_NONCE)
        found[field] = _VERSION + nonce + cipher.encrypt(nonce, value, _place(key_id, table, row, field))
    return found


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


def _bytes(value: str | bytes, table: str, field: str) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return value.encode()
    except UnicodeEncodeError:
        # Said anew, because Python's own error carries the whole text.
        raise ValueError(f"The {field} of {table} holds half a character (a lone surrogate).") from None


def _place(key_id: str, table: str, row: str | int, field: str) -> bytes:
    return framed("fair-notice/seal/v1", key_id, table, str(row), field)
