"""Copies of what changes while it is copied: each as it was at one moment, without holding anybody up."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fairnotice.site.backup.errors import BackupRefused

_PAGES = 4096
_LAST_SIGNED = (
    "SELECT log.origin, max(row.size), row.root FROM ledger_checkpointrow row "
    "JOIN ledger_log log ON log.id = row.log_id GROUP BY log.id ORDER BY log.id"
)


def sqlite(source: Path, target: Path, progress: Callable[[int], object] = lambda count: None) -> None:
    """SQLite's online backup. It reads one moment of the database from first to last page (a transaction of
    its own keeps it there); writers go on meanwhile. `progress` is called with bytes."""
    here, there = _read_only(source), sqlite3.connect(target, isolation_level=None)
    try:
        size = int(here.execute("PRAGMA page_size").fetchone()[0])
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        there.execute("PRAGMA synchronous = OFF")
        seen = 0

        def said(status: int, left: int, total: int) -> None:
            nonlocal seen
            progress((total - left - seen) * size)
            seen = total - left

        here.backup(there, pages=_PAGES, progress=said, sleep=0)
    finally:
        there.close()
        here.close()


def counts(database: Path) -> dict[str, int]:
    """Rows of each table of a copy."""
    link = _read_only(database)
    try:
        names = link.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
            "ORDER BY name"
        ).fetchall()
        return {
            name: int(link.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - its own
            for (name,) in names
        }
    finally:
        link.close()


def logs(database: Path) -> list[tuple[str, int, str]]:
    """What a copy has signed of each log: origin, number of entries, root in hexadecimal digits."""
    link = _read_only(database)
    try:
        rows = link.execute(_LAST_SIGNED).fetchall()
    finally:
        link.close()
    return [(str(origin), int(size), bytes(root).hex()) for origin, size, root in rows]


def tree(source: Path, target: Path) -> None:
    """The published log. Its files are never changed in place, so a second name holds each as it is."""
    if not source.is_dir():
        return
    for folder, folders, names in os.walk(source):
        folders.sort()
        into = target / Path(folder).relative_to(source)
        into.mkdir(parents=True, exist_ok=True)
        for name in names:
            # Names that begin with a dot are unfinished files, and the lock.
            if not name.startswith("."):
                _second_name(Path(folder) / name, into / name)


def _second_name(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # another file system, or one that knows no second names
        shutil.copyfile(path, target)


def postgres(place: dict[str, Any], target: Path) -> None:
    """PostgreSQL's own dump, which is consistent while others write. Raises BackupRefused where pg_dump is
    missing or fails."""
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupRefused(
            "The database is on PostgreSQL, and pg_dump, which copies it, is not installed here. On Debian: "
            "apt-get install postgresql-client. Nothing was backed up."
        )
    command = [program, "--format=custom", "--no-owner", f"--file={target}", f"--dbname={place['NAME']}"]
    for option, name in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if place.get(name):
            command.append(f"{option}={place[name]}")
    env = os.environ | ({"PGPASSWORD": str(place["PASSWORD"])} if place.get("PASSWORD") else {})
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: S603 - found above
    if done.returncode:
        raise BackupRefused(
            f"pg_dump ended with status {done.returncode}; run it by hand to see why. Nothing was backed up."
        )


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
