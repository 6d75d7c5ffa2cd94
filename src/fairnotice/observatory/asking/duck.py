"""Counting with DuckDB, in this process. Loads DuckDB."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from fairnotice.observatory.asking.engines import TABLE, Progress
from fairnotice.observatory.store import StoreError

#: Nothing is fetched from anywhere, and no part of a file is remembered: a day may be replaced.
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_file_cache": False,
}
#: What DuckDB takes for a pattern in a path stands for itself in brackets.
_PATTERN = str.maketrans({sign: f"[{sign}]" for sign in "*?["})
_EVERY = 0.2  # seconds between two looks at how far it is


def count(sql: str, files: Sequence[Path], progress: Progress | None = None) -> list[tuple[Any, ...]]:
    """What the SQL finds in these Parquet files, taken as one table. Raises StoreError for a file that is not
    readable."""
    if not files:
        return []
    names = [str(one).translate(_PATTERN) for one in files]
    whole = f"WITH {TABLE} AS (FROM read_parquet(?, hive_partitioning = false)) FROM ({sql})"
    with _database(os.getpid()).connection.cursor() as cursor:
        try:
            if progress is None:
                return cursor.execute(whole, [names]).fetchall()
            return _watched(cursor, whole, names, progress)
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as error:
            raise StoreError(
                f"a file of the store is not readable ({_first_line(error)}): ingest that day again with "
                "--replace"
            ) from error
        except RuntimeError as error:
            # What DuckDB makes of Ctrl-C.
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from error
            raise


def ready() -> None:
    """Opens what is kept for the next question."""
    _database(os.getpid())


class _Database:
    """To open one takes longer than many an answer, so it is kept. What finds no room in memory goes into a
    folder that is gone with the process; otherwise DuckDB would write beside whoever asks."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="fairnotice-duckdb-")
        self.connection = duckdb.connect(config=_SETTINGS | {"temp_directory": self.folder.name})


@lru_cache(maxsize=1)
def _database(_process: int) -> _Database:
    """One for each process: a fork must not share its parent's."""
    return _Database()


def _watched(
    cursor: duckdb.DuckDBPyConnection, sql: str, names: list[str], progress: Progress
) -> list[tuple[Any, ...]]:
    done = threading.Event()

    def look() -> None:
        while not done.wait(_EVERY):
            progress(min(max(cursor.query_progress(), 0.0), 100.0))

    watcher = threading.Thread(target=look, name="progress", daemon=True)
    watcher.start()
    try:
        return cursor.execute(sql, [names]).fetchall()
    finally:
        done.set()
        watcher.join()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
