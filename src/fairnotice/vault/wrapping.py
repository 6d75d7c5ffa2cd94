"""Wraps keys and secrets under the master key with AES-256-GCM (NIST SP 800-38D).

Wrapped form: one version byte 0x01, 12 random bytes of nonce, ciphertext with its 16-byte tag. The associated
data names the purpose and the row, so that a wrapped key works in its own row only.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connections, transaction

from fairnotice.vault import master
from fairnotice.vault.errors import MasterKeyError, SealBroken, WrongMasterKey
from fairnotice.vault.framing import framed
from fairnotice.vault.models import Key, Secret
from fairnotice.vault.router import KEYS_DATABASE

_VERSION = b"\x01"
_NONCE = 12
_CHECK = "check"
_CHECK_VALUE = b"fair-notice/master-key-check/v1"

# Databases (file or name, master key) whose check value this process has already opened.
_checked: set[tuple[str, bytes]] = set()


def wrap(plain: bytes, *purpose: str) -> bytes:
    """Raises MasterKeyError, or WrongMasterKey before anything is wrapped under a key of another vault."""
    check_master()
    return _encrypt(master.load(), plain, purpose)


def unwrap(wrapped: bytes, *purpose: str) -> bytes:
    """Raises WrongMasterKey or, with the right master key, SealBroken where the bytes were changed."""
    try:
        return _decrypt(master.load(), wrapped, purpose)
    except InvalidTag:
        check_master()
        raise SealBroken("A wrapped key does not open: its row in the keys database was changed.") from None


def check_master() -> None:
    """Make sure that the master key is the one of this keys database, which remembers it by a check value.

    The first master key ever used is remembered. Raises WrongMasterKey, MasterKeyError.
    """
    key = master.load()
    seen = (str(connections[KEYS_DATABASE].settings_dict["NAME"]), key)
    if seen in _checked:
        return
    row = Secret.objects.filter(name=_CHECK).first() or _first_check(key)
    try:
        right = _decrypt(key, bytes(row.wrapped), ("check",)) == _CHECK_VALUE
    except InvalidTag:
        right = False
    if not right:
        raise WrongMasterKey(
            "The master key is not the one that this data folder was made with. "
            "Set master_key_file in fairnotice.toml to the right file, or put your backup of it in place."
        )
    _checked.add(seen)


def _first_check(key: bytes) -> Secret:
    """The check value of an empty vault, made now. Looked for again under the write lock: two processes may
    start at once, and the first row stays.
    """
    with transaction.atomic(using=KEYS_DATABASE):
        row = Secret.objects.filter(name=_CHECK).first()
        if row is not None:
            return row
        if Key.objects.exists() or Secret.objects.exists():
            # Made anew, it would bless whatever master key happens to be in place.
            raise MasterKeyError(
                "The keys database holds keys, but not the value by which their master key is recognised. "
                "Restore keys.sqlite3 from a backup."
            )
        return Secret.objects.create(name=_CHECK, wrapped=_encrypt(key, _CHECK_VALUE, ("check",)))


def _encrypt(key: bytes, plain: bytes, purpose: tuple[str, ...]) -> bytes:
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, _bound(purpose))


def _decrypt(key: bytes, wrapped: bytes, purpose: tuple[str, ...]) -> bytes:
    if wrapped[:1] != _VERSION or len(wrapped) < 1 + _NONCE + 16:
        raise InvalidTag
    return AESGCM(key).decrypt(wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :], _bound(purpose))


def _bound(purpose: tuple[str, ...]) -> bytes:
    return framed("fair-notice/wrap/v1", *purpose)
