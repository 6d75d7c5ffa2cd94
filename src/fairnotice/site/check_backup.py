"""What `fairnotice check` says of backups, and of a master key that gives way to another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from fairnotice.site.findings import Finding, setting

_OLD = timedelta(days=2)
_SECRET = b"AGE-SECRET-KEY-1"
_MOST = 10_000


def backups() -> Iterator[Finding]:
    """Whether there are any, and whether they are kept apart from what opens them."""
    from fairnotice.site.backup import make
    from fairnotice.site.backup.manifest import DATA, KEYS

    if not settings.FN_BACKUP_RECIPIENTS:
        yield setting("backup_recipients", "No backup can be made: there is nobody to encrypt it for.")
        return
    folder = settings.FN_BACKUP_FOLDER
    if folder is None:
        yield setting("backup_folder", "Backups go where --to says; whether there are any is not looked at.")
        return
    if not Path(folder).is_dir():
        yield setting("backup_folder", f"There is no folder {folder}: is its disk there?", "error")
        return
    for path in sorted(Path(folder).iterdir()):
        if path.is_file() and path.stat().st_size < _MOST and _SECRET in path.read_bytes():
            yield Finding(
                "error",
                f"{path} holds a secret key that opens the backups beside it.",
                "Move it to another machine, and make a new one if somebody else may have read it.",
            )
    if Path(folder).stat().st_mode & 0o022:
        yield Finding(
            "error",
            f"Other users can delete or replace the backups in {folder}.",
            f"Run: chmod go-w {folder}",
        )
    newest = [made[-1][0] if (made := make.found(Path(folder), part)) else None for part in (DATA, KEYS)]
    if None in newest or min(at for at in newest if at is not None) < datetime.now(UTC) - _OLD:
        yield Finding(
            "warning", f"There is no backup in {folder} of the last two days.", "Run: fairnotice backup"
        )


def rotation() -> Iterator[Finding]:
    """A master key that was begun to be changed."""
    from fairnotice.vault import rotation as another

    if another.under_way():
        yield Finding(
            "warning",
            "Another master key is on its way, and until that is finished the old one opens everything, too.",
            "Run: fairnotice keys rotate-master",
        )
