"""Keys that can be destroyed, and named secrets.

Nothing unwrapped is kept between calls: each use reads the row, so a key destroyed by another process opens
nothing from that moment on. Locks are always taken in the order default, then keys; nothing here touches the
default database while it holds the keys database.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from fairnotice.plumbing.sqlite.scrub import scrub as _scrub
from fairnotice.vault import erased
from fairnotice.vault.errors import Erased, NeverErased, UnknownKey
from fairnotice.vault.models import Key, Secret
from fairnotice.vault.router import KEYS_DATABASE
from fairnotice.vault.wrapping import check_master, unwrap, wrap

Kind = Literal["subject", "record"]
Purpose = Literal["seal", "commit", "file"]
_BATCH = 500
#: An id that no key has.
NO_KEY = "0" * 32


def new_key(kind: Kind) -> str:
    """Make a key and return its id (32 hexadecimal digits).

    The row is committed when this returns, also inside a transaction on the default database: a sealed value
    can then never outlive its key. If that transaction is rolled back, `sweep_orphans` removes the key.
    Raises RuntimeError inside a transaction on the keys database.
    """
    return new_keys(kind, 1)[0]


def new_keys(kind: Kind, count: int) -> list[str]:
    """As `new_key`, so many at once: one commit, where each alone would wait for the disk."""
    ids = [secrets.token_hex(16) for _ in range(count)]
    now = timezone.now()
    check_master()
    with transaction.atomic(using=KEYS_DATABASE, durable=True):
        rows = []
        for key_id in ids:
            wrapped, master = wrap(secrets.token_bytes(32), "key", key_id, kind)
            rows.append(Key(id=key_id, kind=kind, wrapped=wrapped, master=master, created_at=now))
        Key.objects.bulk_create(rows)
    return ids


def derive(key_id: str, purpose: Purpose) -> bytes:
    """The 32-byte sibling key for one purpose: HKDF-SHA256 (RFC 5869) of the key.

    Raises Erased, UnknownKey, SealBroken, MasterKeyError.
    """
    with connections[KEYS_DATABASE].cursor() as cursor:
        # Plain SQL: this runs for every sealed field, and the query builder costs more than all the rest.
        cursor.execute("SELECT kind, wrapped, master FROM vault_key WHERE id = %s", [key_id])
        row = cursor.fetchone()
    if row is None:
        raise UnknownKey(f"There is no key {key_id} in the keys database.")
    kind, wrapped, master = row
    if wrapped is None:
        raise Erased(f"Key {key_id} was destroyed.")
    return hkdf(unwrap(bytes(wrapped), master, "key", key_id, kind), f"fair-notice/{purpose}/v1".encode())


def hkdf(key: bytes, info: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt, 32 bytes out."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key)


def named_secret(name: str) -> bytes:
    """The installation's 32-byte secret of this name, made on first use. The name "check" is taken."""
    stored = _stored_secret(name)
    if stored is None:
        check_master()
        with transaction.atomic(using=KEYS_DATABASE, durable=True):
            # Of two processes that get here together, the first row stays and both use it.
            stored = _stored_secret(name)
            if stored is None:
                stored = wrap(secrets.token_bytes(32), "secret", name)
                Secret.objects.create(name=name, wrapped=stored[0], master=stored[1])
    wrapped, master = stored
    return unwrap(wrapped, master, "secret", name)


def _stored_secret(name: str) -> tuple[bytes, str] | None:
    with connections[KEYS_DATABASE].cursor() as cursor:
        # Plain SQL as in `derive`: the log's key is read for every signature.
        cursor.execute("SELECT wrapped, master FROM vault_secret WHERE name = %s", [name])
        row = cursor.fetchone()
    return None if row is None else (bytes(row[0]), row[1])


def secret_names(prefix: str) -> list[str]:
    """Names of the secrets there are that begin so, sorted; makes none."""
    return sorted(Secret.objects.filter(name__startswith=prefix).values_list("name", flat=True))


def destroy(key_id: str) -> None:
    """Erase a subject's key for good: at once, and not undone by a rollback on the default database.

    Destroying it again changes nothing. Raises NeverErased for a record's key, UnknownKey.
    """
    destroy_many([key_id])


def destroy_many(key_ids: Iterable[str]) -> int:
    """`destroy` for several subjects' keys, all or none; returns how many were not destroyed before.

    What is to be destroyed is on disk in `erased.log` before a row changes: after a crash, or a restore from
    an older backup, it is destroyed all the same. Raises NeverErased, UnknownKey, and OSError where the file
    cannot be written; then nothing is destroyed.
    """
    wanted = list(dict.fromkeys(key_ids))
    kinds: dict[str, tuple[str, object]] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = Key.objects.filter(id__in=wanted[start : start + _BATCH])
        kinds.update((one, (kind, at)) for one, kind, at in rows.values_list("id", "kind", "destroyed_at"))
    for key_id in wanted:
        if key_id not in kinds:
            raise UnknownKey(f"There is no key {key_id} in the keys database.")
        if kinds[key_id][0] != Key.SUBJECT:
            raise NeverErased(
                f"Key {key_id} opens a record that stays; only a subject's key can be destroyed."
            )
    left = [key_id for key_id in wanted if kinds[key_id][1] is None]
    if not left:
        return 0
    erased.note(left)
    return destroy_noted(left)


def destroy_known(key_ids: Sequence[str]) -> int:
    """`destroy_many` of those that there are, where a keys database was put back that does not know all."""
    known = Key.objects.filter(id__in=key_ids, kind=Key.SUBJECT).values_list("id", flat=True)
    return destroy_many(list(known))


def destroy_noted(key_ids: Sequence[str]) -> int:
    """Destroy subjects' keys that `erased.log` names already; ids that are not known, or of another kind, are
    passed over. Returns how many were destroyed."""
    count = 0
    with transaction.atomic(using=KEYS_DATABASE, durable=True):
        for start in range(0, len(key_ids), _BATCH):
            count += Key.objects.filter(
                id__in=key_ids[start : start + _BATCH], kind=Key.SUBJECT, destroyed_at=None
            ).update(wrapped=None, destroyed_at=timezone.now())
    if count:
        scrub()
    return count


def is_destroyed(key_id: str) -> bool:
    """Whether what was sealed under this key is gone. Raises UnknownKey."""
    row = Key.objects.filter(id=key_id).values_list("destroyed_at").first()
    if row is None:
        raise UnknownKey(f"There is no key {key_id} in the keys database.")
    return row[0] is not None


def opens(key_id: str) -> bool:
    """Whether there is such a key and it was not destroyed. One row answers, whatever the id is, so that the
    time it takes says nothing."""
    with connections[KEYS_DATABASE].cursor() as cursor:
        cursor.execute("SELECT count(wrapped) FROM vault_key WHERE id = %s", [key_id])
        return bool(cursor.fetchone()[0])


def sweep_orphans(referenced_ids: Iterable[str], older_than: timedelta) -> int:
    """Delete the keys that no row refers to: left behind by transactions that were rolled back. Returns how
    many.

    Call it inside a transaction on the default database in which `referenced_ids` was collected, so that no
    other writer can be between making a key and storing its id; keys younger than `older_than` are left alone
    as well. Destroyed keys stay, because pages tell that they were. Raises RuntimeError outside such a
    transaction.
    """
    if not connections[DEFAULT_DB_ALIAS].in_atomic_block:
        raise RuntimeError("sweep_orphans needs the transaction in which the referenced ids were collected")
    candidates = Key.objects.filter(created_at__lt=timezone.now() - older_than, destroyed_at=None)
    orphans = sorted(set(candidates.values_list("id", flat=True)) - set(referenced_ids))
    if not orphans:
        return 0
    with transaction.atomic(using=KEYS_DATABASE, durable=True):
        for start in range(0, len(orphans), _BATCH):
            Key.objects.filter(id__in=orphans[start : start + _BATCH]).delete()
    scrub()
    return len(orphans)


def destroyed_ids() -> Iterable[str]:
    """The ids of all keys that were destroyed."""
    return Key.objects.exclude(destroyed_at=None).values_list("id", flat=True).iterator()


def scrub() -> None:
    """Take old copies of changed rows out of the keys files (`plumbing.sqlite.scrub`)."""
    _scrub(KEYS_DATABASE)
