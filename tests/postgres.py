"""A real PostgreSQL of the tests' own: made in a folder, reached by a socket in it, gone afterwards.

Most tests run on SQLite. Those about what PostgreSQL does start pytest a second time with `FAIRNOTICE_TEST_SOCKETS`
set, and the default database is then this one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: The folder with the socket of a running server, where this run of the tests is to use it.
SOCKETS = os.environ.get("FAIRNOTICE_TEST_SOCKETS", "")
NEEDED = "needs PostgreSQL: apt-get install postgresql"
# For a database that is thrown away: nothing is synced, nobody listens on the network.
_OPTIONS = "-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off"


def use() -> None:
    """Let the default database be on the server behind SOCKETS, where that is set."""
    if not SOCKETS:
        return
    from django.db import connections

    connections.databases["default"] = connections.databases["default"] | {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "fairnotice",
        "USER": "fairnotice",
        "HOST": SOCKETS,
        "OPTIONS": {},
    }
    # One for SQLite may have been made while the apps were loaded.
    with suppress(AttributeError):
        del connections["default"]


def programs() -> Path | None:
    """The folder with PostgreSQL's programs: the newest of Debian's, or that on the path; None where missing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: float(path.parts[-3]))
    named = shutil.which("pg_ctl")
    return found[-1].parent if found else Path(named).parent if named else None


@contextmanager
def server(bin_folder: Path) -> Iterator[Path]:
    """A running server; gives the folder of its socket. It refuses to run as root, so it then runs as its own user."""
    owner = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="fairnotice-postgres-"))
    if owner:
        shutil.chown(folder, **owner)
    data, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        subprocess.run(
            [str(bin_folder / command[0]), *command[1:]],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            timeout=120,
            **owner,  # type: ignore[call-overload]  # user and group by their names
        )

    try:
        run(
            "initdb",
            "-D",
            str(data),
            "-U",
            "fairnotice",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        run("pg_ctl", "start", "-w", "-D", str(data), "-l", str(log), "-o", _OPTIONS.format(folder=folder))
        try:
            run("createdb", "-h", str(folder), "-U", "fairnotice", "fairnotice")
            yield folder
        finally:
            run("pg_ctl", "stop", "-m", "immediate", "-D", str(data))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
