"""Where things lie, and who else can read them: what must be mended before anything sealed is touched."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from fairnotice.vault import master


def problems() -> list[str]:
    """Why the program does not start on this data folder, each with how to mend it; empty if all is well."""
    data = Path(settings.FN_DATA)
    return [*master.problems(settings.FN_MASTER_KEY_FILE, data), *_open_to_others(data), *_backups(data)]


def _open_to_others(data: Path) -> list[str]:
    try:
        mode = data.stat().st_mode
    except OSError:
        return []
    if mode & 0o077:
        return [
            f"Other users of this machine can look into {data}, where the keys database lies. "
            f"Run: chmod 0700 {data}"
        ]
    return []


def _backups(data: Path) -> list[str]:
    folder = settings.FN_BACKUP_FOLDER
    if folder is None:
        return []
    real, inside = Path(folder).resolve(), data.resolve()
    if real.is_relative_to(inside):
        return [
            f"The folder for backups, {folder}, lies in the data folder, so they would be lost together. Set "
            "'backup_folder' in fairnotice.toml to a folder on another disk."
        ]
    if inside.is_relative_to(real):
        return [
            f"The data folder lies in the folder for backups, {folder}: whoever carries the backups off "
            "would carry the databases off, too. Set 'backup_folder' in fairnotice.toml to another folder."
        ]
    return []
