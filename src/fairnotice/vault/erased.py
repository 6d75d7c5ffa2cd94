"""`erased.log` beside the databases: which keys were destroyed, so that no backup brings one of them back.

One line for each key, written and synced before the key is destroyed: the time and the key's id, which is
random and tells nothing. The file only grows. Newest copies of it lie in the clear beside the backups; after
a restore, and at each start, `replay` destroys again what an older keys database still holds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fairnotice.vault.erased_lines import NAME, ids
from fairnotice.vault.models import Replayed
from fairnotice.vault.router import KEYS_DATABASE


def path() -> Path:
    """Where the file is."""
    return Path(settings.FN_DATA) / NAME


def note(key_ids: Iterable[str]) -> None:
    """Write down, durably, that these keys are to be destroyed. Raises OSError where that is not possible."""
    at = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"
    text = "".join(f"{at} {key_id}\n" for key_id in key_ids).encode("ascii")
    if not text:
        return
    file = path()
    new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            text = b"\n" + text  # what was cut off there must not swallow this line
        while text:
            text = text[os.write(descriptor, text) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if new:
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def unfollowed() -> list[str]:
    """The keys that the file names, where this keys database has not followed it as it is: after a start with
    new lines, a crash, or an older database that was put back. Otherwise none.

    Costs one look at the file where it has not grown: its digest is kept in the keys database, so that an
    older one has not seen it. Raises OSError where the file is there and cannot be read.
    """
    content = _content()
    if not content or Replayed.objects.filter(digest=_digest(content)).exists():
        return []
    return ids(content)


def replay() -> int:
    """Destroy again what the file names and the keys database still holds; returns how many. Drop before what
    they sealed (`unfollowed`). Raises OSError where the file cannot be read."""
    from fairnotice.vault.keys import destroy_noted

    content = _content()
    if not content or Replayed.objects.filter(digest=_digest(content)).exists():
        return 0
    count = destroy_noted(ids(content))
    with transaction.atomic(using=KEYS_DATABASE):
        Replayed.objects.all().delete()
        Replayed.objects.create(digest=_digest(content))
    return count


def _content() -> bytes:
    try:
        return path().read_bytes()
    except FileNotFoundError:
        return b""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
