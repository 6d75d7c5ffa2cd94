"""The master key: one file of 32 random bytes in base64, kept away from the data it protects.

Whoever has the data folder but not this file has no personal data; whoever loses this file has none either.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path

from django.conf import settings

from fairnotice.vault.errors import MasterKeyError

LENGTH = 32

_loaded: dict[Path, bytes] = {}


def create(path: Path) -> None:
    """Write a new master key, readable by this user alone (mode 0400; folders made for it 0700), and sync it.

    Raises FileExistsError where there is one: a master key is never overwritten.
    """
    folder = path.parent
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(LENGTH)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    parent = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


def problems(path: Path, data_folder: Path) -> list[str]:
    """Why this master key may not be used with this data folder, each with how to mend it; empty if none."""
    found: list[str] = []
    real, data = path.resolve(), data_folder.resolve()
    if real.is_relative_to(data) or real.parent in _database_folders():
        found.append(
            f"The master key {path} lies beside the database, so a copy of the folder would open everything. "
            "Move it elsewhere and set master_key_file in fairnotice.toml."
        )
    try:
        status = real.stat()
    except OSError as error:
        found.append(
            f"The master key {path} cannot be found or read ({error.strerror}). Put your backup of it "
            "there, or run 'fairnotice init' for a new data folder."
        )
        return found
    if not stat.S_ISREG(status.st_mode):
        found.append(f"The master key {path} is not a file. Set master_key_file in fairnotice.toml to it.")
        return found
    if status.st_mode & 0o077:
        found.append(f"The master key {path} can be used by other users. Run: chmod 0400 {path}")
    try:
        _decode(real.read_bytes())
    except OSError as error:
        found.append(f"The master key {path} cannot be read ({error.strerror}). Make this user its owner.")
    except ValueError:
        found.append(
            f"The master key {path} is not 32 bytes written in base64. Put your backup of it there; "
            "a cut or edited key opens nothing."
        )
    return found


def load() -> bytes:
    """The 32 bytes of FN_MASTER_KEY_FILE, read and checked once per process.

    Raises MasterKeyError with all that `problems` found.
    """
    path = Path(settings.FN_MASTER_KEY_FILE)
    key = _loaded.get(path)
    if key is None:
        found = problems(path, Path(settings.FN_DATA))
        if found:
            raise MasterKeyError("\n".join(found))
        key = _loaded[path] = _decode(path.read_bytes())
    return key


def forget() -> None:
    """Read the file again at the next use (after it was moved or replaced)."""
    _loaded.clear()


def _decode(data: bytes) -> bytes:
    try:
        key = base64.b64decode(data.strip(), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(key) != LENGTH:
        raise ValueError("wrong length")
    return key


def _database_folders() -> set[Path]:
    return {
        Path(str(database["NAME"])).resolve().parent
        for database in settings.DATABASES.values()
        if "sqlite" in str(database["ENGINE"]) and database["NAME"]
    }
