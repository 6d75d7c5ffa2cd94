"""Wraps keys and secrets under the master key with AES-256-GCM (NIST SP 800-38D).

Wrapped form: one version byte 0x01, 12 random bytes of nonce, ciphertext with its 16-byte tag. The associated
data names the purpose and the row, so that a wrapped key works in its own row only. Each row says which
master key it is under, so that two can be in use while one gives way to the other (`rotation`).
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connections, transaction

from fairnotice.vault import master
from fairnotice.vault.errors import MasterKeyError, SealBroken, WrongMasterKey
from fairnotice.vault.framing import framed
from fairnotice.vault.models import Bridge, Key, Secret
from fairnotice.vault.router import KEYS_DATABASE

_VERSION = b"\x01"
_NONCE = 12
CHECK = "check"
_CHECK_VALUE = b"fair-notice/master-key-check/v1"

# Databases (file or name, id of a master key) whose check value this process has already opened.
_checked: set[tuple[str, str]] = set()


def wrap(plain: bytes, *purpose: str) -> tuple[bytes, str]:
    """The wrapped bytes and the id of the master key that they are under, for the columns of a row.

    Call it in the transaction on the keys database that writes the row: which master key is in force is then
    settled. Raises MasterKeyError, or WrongMasterKey before anything is wrapped under another vault's key.
    """
    under = in_force()
    return _encrypt(key(under), plain, purpose), under


def unwrap(wrapped: bytes, under: str, *purpose: str) -> bytes:
    """What was wrapped; `under` is what its row says of the master key. Raises WrongMasterKey or, with the
    right master key, SealBroken where the bytes were changed."""
    for candidate in _candidates(under):
        try:
            return _decrypt(candidate, wrapped, purpose)
        except InvalidTag:
            continue
    check_master()
    raise SealBroken("A wrapped key does not open: its row in the keys database was changed.") from None


def rewrap(wrapped: bytes, under: str, *purpose: str) -> tuple[bytes, str]:
    """The same under the master key that is in force; in a transaction, as `wrap`."""
    return wrap(unwrap(wrapped, under, *purpose), *purpose)


def check_master() -> None:
    """Make sure that the master key is one of this keys database, which remembers it by a check value.

    The first master key ever used is remembered. Raises WrongMasterKey, MasterKeyError.
    """
    in_force()


def in_force() -> str:
    """The id of the master key that new rows are wrapped under; this process can use it. Raises as above."""
    wrapped, under = _check_row() or _first_check()
    database = str(connections[KEYS_DATABASE].settings_dict["NAME"])
    # A row from before there were ids is under the key that opens it.
    for key_id in [under] if under else list(master.ring()):
        if (database, key_id) in _checked and key_id in master.ring():
            return key_id
        try:
            right = _decrypt(key(key_id), wrapped, ("check",)) == _CHECK_VALUE
        except InvalidTag:
            right = False
        if right:
            if not under:
                Secret.objects.filter(name=CHECK, master="").update(master=key_id)
            _checked.add((database, key_id))
            return key_id
    raise _wrong()


def key(key_id: str) -> bytes:
    """The master key with this id: one that this process knows, or can open with one that it knows, or finds
    where the settings say. Raises WrongMasterKey, MasterKeyError."""
    ring = master.ring()
    if key_id not in ring:
        _cross(ring)
    if key_id not in ring:
        # Another may have been put in its place since this process began.
        master.read_again()
        ring = master.ring()
        if key_id not in ring:
            _cross(ring)
    try:
        return ring[key_id]
    except KeyError:
        raise _wrong() from None


def set_check(new: bytes) -> None:
    """From now on new rows are wrapped under `new`; in the transaction that makes the bridges to it."""
    Secret.objects.filter(name=CHECK).update(
        wrapped=_encrypt(new, _CHECK_VALUE, ("check",)), master=master.key_id(new)
    )


def bridge(over: bytes, to: bytes) -> Bridge:
    """A row, not saved, by which whoever has the one master key gets the other."""
    ends = master.key_id(over), master.key_id(to)
    return Bridge(master=ends[0], opens=ends[1], wrapped=_encrypt(over, to, ("bridge", *ends)))


def _cross(ring: dict[str, bytes]) -> None:
    """Add the keys that are wrapped under one that is there already."""
    for row in Bridge.objects.all():
        if row.master in ring and row.opens not in ring:
            try:
                found = _decrypt(ring[row.master], bytes(row.wrapped), ("bridge", row.master, row.opens))
            except InvalidTag:
                raise SealBroken(
                    "The new master key does not open: its row in the keys database was changed."
                ) from None
            ring[row.opens] = found


def _candidates(under: str) -> list[bytes]:
    """The master keys to try: the one that the row names or, for an old row, all that are known."""
    if under:
        try:
            return [key(under)]
        except WrongMasterKey:
            check_master()
            return []  # the right master key, and a row that names none of its own
    ring = master.ring()
    _cross(ring)
    return list(ring.values())


def _wrong() -> WrongMasterKey:
    return WrongMasterKey(
        "The master key is not the one that this data folder was made with. "
        "Set master_key_file in fairnotice.toml to the right file, or put your backup of it in place."
    )


def _check_row() -> tuple[bytes, str] | None:
    with connections[KEYS_DATABASE].cursor() as cursor:
        # Plain SQL: asked for every key that is made.
        cursor.execute("SELECT wrapped, master FROM vault_secret WHERE name = %s", [CHECK])
        row = cursor.fetchone()
    return None if row is None else (bytes(row[0]), row[1])


def _first_check() -> tuple[bytes, str]:
    """The check value of an empty vault, made now. Looked for again under the write lock: two processes may
    start at once, and the first row stays.
    """
    first = master.load()
    with transaction.atomic(using=KEYS_DATABASE):
        row = _check_row()
        if row is not None:
            return row
        if Key.objects.exists() or Secret.objects.exists():
            # Made anew, it would bless whatever master key happens to be in place.
            raise MasterKeyError(
                "The keys database holds keys, but not the value by which their master key is recognised. "
                "Restore keys.sqlite3 from a backup."
            )
        made = _encrypt(first, _CHECK_VALUE, ("check",)), master.key_id(first)
        Secret.objects.create(name=CHECK, wrapped=made[0], master=made[1])
        return made


def _encrypt(key: bytes, plain: bytes, purpose: tuple[str, ...]) -> bytes:
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, _bound(purpose))


def _decrypt(key: bytes, wrapped: bytes, purpose: tuple[str, ...]) -> bytes:
    if wrapped[:1] != _VERSION or len(wrapped) < 1 + _NONCE + 16:
        raise InvalidTag
    return AESGCM(key).decrypt(wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :], _bound(purpose))


def _bound(purpose: tuple[str, ...]) -> bytes:
    return framed("fair-notice/wrap/v1", *purpose)
