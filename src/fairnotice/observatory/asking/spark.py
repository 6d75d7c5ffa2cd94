"""Counting with Spark, on this machine or on a cluster that sees the store's folder under the same path.

Loads pyspark, which starts a Java of its own when it is first asked; that stays for further questions.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from fairnotice.observatory.asking.engines import TABLE, EngineError, Progress
from fairnotice.observatory.store import StoreError

_PATTERN = re.compile(r"[{}\[\]*?\\]")
_NEEDS_JAVA = "Spark needs Java 17 or newer; on Debian: apt-get install default-jre-headless"

#: The same answers as elsewhere: days in UTC, old dates as the files have them. No pages are served.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.caseSensitive": "true",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
}
#: On one machine: nothing listens for others, and groups are few.
_ALONE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
}


def count(
    sql: str, files: Sequence[Path], master: str, progress: Progress | None = None
) -> list[tuple[Any, ...]]:
    """What the SQL finds in these Parquet files, taken as one table. Raises EngineError where Spark does not
    start, StoreError for a file that is not readable."""
    if not files:
        return []
    if any(_PATTERN.search(str(one)) for one in files):
        raise StoreError(
            "Spark takes { } [ ] * ? and \\ in a path for patterns: move the store to another folder"
        )
    session = _session(master, watched=progress is not None)
    try:
        # The scheme keeps a cluster's own file system from being asked for a path of this one; the option
        # keeps a folder named "day=1" from becoming a column.
        reader = session.read.option("recursiveFileLookup", "true")
        reader.parquet(*(f"file://{one.resolve()}" for one in files)).createOrReplaceTempView(TABLE)
        return [tuple(row) for row in session.sql(sql).collect()]
    except PySparkException as error:
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"Spark could not read the store ({words})") from error


def ready() -> None:
    """Spark starts with the first question, which says where."""


def _session(master: str, *, watched: bool) -> SparkSession:
    there = SparkSession.getActiveSession()
    if there is not None and there.sparkContext.master == master:
        return there
    if there is not None:
        there.stop()
    java = os.environ.get("JAVA_HOME")
    if not (java and Path(java, "bin", "java").exists()) and not shutil.which("java"):
        raise EngineError(_NEEDS_JAVA)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(master).appName("Fair Notice observatory")
    settings = _SETTINGS | (_ALONE if master.startswith("local") else {})
    settings["spark.ui.showConsoleProgress"] = "true" if watched else "false"
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # Java's own errors come in many kinds
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise EngineError(f"Spark does not start at {master} ({words}). {_NEEDS_JAVA}") from error
