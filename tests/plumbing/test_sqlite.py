"""Writers queue, nobody fails, and a dead writer holds up nobody."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler, OperationalError

PROGRAMS = Path(__file__).with_name("programs.py")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "test.sqlite3"
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE counter (value INTEGER)")
    plain.execute("INSERT INTO counter VALUES (0)")
    plain.commit()
    plain.close()
    return path


@pytest.fixture
def connect(database: Path, django_db_blocker: Any) -> Iterator[Any]:
    """Makes connections of our backend to the same file, each as separate as one of another thread."""
    made: list[Any] = []

    def make(timeout: float = 30) -> Any:
        handler = ConnectionHandler(
            {
                "default": {
                    "ENGINE": "fairnotice.plumbing.sqlite",
                    "NAME": str(database),
                    "OPTIONS": {"timeout": timeout},
                }
            }
        )
        connection = handler["default"]
        made.append(connection)
        return connection

    with django_db_blocker.unblock():
        yield make
        for connection in made:
            connection.validate_thread_sharing = lambda: None  # some were made by a thread that has ended
            connection.close()


def begin(connection: Any) -> None:
    """What `transaction.atomic` does when it enters."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def commit(connection: Any) -> None:
    connection.commit()
    connection.set_autocommit(True)


def write(connection: Any, sql: str = "UPDATE counter SET value = value + 1") -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def can_write(connection: Any) -> bool:
    try:
        begin(connection)
    except OperationalError:
        return False
    commit(connection)
    return True


def value(database: Path) -> int:
    plain = sqlite3.connect(database)
    try:
        return int(plain.execute("SELECT value FROM counter").fetchone()[0])
    finally:
        plain.close()


def start(verb: str, database: Path, times: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROGRAMS), verb, str(database), str(times)], stdout=subprocess.PIPE, text=True
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_two_processes_and_four_threads_all_get_through(database: Path) -> None:
    writers = [start("count", database, 60), start("threads", database, 20), start("count", database, 60)]
    assert [writer.communicate(timeout=120)[0].strip() for writer in writers] == ["done"] * 3
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert value(database) == 60 + 4 * 20 + 60


def test_a_killed_holder_frees_the_lock_and_leaves_no_half_write(database: Path, connect: Any) -> None:
    holder = start("hold", database)
    assert line(holder) == "holding"
    assert not can_write(connect(timeout=0.3))
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    connection = connect()
    begin(connection)
    write(connection)
    commit(connection)
    assert value(database) == 1


def test_a_forked_child_does_not_keep_its_dead_parents_lock(database: Path, connect: Any) -> None:
    holder = start("fork", database)
    child = int(line(holder))
    try:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        os.kill(child, 0)  # still there
        assert can_write(connect())
    finally:
        os.kill(child, signal.SIGKILL)


def test_the_lock_is_held_from_begin_to_commit(connect: Any) -> None:
    first, second = connect(), connect(timeout=0.3)
    begin(first)
    with pytest.raises(OperationalError, match="another writer held it"):
        begin(second)
    commit(first)
    assert can_write(second)


@pytest.mark.parametrize("way", ["rollback", "close", "close with an unread cursor"])
def test_every_other_way_out_frees_the_lock_and_undoes_the_write(
    way: str, database: Path, connect: Any
) -> None:
    first, second = connect(), connect()
    begin(first)
    write(first)
    if way == "rollback":
        first.rollback()
        first.set_autocommit(True)
    elif way == "close":
        first.close()
    else:
        cursor = first.cursor()
        cursor.execute("SELECT value FROM counter UNION ALL SELECT 1 UNION ALL SELECT 2")
        first.close()
    assert can_write(second)
    assert value(database) == 0


def test_a_begin_that_fails_frees_the_lock(database: Path, connect: Any) -> None:
    first, second = connect(timeout=0.3), connect()
    first.ensure_connection()
    stranger = sqlite3.connect(database, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")  # a program that does not know our lock
    with pytest.raises(OperationalError):
        begin(first)
    stranger.execute("ROLLBACK")
    stranger.close()
    assert can_write(second)


def test_a_failed_commit_keeps_the_lock_until_the_rollback(database: Path, connect: Any) -> None:
    first, second = connect(), connect(timeout=0.3)
    write(first, "CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    write(first, "CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
    begin(first)
    write(first, "INSERT INTO child VALUES (7)")
    with pytest.raises(Exception, match="FOREIGN KEY"):
        first.commit()
    assert not can_write(second)
    first.rollback()
    first.set_autocommit(True)
    assert can_write(second)


def test_a_thread_that_waits_gets_its_turn(connect: Any, database: Path) -> None:
    first, entered = connect(), threading.Event()
    begin(first)
    write(first)

    def work() -> None:
        second = connect()
        entered.set()
        begin(second)
        write(second, "UPDATE counter SET value = value * 10")
        commit(second)

    thread = threading.Thread(target=work)
    thread.start()
    entered.wait()
    write(first)
    commit(first)
    thread.join(timeout=60)
    assert value(database) == 20


def test_settings_that_durability_and_erasure_need(connect: Any) -> None:
    connection = connect()
    with connection.cursor() as cursor:
        found = {}
        for name in (
            "journal_mode",
            "synchronous",
            "secure_delete",
            "foreign_keys",
            "recursive_triggers",
            "temp_store",
        ):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "secure_delete": 1,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "temp_store": 2,  # MEMORY
    }


def test_no_lock_file_can_be_made(connect: Any, database: Path) -> None:
    connection = connect()
    connection.ensure_connection()
    lock = database.with_name("test.sqlite3.write.lock")
    lock.unlink()
    lock.mkdir()
    with pytest.raises(OperationalError, match="data folder"):
        begin(connection)
