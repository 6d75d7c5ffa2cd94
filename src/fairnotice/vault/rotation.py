"""Another master key in the place of the old one, while everything goes on.

1. `begin`, one transaction: each of both keys is stored wrapped under the other, and new rows are wrapped
   under the new one from now on. A process that has either key opens every row.
2. `rewrap` wraps each older row anew, some hundred in a transaction. Cut off anywhere, it goes on.
3. The new key is put where processes look for it (`site.keys_commands`).
4. `finish`, one transaction: no row is under the old key, so the two bridges go. The old key opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections, transaction
from django.db.models import QuerySet

from fairnotice.vault import master, wrapping
from fairnotice.vault.errors import MasterKeyError
from fairnotice.vault.keys import scrub
from fairnotice.vault.models import Bridge, Key, Secret
from fairnotice.vault.router import KEYS_DATABASE

_BATCH = 200


def under_way() -> bool:
    """Whether a rotation has begun and is not finished."""
    return Bridge.objects.exists()


def begin(new: bytes) -> None:
    """Let the master key `new` (32 bytes) be in force from now on. Raises MasterKeyError where it is already,
    or while another rotation is under way."""
    wrapping.check_master()
    with transaction.atomic(using=KEYS_DATABASE, durable=True):
        if under_way():
            raise MasterKeyError("Another master key is on its way already. Run the same command again.")
        old = wrapping.key(wrapping.in_force())
        if master.key_id(old) == master.key_id(new):
            raise MasterKeyError("This is the master key that is in force already: nothing to change.")
        Bridge.objects.bulk_create([wrapping.bridge(old, new), wrapping.bridge(new, old)])
        wrapping.set_check(new)


def left() -> int:
    """How many rows are not under the master key in force."""
    new = wrapping.in_force()
    return _old_keys(new).count() + _old_secrets(new).count()


def rewrap(done: Callable[[int], object] = lambda count: None) -> int:
    """Wrap every row anew that is not under the master key in force; returns how many. `done` is called with
    the number after each batch. A key that is destroyed meanwhile stays destroyed."""
    count, last = 0, ""
    while True:
        with transaction.atomic(using=KEYS_DATABASE, durable=True):
            new = wrapping.in_force()
            rows = list(
                _old_keys(new)
                .filter(id__gt=last)
                .order_by("id")[:_BATCH]
                .values_list("id", "kind", "wrapped", "master")
            )
            _store(rows)
            secrets = [] if rows else list(_old_secrets(new))
            for secret in secrets:
                secret.wrapped, secret.master = wrapping.rewrap(
                    bytes(secret.wrapped), secret.master, "secret", secret.name
                )
                secret.save(update_fields=["wrapped", "master"])
        if not rows:
            done(len(secrets))
            return count + len(secrets)
        last = rows[-1][0]
        count += len(rows)
        done(len(rows))


def finish() -> None:
    """Take the bridges down. Raises MasterKeyError where a row is still under another key: then run `rewrap`
    again."""
    with transaction.atomic(using=KEYS_DATABASE, durable=True):
        if left():
            raise MasterKeyError("Some keys are still under the old master key. Run the same command again.")
        Bridge.objects.all().delete()
    # Neither the bridges nor anything under the old key may stay in a file.
    scrub()


def _store(rows: list[tuple[str, str, bytes | memoryview | None, str]]) -> None:
    new = [
        (*wrapping.rewrap(bytes(wrapped), under, "key", key_id, kind), key_id)
        for key_id, kind, wrapped, under in rows
        if wrapped is not None
    ]
    with connections[KEYS_DATABASE].cursor() as cursor:
        cursor.executemany("UPDATE vault_key SET wrapped = %s, master = %s WHERE id = %s", new)


def _old_keys(new: str) -> QuerySet[Key]:
    return Key.objects.filter(wrapped__isnull=False).exclude(master=new)


def _old_secrets(new: str) -> QuerySet[Secret]:
    return Secret.objects.exclude(master=new).exclude(name=wrapping.CHECK)
