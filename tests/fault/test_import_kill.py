"""kill -9 in the middle of an import, and the same command again: it goes on, and nothing is there twice."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import DataFolder
from tests.site.served import wait_for

pytestmark = pytest.mark.fault
LINES = 12_000


def counted(database: Path, sql: str) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute(sql).fetchone()[0] or 0)
    finally:
        connection.close()


def test_the_same_command_goes_on_after_kill_9(data_folder: DataFolder) -> None:
    table = data_folder.path.parent / "register.csv"
    header = "organisation_handle,organisation_name,resource,delegation_kind,valid_from\n"
    rows = [f"ORG-{n % 97},Organisation {n % 97},n{n}.example,registrar,2020-01-01\n" for n in range(LINES)]
    table.write_text(header + "".join(rows) + "ORG-1,Another name,,,\n")
    words = ("-m", "fairnotice", "answerable", "import", str(table))
    database = data_folder.path / "db.sqlite3"
    first = data_folder.start(*words)
    wait_for(lambda: counted(database, "SELECT max(position) FROM answerable_importrun") > 0)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    assert first.returncode == -signal.SIGKILL
    done = counted(database, "SELECT max(position) FROM answerable_importrun")
    assert 0 < done < LINES
    assert counted(database, "SELECT count(*) FROM answerable_delegation") == done
    again = data_folder.run(*words)
    assert again.returncode == 1, again.stderr
    assert f"{LINES + 1} lines: {LINES} added, 0 changed, 0 unchanged, 1 bad" in again.stdout
    assert counted(database, "SELECT count(*) FROM answerable_delegation") == LINES
    assert counted(database, "SELECT count(*) FROM answerable_importrun") == 1
    assert counted(database, "SELECT count(*) FROM ledger_event WHERE kind = 'answerable.imported'") == 1
    third = data_folder.run(*words)
    assert f"{LINES + 1} lines: 0 added, 0 changed, {LINES} unchanged, 1 bad" in third.stdout
    assert sorted(path.name for path in (data_folder.path / "imports").iterdir()) == ["import.lock"]
