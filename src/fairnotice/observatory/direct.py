"""A count straight out of dumps, without a store: for one question about one day nothing has to be kept.

    found = count([Path("sor-global-2026-03-01-full.zip")], by=("platform", "category"))
    found.groups[("Market 1", "STATEMENT_CATEGORY_VIOLENCE")]

Worker processes inflate and read one CSV each at a time; only counts leave them. Cells become what an ingest
makes of them, so a store of the same dumps answers the same. CRCs are held to, `.sha1` files are not read.
Pure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, Final

from fairnotice.observatory import columns
from fairnotice.observatory.ingest import archive
from fairnotice.observatory.store import Damaged
from fairnotice.transparencydb.schema import V2_SINCE

Cell = str | date | None
Progress = Callable[[int, int], None]
"""Told, after each CSV, its rows and its bytes."""

BY: Final = (*columns.ABOUT, *columns.CHOICES, *columns.LISTS, *columns.DATES, columns.CREATED)
"""What can be counted by. `created_at` stands for its day; lists are combinations, as in the store."""

_EVERY: Final = 0.2  # seconds between two looks whether somebody pressed Ctrl-C

#: Memory that was freed stays with the process, and comes in large pages: every CSV needs the same again, and
#: having the system clear it anew takes longer than inflating it.
TUNING: Final = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=4294967296",
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


class DirectError(Exception):
    """The question or a file cannot be used so; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`groups`: the cells in the order of `by` -> statements. `rows`: all of them. `damaged`: parts, or
    records in them, that could not be read and are not among the rows."""

    by: tuple[str, ...]
    groups: dict[tuple[Cell, ...], int]
    rows: int
    damaged: tuple[Damaged, ...] = ()


@dataclass(slots=True)
class _Sum:
    groups: Counter[tuple[Cell, ...]] = field(default_factory=Counter)
    rows: int = 0
    damaged: list[Damaged] = field(default_factory=list)


def count(
    paths: Sequence[Path],
    by: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress = lambda _rows, _bytes: None,
) -> Counted:
    """Statements in dumps (named as the database names them), grouped by some of `BY`.

    `workers`: processes; by default one for each core. Raises DirectError, and OSError where a file cannot be
    opened. A damaged part is told in the result, and the rest is counted.
    """
    for name in by:
        if name not in BY:
            raise DirectError(f"a dump cannot be counted by {name!r}; it can by: {', '.join(BY)}")
    if len(set(by)) != len(by):
        raise DirectError("a column stands twice in what to count by")
    found = _Sum()
    tasks = list(_tasks(paths, found.damaged))
    # The largest first: then the workers end at about the same time.
    tasks.sort(key=lambda task: -task.size)
    many = max(1, min(workers or len(os.sched_getaffinity(0)), len(tasks)))
    queue, lock = deque(tasks), Lock()
    started: list[subprocess.Popen[str]] = []

    def take() -> _Task | None:
        # Without the lock, for which whoever is interrupted would wait in vain.
        try:
            return queue.popleft()
        except IndexError:
            return None

    def told(rows: int, size: int) -> None:
        with lock:
            found.rows += rows
            progress(rows, size)

    with ThreadPoolExecutor(many) as pool:
        try:
            waiting = {pool.submit(_worked, tuple(by), take, told, started) for _one in range(many)}
            while waiting:
                # With polars loaded, Ctrl-C ends no waiting: it is heard of between two.
                done, waiting = wait(waiting, _EVERY, FIRST_COMPLETED)
                for part in (one.result() for one in done):
                    found.groups.update(part.groups)
                    found.damaged += part.damaged
        except BaseException:
            # Also Ctrl-C. The threads would go on to the last CSV, and the pool waits for them.
            queue.clear()
            for process in started:
                process.kill()
            raise
    damaged = sorted(found.damaged, key=lambda one: one.name)
    return Counted(tuple(by), dict(found.groups), found.rows, tuple(damaged))


@dataclass(frozen=True, slots=True)
class _Task:
    """One CSV to be counted. `line`: what its worker is told."""

    size: int
    line: str


def _tasks(paths: Iterable[Path], damaged: list[Damaged]) -> Iterator[_Task]:
    for path in paths:
        name = archive.named(path.name)
        if name is None:
            raise DirectError(f"{path.name} is not named as a dump: sor-SCOPE-YYYY-MM-DD-full.zip")
        try:
            inside = archive.contents(path)
        except archive.DumpError as error:
            raise DirectError(f"{path.name}: {error}") from error
        damaged += [Damaged(one.name, one.reason) for one in inside.broken]
        day = name.day.isoformat()
        for part in inside.csvs:
            task = {
                "path": str(path),
                "day": day,
                "version": "v2" if day >= V2_SINCE else "v1",
                "part": asdict(part),
            }
            yield _Task(part.size, json.dumps(task))


def _worked(
    by: tuple[str, ...],
    take: Callable[[], _Task | None],
    told: Progress,
    started: list[subprocess.Popen[str]],
) -> _Sum:
    """What one worker process, which is told in `started`, found in the CSVs that it took."""
    found = _Sum()
    with _process(by) as process:
        started.append(process)
        while task := take():
            said = _asked(process, task.line)
            told(said["rows"], task.size)
            found.damaged += [Damaged(**one) for one in said["damaged"]]
        said = _asked(process, "null")
    for *cells, many in said["groups"]:
        found.groups[_key(by, cells)] += many
    return found


@contextmanager
def _process(by: tuple[str, ...]) -> Iterator[subprocess.Popen[str]]:
    """A worker, which ends with us."""
    # -P: nothing is imported from the folder that somebody happens to stand in.
    command = [sys.executable, "-P", "-m", "fairnotice.observatory.direct_part", *by]
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=pipe,
        stdout=pipe,
        text=True,
        process_group=0,  # Ctrl-C is for the one that started them
        env=_surroundings(),
    )
    try:
        yield process
    finally:
        # After an error, or Ctrl-C, nobody waits for its answer.
        process.kill()
        try:
            process.communicate()
        except BrokenPipeError:
            pass


def _key(by: Sequence[str], cells: Sequence[str | None]) -> tuple[Cell, ...]:
    """The cells of a group, as a worker told them."""
    return tuple(
        date.fromisoformat(cell) if cell is not None and columns.type_of(name) in ("date", "time") else cell
        for name, cell in zip(by, cells, strict=True)
    )


def _asked(process: subprocess.Popen[str], line: str) -> dict[str, Any]:
    """A worker's answer to a line."""
    if process.stdin is None or process.stdout is None:
        raise DirectError("a worker process has no way to be asked")
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except BrokenPipeError:
        answer = ""
    if not answer:
        raise DirectError("a worker process ended before its time: is there too little memory?")
    found: dict[str, Any] = json.loads(answer)
    if "missing" in found:
        raise ModuleNotFoundError(found["missing"])
    if "failed" in found:
        raise OSError(found["failed"])
    return found


def _surroundings() -> dict[str, str]:
    """What a worker's own process has beside ours: tuning where nobody chose another, and our modules."""
    # An empty name would be the folder that somebody happens to stand in.
    path = os.pathsep.join(filter(None, (*sys.path, os.environ.get("PYTHONPATH", ""))))
    return {**TUNING, **os.environ, "PYTHONPATH": path}
