"""`fairnotice backup`: two files for the recipients, data and keys, beside them the list of erased keys."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from fairnotice import __version__
from fairnotice.ledger import publishing
from fairnotice.site.backup import snapshot
from fairnotice.site.backup.archive import Progress, pack
from fairnotice.site.backup.errors import BackupRefused
from fairnotice.site.backup.manifest import DATA, KEYS, Manifest
from fairnotice.site.config import FILE_NAME
from fairnotice.vault import erased, erased_lines
from fairnotice.vault.router import KEYS_DATABASE

_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"fair-notice-(\d{8}T\d{6}Z)-(data|keys)\.tar\.age")
DUMP = "db.pgdump"
_WORK = ".backup-"


@dataclass(frozen=True)
class Made:
    """The files of one backup, what is in them, and the keys' backups that were deleted for their age."""

    data: Path
    keys: Path
    data_list: Manifest
    keys_list: Manifest
    pruned: list[Path]


def backup(
    to: Path,
    *,
    bar: Callable[[str, int], Progress] = lambda what, total: lambda count: None,
    now: datetime | None = None,
) -> Made:
    """Back the data folder up into `to`, while it is served or not. Raises BackupRefused, OSError.

    The databases are copied first, data before keys: a key is always there before what it seals. What they
    refer to (stored files, the published log) is read afterwards.
    """
    if not settings.FN_BACKUP_RECIPIENTS:
        raise BackupRefused(
            "Nobody could open the backup: 'backup_recipients' in fairnotice.toml is empty. Make a key with "
            "'age-keygen -o FILE' on another machine, keep FILE there, and put the line that begins with "
            "age1 into the setting."
        )
    folder = Path(settings.FN_DATA)
    _must_be_apart(to, folder)
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder), _work(folder) as work:
        _tidy(to)
        started = now or datetime.now(UTC)
        pair = secrets.token_hex(8)
        database = _copy_data(work, bar)
        data_list = Manifest(DATA, _iso(now), pair, __version__)
        if database.suffix == ".sqlite3":
            data_list.counts, data_list.logs = snapshot.counts(database), snapshot.logs(database)
        keys = work / "keys.sqlite3"
        place = Path(str(connections[KEYS_DATABASE].settings_dict["NAME"]))
        snapshot.sqlite(place, keys, bar("keys", place.stat().st_size))
        keys_list = Manifest(KEYS, _iso(now), pair, __version__, counts=snapshot.counts(keys))
        with publishing.publish_lock():
            snapshot.tree(Path(settings.FN_LOG_DIR), work / "log")
        entries = [
            *_settings(folder),
            (database.name, database),
            *_below(work, "log"),
            *_below(folder, "files"),
        ]
        total = sum(path.stat().st_size for _, path in entries if path.exists())
        made_data = _pack(to, started, DATA, entries, data_list, bar("data", total))
        made_keys = _pack(to, started, KEYS, [(keys.name, keys)], keys_list, bar("keys", keys.stat().st_size))
        copy_erased(to)
    return Made(made_data, made_keys, data_list, keys_list, prune(to, now=started, kept=made_keys))


def copy_erased(to: Path) -> bool:
    """Bring the copy of `erased.log` beside the backups up to date; it never loses a line. Returns whether
    there was something new. Raises OSError."""
    own = erased.path().read_bytes() if erased.path().exists() else b""
    target = to / erased_lines.NAME
    there = target.read_bytes() if target.exists() else None
    content = erased_lines.merged(there or b"", own)
    if content == there:
        return False
    beside = to / f".{erased_lines.NAME}.{secrets.token_hex(4)}"
    _write(beside, content)
    os.replace(beside, target)
    _sync(to)
    return True


def found(folder: Path, part: str) -> list[tuple[datetime, Path]]:
    """The backups of one part that lie in a folder, the oldest first, with the time in their names."""
    named = ((_NAME.fullmatch(path.name), path) for path in folder.glob("fair-notice-*.tar.age"))
    return sorted(
        (datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC), path)
        for match, path in named
        if match and match[2] == part
    )


def prune(to: Path, *, now: datetime, kept: Path) -> list[Path]:
    """Delete the backups of keys that are older than the setting allows; never `kept`."""
    before = now - timedelta(days=settings.FN_KEYS_BACKUP_DAYS)
    old = [path for at, path in found(to, KEYS) if at < before and path != kept]
    for path in old:
        path.unlink()
    if old:
        _sync(to)
    return old


def _copy_data(work: Path, bar: Callable[[str, int], Progress]) -> Path:
    place = connections[DEFAULT_DB_ALIAS].settings_dict
    if "sqlite" not in str(place["ENGINE"]):
        snapshot.postgres(place, work / DUMP)
        return work / DUMP
    source, target = Path(str(place["NAME"])), work / "db.sqlite3"
    snapshot.sqlite(source, target, bar("database", source.stat().st_size))
    return target


def _pack(
    to: Path, at: datetime, part: str, entries: list[tuple[str, Path]], listed: Manifest, progress: Progress
) -> Path:
    target = to / f"fair-notice-{at:{_STAMP}}-{part}.tar.age"
    beside = to / f".{target.name}.{secrets.token_hex(4)}"
    if target.exists():
        raise BackupRefused(f"{target} is there already. Try again in a second.")
    try:
        pack(entries, listed, beside, settings.FN_BACKUP_RECIPIENTS, progress)
        os.rename(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    _sync(to)
    return target


def _settings(folder: Path) -> Iterator[tuple[str, Path]]:
    if (folder / FILE_NAME).exists():
        yield FILE_NAME, folder / FILE_NAME


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """All whole files below `folder/name`, in the order of their names."""
    for place, folders, names in os.walk(folder / name):
        folders.sort()
        for one in sorted(names):
            path = Path(place) / one
            if not one.startswith(".") and path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path


def _must_be_apart(to: Path, folder: Path) -> None:
    real, inside = to.resolve(), folder.resolve()
    if real.is_relative_to(inside) or inside.is_relative_to(real):
        raise BackupRefused(
            f"{to} and the data folder {folder} lie in one another: they would be lost, or carried off, "
            "together. Choose a folder elsewhere, best on another disk."
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / "backup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BackupRefused("Another backup of this folder is being made. Wait for it.") from None
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _work(folder: Path) -> Iterator[Path]:
    """A place for the copies, for this user alone, in the data folder: they hold no more than it does. What a
    backup left behind that was killed goes."""
    for old in folder.glob(f"{_WORK}*"):
        shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=folder) as place:
        yield Path(place)


def _tidy(to: Path) -> None:
    """Unfinished files of a backup that was killed; not those of the last day, which may be another's."""
    for path in to.glob(".fair-notice-*.tar.age.*"):
        if path.stat().st_mtime < datetime.now(UTC).timestamp() - 86_400:
            path.unlink(missing_ok=True)


def _iso(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).isoformat(timespec="microseconds")


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
