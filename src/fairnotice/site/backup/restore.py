"""`fairnotice restore`: a data folder out of a backup, in an empty place, or only a look at one.

Nothing of Django is used: the folder may be of an older version, and its master key may not be here yet.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pyrage

from fairnotice.ledger import restored
from fairnotice.site.backup.archive import Progress, unpack
from fairnotice.site.backup.errors import BackupRefused
from fairnotice.site.backup.manifest import DATA, KEYS, Manifest
from fairnotice.vault import erased_lines, master, sources
from fairnotice.vault.errors import MasterKeyError

_TOP = {"db.sqlite3", "db.pgdump", "keys.sqlite3", "fairnotice.toml"}
_BELOW = ("log/", "files/")
_BATCH = 500
Bar = Callable[[str, int], Progress]


@dataclass
class Looked:
    """What is in the files of a backup. `opens`: whether the master key that was named opens it; None where
    none was named, or the backup holds no keys. `erased_again`: keys destroyed again."""

    lists: list[Manifest] = field(default_factory=list)
    opens: bool | None = None
    erased_again: int = 0

    def part(self, name: str) -> Manifest | None:
        """The list of the data, or of the keys."""
        return next((one for one in self.lists if one.part == name), None)


def look(files: list[Path], identities: list[pyrage.x25519.Identity], key: str, bar: Bar) -> Looked:
    """Verify every byte of a backup and write nothing but a copy of the keys database, in a temporary folder
    of this user alone, which is as sealed as in the backup. Raises BackupRefused, OSError."""
    seen = Looked()
    with tempfile.TemporaryDirectory(prefix="fairnotice-restore-") as place:
        target = Path(place) / "keys.sqlite3"

        def sink(name: str) -> IO[bytes] | None:
            _expected(name)
            return _new(target) if name == target.name else None

        for file in files:
            seen.lists.append(unpack(file, identities, sink, bar(file.name, file.stat().st_size)))
        _fit(seen, whole=False)
        if key and target.exists():
            seen.opens = _opens(target, key)
    return seen


def restore(
    files: list[Path],
    into: Path,
    identities: list[pyrage.x25519.Identity],
    *,
    erased_log: bytes,
    key: str = "",
    bar: Bar = lambda what, total: lambda count: None,
) -> Looked:
    """Put a backup back into an empty or new folder; all or nothing. What `erased_log` names is destroyed
    again before the folder has its name. Raises BackupRefused, OSError."""
    _must_be_empty(into)
    seen = Looked()
    with _beside(into) as place:

        def sink(name: str) -> IO[bytes]:
            _expected(name)
            return _new(place / name)

        for file in files:
            seen.lists.append(unpack(file, identities, sink, bar(file.name, file.stat().st_size)))
        _fit(seen, whole=True)
        for name in ("db.sqlite3", "keys.sqlite3"):
            if (place / name).exists():
                _sound(place / name)
        if key:
            seen.opens = _opens(place / "keys.sqlite3", key)
        seen.erased_again = _erase(place, erased_lines.ids(erased_log))
        with _new(place / erased_lines.NAME) as out:
            out.write(erased_lines.merged(erased_log, b""))
            out.flush()
            os.fsync(out.fileno())
        data = seen.part(DATA)
        restored.mark(place, data.made if data else "")
        _sync_all(place)
        if into.exists():
            into.rmdir()
        os.rename(place, into)
        _sync(into.parent)
    return seen


def erased_beside(files: list[Path]) -> bytes | None:
    """What the lists of erased keys say that lie beside the backups; None where there is none."""
    found = None
    for folder in dict.fromkeys(file.parent for file in files):
        if (folder / erased_lines.NAME).is_file():
            found = erased_lines.merged(found or b"", (folder / erased_lines.NAME).read_bytes())
    return found


def _expected(name: str) -> None:
    if name not in _TOP and not name.startswith(_BELOW):
        raise BackupRefused(f"The backup holds a file that does not belong there: {name}")


def _fit(seen: Looked, *, whole: bool) -> None:
    data, keys = seen.part(DATA), seen.part(KEYS)
    if len(seen.lists) > sum(part is not None for part in (data, keys)):
        raise BackupRefused("Two of these files hold the same part. Name one with data and one with keys.")
    if whole and data is None:
        raise BackupRefused("The file with the data (...-data.tar.age) is missing.")
    if whole and keys is None:
        raise BackupRefused(
            "The file with the keys (...-keys.tar.age) is missing. Name the newest that there is: keys may "
            "be newer than the data, never older."
        )
    if data and keys and datetime.fromisoformat(keys.made) < datetime.fromisoformat(data.made):
        raise BackupRefused(
            f"The keys (of {keys.made[:19]}) are older than the data (of {data.made[:19]}): what was sealed "
            "in between would never open again. Take keys from the same backup, or newer ones."
        )


def _opens(keys: Path, setting: str) -> bool | None:
    """Whether a master key is the one that the keys are wrapped under; None where they do not say.
    Raises MasterKeyError where it cannot be read."""
    try:
        name = master.key_id(sources.read(sources.parse(setting)))
    except ValueError as error:
        raise MasterKeyError(str(error)) from error
    link = sqlite3.connect(keys)
    try:
        rows = link.execute(
            "SELECT master FROM vault_secret WHERE name = 'check' UNION SELECT master FROM vault_bridge"
        ).fetchall()
    finally:
        link.close()
    named = {one for (one,) in rows} - {""}
    return name in named if named else None


def _erase(place: Path, wanted: list[str]) -> int:
    """Destroy keys that were erased after the backup, and drop what they sealed. What else hangs on them goes
    when the folder is first started (`setup.erase_again`)."""
    if not wanted:
        return 0
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    count = 0
    with _changing(place / "keys.sqlite3") as link:
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            count += link.execute(
                "UPDATE vault_key SET wrapped = NULL, destroyed_at = ? WHERE kind = 'subject' "  # noqa: S608
                f"AND destroyed_at IS NULL AND id IN ({marks})",
                [now, *batch],
            ).rowcount
    if not (place / "db.sqlite3").exists():
        return count
    with _changing(place / "db.sqlite3") as link:
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            link.execute(f"DELETE FROM cases_sealedvalue WHERE key_id IN ({marks})", batch)  # noqa: S608
            link.execute(
                "UPDATE ledger_outboxrow SET sealed = NULL, done_at = ?, dead = 0, leased_until = NULL "  # noqa: S608
                f"WHERE done_at IS NULL AND key_id IN ({marks})",
                [now, *batch],
            )
    return count


@contextmanager
def _changing(database: Path) -> Iterator[sqlite3.Connection]:
    """One transaction, after which no old copy of a changed page is left in the files."""
    link = sqlite3.connect(database, isolation_level=None)
    try:
        link.execute("PRAGMA secure_delete = ON")
        link.execute("PRAGMA synchronous = FULL")
        link.execute("BEGIN IMMEDIATE")
        yield link
        link.execute("COMMIT")
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        link.close()


def _sound(database: Path) -> None:
    link = sqlite3.connect(database)
    try:
        said = link.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error:
        said = "no database"
    finally:
        link.close()
    if said != "ok":
        raise BackupRefused(f"{database.name} in the backup is damaged. Take another backup.")


def _must_be_empty(into: Path) -> None:
    if into.is_symlink() or (into.exists() and not into.is_dir()):
        raise BackupRefused(f"{into} is no folder. Name one that is empty or does not exist yet.")
    if into.is_dir() and any(into.iterdir()):
        raise BackupRefused(
            f"{into} is not empty; a backup is never put over anything. Name a folder that is empty or does "
            "not exist yet, and move it to its place afterwards."
        )


@contextmanager
def _beside(into: Path) -> Iterator[Path]:
    """A folder on the same disk for what is not whole yet; it goes unless it got its name."""
    into.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f".{into.name}.restoring-", dir=into.parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _new(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "wb")


def _sync_all(place: Path) -> None:
    for folder, _folders, _names in os.walk(place):
        _sync(Path(folder))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
