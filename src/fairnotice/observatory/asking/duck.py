"""Counting with DuckDB, in this process. Loads DuckDB."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from fairnotice.observatory.asking.engines import Progress
from fairnotice.observatory.asking.expression import TABLE
from fairnotice.observatory.store import StoreError

#: Nothing is fetched from anywhere, and files of the store are all that it reads.
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "TimeZone": "UTC",
}
#: What DuckDB takes for a pattern in a path stands for itself in brackets.
_PATTERN = re.compile(r"[*?\[]")
_EVERY = 0.2  # seconds between two looks at how far it is


def count(sql: str, files: Sequence[Path], progress: Progress | None = None) -> list[tuple[Any, ...]]:
    """What the SQL finds in these Parquet files, taken as one table. Raises StoreError for a file that is not
    readable."""
    if not files:
        return []
    with tempfile.TemporaryDirectory(prefix="fairnotice-duckdb-") as folder, duckdb.connect() as connection:
        # What finds no room in memory goes there; otherwise DuckDB would write beside whoever asks.
        connection.execute("SET temp_directory = ?", [folder])
        try:
            names = [_PATTERN.sub(r"[\g<0>]", str(one)) for one in files]
            connection.read_parquet(names, hive_partitioning=False).create_view(TABLE)
            if progress is None:
                return connection.execute(sql).fetchall()
            return _watched(connection, sql, progress)
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as error:
            raise StoreError(f"a file of the store is not readable ({_first_line(error)})") from error


def _watched(connection: duckdb.DuckDBPyConnection, sql: str, progress: Progress) -> list[tuple[Any, ...]]:
    done = threading.Event()

    def look() -> None:
        while not done.wait(_EVERY):
            progress(min(max(connection.query_progress(), 0.0), 100.0))

    watcher = threading.Thread(target=look, name="progress", daemon=True)
    watcher.start()
    try:
        return connection.execute(sql).fetchall()
    finally:
        done.set()
        watcher.join()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
