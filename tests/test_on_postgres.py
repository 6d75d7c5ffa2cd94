"""Rules and sums that the database makes, on a real PostgreSQL: the same tests, run there by a second pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres

if postgres.programs() is None:
    missing = postgres.NEEDED
    pytest.skip(missing, allow_module_level=True)

HERE = Path(__file__).parent
THERE = [
    "answerable/test_delegate.py",
    "answerable/test_models.py",
    "answerable/test_stateful.py",
    "answerable/postgres_itself.py",
    "reporting/test_counting.py",
    "reports/test_statistics.py",
]


def test_the_same_on_postgresql() -> None:
    programs = postgres.programs()
    assert programs is not None
    with postgres.server(programs) as sockets:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        done = subprocess.run(
            [*command, *(str(HERE / name) for name in THERE)],
            cwd=HERE.parent,
            env={name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
            | {"FAIRNOTICE_TEST_SOCKETS": str(sockets)},
            capture_output=True,
            text=True,
            timeout=600,
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout.splitlines()[-1]
