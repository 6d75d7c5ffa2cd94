"""The master key: 32 random bytes, kept away from the data that they protect (see `sources`).

Whoever has the data folder but not this key has no personal data; whoever loses the key has none either.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import shutil
from pathlib import Path

from django.conf import settings

from fairnotice.vault import sources
from fairnotice.vault.errors import MasterKeyError

LENGTH = sources.LENGTH

# By what the setting says: the key that was read first, and all keys known since, by their id.
_loaded: dict[str, bytes] = {}
_rings: dict[str, dict[str, bytes]] = {}


def create(path: Path, key: bytes | None = None) -> None:
    """Write a new master key, readable by this user alone (mode 0400; folders made for it 0700), and sync it.

    `key`: the 32 bytes to write, otherwise random ones. Raises FileExistsError where there is a file: a
    master key is never overwritten.
    """
    folder = path.parent
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(key or secrets.token_bytes(LENGTH)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(folder)


def put_in_place(new: Path, path: Path, kept: Path) -> None:
    """Let the key `new` take the place of `path` at once; the one that lay there is `kept` beside it.

    A crash leaves either the old or the new key in place, whole. All three are in one folder.
    """
    if not kept.exists():
        os.link(path, kept)
    os.replace(new, path)
    _sync_folder(path.parent)


def key_id(key: bytes) -> str:
    """A name for a master key that tells nothing about it: 16 hexadecimal digits."""
    return hmac.new(key, b"fair-notice/master-key-id/v1", hashlib.sha256).hexdigest()[:16]


def problems(setting: str | Path, data_folder: Path) -> list[str]:
    """Why this master key may not be used with this data folder, each with how to mend it; empty if none."""
    try:
        source = sources.parse(setting)
    except ValueError as error:
        return [f"The master key cannot be found: {error}. Set master_key_file in fairnotice.toml."]
    if isinstance(source, sources.Command):
        found = _of_program(source.argv[0], data_folder)
        if found or str(setting) in _loaded:
            return found
    else:
        try:
            path = source.path if isinstance(source, sources.KeyFile) else source.path()
        except MasterKeyError as error:
            return [str(error)]
        found = _of_file(path, data_folder, credential=isinstance(source, sources.Credential))
    try:
        key = sources.read(source)
    except MasterKeyError as error:
        return [*found, str(error)]
    if isinstance(source, sources.Command):
        # Asked once: it may want somebody to touch a card.
        _keep(str(setting), key)
    return found


def _of_file(path: Path, data_folder: Path, *, credential: bool) -> list[str]:
    found: list[str] = []
    real, data = path.resolve(), data_folder.resolve()
    if real.is_relative_to(data) or real.parent in _database_folders():
        found.append(
            f"The master key {path} lies beside the database, so a copy of the folder would open everything. "
            "Move it elsewhere and set master_key_file in fairnotice.toml."
        )
    backups = getattr(settings, "FN_BACKUP_FOLDER", None)
    if backups is not None and real.is_relative_to(Path(backups).resolve()):
        found.append(
            f"The master key {path} lies in the folder of the backups, so whoever carries them off could "
            "open everything. Move it elsewhere and set master_key_file in fairnotice.toml."
        )
    if credential:
        return found  # systemd guards it, by an access list that shows as rights of the group
    try:
        status, folder = real.stat(), real.parent.stat()
    except OSError:
        return found  # said when it is read
    if status.st_mode & 0o077:
        found.append(f"The master key {path} can be used by other users. Run: chmod 0400 {path}")
    if folder.st_mode & 0o022 and not folder.st_mode & 0o1000:
        found.append(
            f"Other users could put another key in the place of {path}. Run: chmod go-w {real.parent}"
        )
    return found


def _of_program(name: str, data_folder: Path) -> list[str]:
    """A program in the data folder could be changed by whatever can write there, and be copied with it."""
    found = shutil.which(name)
    if found is not None and Path(found).resolve().is_relative_to(data_folder.resolve()):
        return [
            f"The program {name}, which gives the master key, lies in the data folder. Move it elsewhere and "
            "set master_key_file in fairnotice.toml."
        ]
    return []


def load() -> bytes:
    """The 32 bytes that FN_MASTER_KEY_FILE names, read and checked once per process.

    Raises MasterKeyError with all that `problems` found.
    """
    setting = str(settings.FN_MASTER_KEY_FILE)
    key = _loaded.get(setting)
    if key is None:
        found = problems(setting, Path(settings.FN_DATA))
        if found:
            raise MasterKeyError("\n".join(found))
        key = _loaded.get(setting) or _keep(setting, sources.read(sources.parse(setting)))
    return key


def ring() -> dict[str, bytes]:
    """All master keys that this process knows by their ids, the one of the settings first. The caller may add
    to it. Raises MasterKeyError."""
    load()
    return _rings[str(settings.FN_MASTER_KEY_FILE)]


def read_again() -> bytes:
    """The key that lies there now, after another may have been put in its place; added to the ring.

    Raises MasterKeyError where none can be used any more.
    """
    setting = str(settings.FN_MASTER_KEY_FILE)
    return _keep(setting, sources.read(sources.parse(setting)))


def forget() -> None:
    """Read the key again at the next use (after it was moved or replaced)."""
    _loaded.clear()
    _rings.clear()


def _keep(setting: str, key: bytes) -> bytes:
    _loaded[setting] = key
    _rings.setdefault(setting, {})[key_id(key)] = key
    return key


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _database_folders() -> set[Path]:
    return {
        Path(str(database["NAME"])).resolve().parent
        for database in settings.DATABASES.values()
        if "sqlite" in str(database["ENGINE"]) and database["NAME"]
    }
