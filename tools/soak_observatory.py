"""Ingests of dumps killed at any moment, with a full disk, with a changed byte: no row is lost unsaid."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from fairnotice.observatory import columns
from fairnotice.observatory.ingest import memory, plan
from fairnotice.observatory.ingest import run as running
from fairnotice.observatory.store import Day, Store
from soak_failure import SoakFailure
from tests.observatory import made

DAYS = [date(2025, 6, 29) + timedelta(days=number) for number in range(4)]
ROWS = 3_000
NO_ROOM = "there is no room left"


def run(seconds: float) -> str:
    """Ingests of dumps killed at random moments, on a full disk, and of dumps with a changed byte"""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="fair-notice-soak-") as name:
        dumps = Path(name) / "dumps"
        for day in DAYS:
            some = made.rows(ROWS, day)
            made.of_rows(dumps, made.v1(some) if day < made.FIRST + timedelta(days=1) else some, day, by=500)
        start = time.monotonic()
        whole = _timed(Path(name), dumps)
        kills = _kills(Path(name), dumps, chance, start + seconds * 0.5, whole)
        full = _full(Path(name), dumps, start + seconds * 0.7)
        flips = _flips(Path(name), dumps, chance, start + seconds)
    return f"{kills}; {full}; {flips}"


def _start(store: Store, dumps: Path) -> subprocess.Popen[str]:
    words = ["-m", "fairnotice", "observatory", "ingest", dumps, "--store", store.path, "--workers", "2"]
    return subprocess.Popen(
        [sys.executable, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent / "src")},
    )


def _timed(folder: Path, dumps: Path) -> float:
    """How long an undisturbed run takes."""
    store = Store(folder / "first")
    start = time.monotonic()
    process = _start(store, dumps)
    said = process.communicate()[0]
    if process.returncode or _held(store) != dict.fromkeys(DAYS, ROWS):
        raise SoakFailure(f"an undisturbed ingest failed: {said}")
    return time.monotonic() - start


def _held(store: Store) -> dict[date, int]:
    """The rows of each day; all that belongs to a day is there and agrees."""
    found = {}
    for day in store.days():
        if day.day in found:
            raise SoakFailure(f"{day.day} is there twice")
        found[day.day] = _rows(day)
    return found


def _rows(day: Day) -> int:
    manifest = day.manifest()
    rows = sum(pl.read_parquet(path).height for path in day.rows())
    counts = {int(pl.read_parquet(day.cube(name))[columns.COUNT].sum()) for name in columns.CUBES}
    if counts != {rows} or manifest.rows != rows:
        raise SoakFailure(
            f"{day.folder.name} is not whole: {rows} rows, {manifest.rows} said, {counts} counted"
        )
    return rows


def _kills(folder: Path, dumps: Path, chance: random.Random, end: float, whole: float) -> str:
    killed, at_work, number = 0, 0, 0
    while time.monotonic() < end or not number:
        number += 1
        store = Store(folder / f"killed-{number}")
        while True:
            process = _start(store, dumps)
            if time.monotonic() < end:
                time.sleep(chance.random() * whole * 1.5)
                at_work += bool(list(store.work.glob("*/*")))
                _kill(process, chance)
            said = process.communicate()[0]
            found = _held(store)
            if any(rows != ROWS for rows in found.values()):
                raise SoakFailure(f"after kill -9 a day has other rows: {found}")
            if process.returncode == 0:
                break
            if process.returncode != -signal.SIGKILL and "run the same command again" not in said:
                raise SoakFailure(f"a run whose process was killed said: {said}")
            killed += 1
        if found != dict.fromkeys(DAYS, ROWS) or any(path.is_dir() for path in store.work.iterdir()):
            raise SoakFailure(f"the run after kill -9 did not complete it: {found}")
    return f"{killed} kills ({at_work} while a day was written), {number} stores completed, nothing double"


def _kill(process: subprocess.Popen[str], chance: random.Random) -> None:
    """The run itself, or one of its processes."""
    victims = [process.pid]
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        victims += [int(word) for word in children]
    except OSError:
        pass  # it has ended by itself
    try:
        os.kill(chance.choice([process.pid, *victims]), signal.SIGKILL)
    except ProcessLookupError:
        pass  # same


def _full(folder: Path, dumps: Path, end: float) -> str:
    """On disks of growing size; only root may make such."""
    disk = folder / "disk"
    disk.mkdir()
    refused = completed = 0
    for size in range(60, 4000, 60):
        if time.monotonic() > end and refused:
            break
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk]).returncode:
            return "no disk could be filled (mount needs root)"
        try:
            process = _start(Store(disk / "store"), dumps)
            said = process.communicate()[0]
            found = _held(Store(disk / "store"))
            if process.returncode == 0:
                completed += 1
                break
            if NO_ROOM not in said or any(rows != ROWS for rows in found.values()):
                raise SoakFailure(f"on a disk of {size} kB: {said}; {found}")
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
            process = _start(Store(disk / "store"), dumps)
            said = process.communicate()[0]
            if process.returncode or _held(Store(disk / "store")) != dict.fromkeys(DAYS, ROWS):
                raise SoakFailure(f"with room again: {said}")
            refused += 1
        finally:
            subprocess.run(["umount", disk], check=True)
    return f"{refused} full disks told and completed later, {completed} large enough"


def _flips(folder: Path, dumps: Path, chance: random.Random, end: float) -> str:
    """A byte of a dump changed, without a sha1 that would tell."""
    path = sorted(dumps.glob("*.zip"))[-1]
    good = path.read_bytes()
    changed = folder / "changed" / path.name
    changed.parent.mkdir()
    kinds = {"refused": 0, "damage told": 0, "harmless": 0}
    while time.monotonic() < end or not sum(kinds.values()):
        at = chance.randrange(len(good))
        changed.write_bytes(good[:at] + bytes([good[at] ^ (1 << chance.randrange(8))]) + good[at + 1 :])
        store = Store(folder / "flips")
        with running.alone(store):
            found = plan.made(store, [changed], replace=True)
            outcome = running.ingest(store, found, memory.Share(0, 64 << 20), running.Silent())
        if not outcome.manifests:
            if not any(left.wrong for left in outcome.left):
                raise SoakFailure(f"byte {at} changed: nothing was read and nothing said")
            kinds["refused"] += 1
            continue
        (manifest,) = outcome.manifests
        if _rows(outcome.days[0]) != ROWS and manifest.whole:
            raise SoakFailure(f"byte {at} changed: {manifest.rows} rows and no word about the others")
        kinds["harmless" if manifest.whole else "damage told"] += 1
    return f"{sum(kinds.values())} changed bytes: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items())
