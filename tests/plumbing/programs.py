"""Small programs that the tests of the SQLite backend start: `python programs.py <verb> <database> [...]`.

They share nothing with the test process but the database file.
"""

from __future__ import annotations

import os
import sys
import threading
import time

import django
from django.conf import settings
from django.db import connection, transaction


def _set_up(database: str) -> None:
    settings.configure(
        DATABASES={
            "default": {"ENGINE": "fairnotice.plumbing.sqlite", "NAME": database, "OPTIONS": {"timeout": 60}}
        },
        USE_TZ=True,
    )
    django.setup()


def _say(word: str) -> None:
    print(word, flush=True)


def count(times: int) -> None:
    """Read, think, write: a lost update or a refused BEGIN would show in the sum."""
    for _ in range(times):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT value FROM counter")
            value = cursor.fetchone()[0]
            cursor.execute("UPDATE counter SET value = %s", [value + 1])


def count_in_threads(times: int) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            count(times)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def hold(_times: int) -> None:
    """Take the lock, write, and never finish."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE counter SET value = value + 1000")
        _say("holding")
        time.sleep(600)


def hold_and_fork(_times: int) -> None:
    """As `hold`, with a child that outlives its parent; says the child's process id."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE counter SET value = value + 1000")
        child = os.fork()
        if child == 0:
            time.sleep(600)
            os._exit(0)
        _say(str(child))
        time.sleep(600)


if __name__ == "__main__":
    verb, database, times = sys.argv[1:4]
    _set_up(database)
    {"count": count, "threads": count_in_threads, "hold": hold, "fork": hold_and_fork}[verb](int(times))
    _say("done")
