"""kill -9 while days are written: each is whole or absent, the same command goes on, and nothing is there twice.

`dev.py soak observatory` kills at any moment, many times.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from fairnotice.observatory import columns
from fairnotice.observatory.store import Store
from fairnotice.site import cli
from tests.observatory import made

pytestmark = pytest.mark.fault
SOURCE = Path(__file__).parents[2] / "src"
ROWS = 400


def ingest(store, dumps, *more):
    words = ["-m", "fairnotice", "observatory", "ingest", str(dumps), "--store", str(store.path), *more]
    surroundings = os.environ | {"PYTHONPATH": str(SOURCE), "POLARS_MAX_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=surroundings,
        text=True,
    )


def rows(day):
    """How many rows a day has; everything that belongs to it is there and agrees."""
    manifest = day.manifest()
    found = sum(pl.read_parquet(path).height for path in day.rows())
    assert found == manifest.rows
    assert all(pl.read_parquet(day.cube(name))[columns.COUNT].sum() == found for name in columns.CUBES)
    return found


def children(process):
    try:
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in found.split()]


def test_a_killed_ingest_leaves_whole_days_and_goes_on(tmp_path):
    days = [date(2025, 7, 1) + timedelta(days=number) for number in range(3)]
    for day in days:
        made.of_rows(tmp_path / "dumps", made.rows(ROWS, day), day, by=100)
    store = Store(tmp_path / "store")
    first = ingest(store, tmp_path / "dumps", "--workers", "2")
    while not list(store.work.glob("*/rows-*")) and first.poll() is None:
        time.sleep(0.005)
    workers = children(first)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    assert first.returncode == -signal.SIGKILL
    assert all(rows(day) == ROWS for day in store.days()) and len(store.days()) < len(days)
    end = time.monotonic() + 30
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < end:
        time.sleep(0.01)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    words = ["observatory", "ingest", str(tmp_path / "dumps"), "--store", str(store.path)]
    assert cli.main(words) == 0
    assert [(day.day, rows(day)) for day in store.days()] == [(day, ROWS) for day in days]
    assert not list(store.work.iterdir())


def test_a_killed_worker_stops_it_and_says_what_to_do(tmp_path):
    made.of_rows(tmp_path / "dumps", made.rows(ROWS), by=10)
    store = Store(tmp_path / "store")
    running = ingest(store, tmp_path / "dumps", "--workers", "1")
    while not children(running) and running.poll() is None:
        time.sleep(0.005)
    os.kill(children(running)[0], signal.SIGKILL)
    said = running.communicate(timeout=60)[0]
    assert running.returncode == 1
    assert "a process was ended by the system" in said and "run the same command again" in said
    assert not store.days() and not list(store.work.iterdir())
