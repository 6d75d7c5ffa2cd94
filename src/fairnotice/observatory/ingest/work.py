"""Some CSVs of a dump read and written: what one process does at a time. Needs the extra `data`."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import IO

import polars as pl

from fairnotice.observatory import cubes
from fairnotice.observatory.ingest import archive, cells, writing
from fairnotice.observatory.ingest.archive import Packed, PartError
from fairnotice.observatory.ingest.salvage import Lost
from fairnotice.observatory.store import Damaged, Member

Told = Callable[[int, int], None]
"""Told how many rows and bytes of CSV are done more."""


@dataclass(frozen=True, slots=True)
class Task:
    """CSVs of one dump that become files in `folder`, whose names begin with `number`. `room`: bytes of rows
    held before they are written."""

    number: int
    dump: Path
    csvs: tuple[Packed, ...]
    day: date
    version: str
    folder: Path
    texts: bool = False
    room: int = 256 << 20


@dataclass(slots=True)
class Done:
    """What came of a task. `files`: the names of its files of rows, in order; the counts for the cubes lie in
    `folder/counts`, by the task's number."""

    number: int
    files: list[str] = field(default_factory=list)
    rows: int = 0
    members: list[Member] = field(default_factory=list)
    damaged: list[Damaged] = field(default_factory=list)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    tolerant: int = 0


def do(task: Task, told: Told = lambda _rows, _bytes: None) -> Done:
    """Read, write, count. Raises OSError where a file cannot be read or written; what is wrong with a part is
    kept aside and told in `damaged`."""
    return _Doing(task, told).all()


class _Doing:
    def __init__(self, task: Task, told: Told) -> None:
        self._task, self._told = task, told
        self._done = Done(task.number)
        self._rows: list[pl.DataFrame] = []
        self._texts: list[pl.DataFrame] = []
        self._held = 0
        self._counts: list[cubes.Cubes] = []

    def all(self) -> Done:
        for packed in self._task.csvs:
            self._csv(packed)
            if self._held > self._task.room:
                self._flush()
        self._flush()
        if self._counts:
            self._keep_counts()
        return self._done

    def _csv(self, packed: Packed) -> None:
        task, done = self._task, self._done
        try:
            data = archive.raw(task.dump, packed)
            found = cells.read(data, task.day, task.version, texts=task.texts)
        except (PartError, cells.NoDump, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            known = isinstance(error, PartError | cells.NoDump)
            reason = str(error) if known else f"the reader gave up on it ({type(error).__name__})"
            done.damaged.append(keep_part(task.folder, task.dump, packed, reason))
            self._told(0, packed.size)
            return
        del data
        done.members.append(Member(packed.name, packed.crc, packed.size, found.rows.height))
        done.rows += found.rows.height
        done.tolerant += found.tolerant
        if found.lost:
            done.damaged += _keep_rows(task.folder, packed.name, found.lost)
        for column, counted in found.unknown.items():
            there = Counter(done.unknown.get(column, {}))
            there.update(counted)
            done.unknown[column] = dict(there)
        done.absent += [name for name in found.absent if name not in done.absent]
        done.more += [name for name in found.more if name not in done.more]
        self._rows.append(found.rows)
        self._held += int(found.rows.estimated_size())
        if found.texts is not None:
            self._texts.append(found.texts)
            self._held += int(found.texts.estimated_size())
        self._told(found.rows.height, packed.size)

    def _flush(self) -> None:
        if not self._rows:
            return
        rows = pl.concat(self._rows)
        texts = pl.concat(self._texts) if self._texts else None
        self._rows, self._texts, self._held = [], [], 0
        if rows.height:
            name = f"{self._task.number:05d}-{len(self._done.files):03d}"
            writing.write_rows(self._task.folder, name, rows, texts)
            self._done.files.append(name)
            self._counts.append(cubes.counted(rows))

    def _keep_counts(self) -> None:
        folder = counts_folder(self._task.folder)
        folder.mkdir(exist_ok=True)
        for name, frame in cubes.merged(self._counts).items():
            writing.write_frame(folder / f"{self._task.number:05d}.{name}.arrow", frame)


def counts_folder(folder: Path) -> Path:
    """Where the counts of each task lie until the day is finished."""
    return folder / "counts"


def aside_folder(folder: Path) -> Path:
    """Where a day's parts lie that could not be read, while it is written."""
    return folder / "aside"


def keep_part(folder: Path, dump: Path, part: Packed | archive.Broken, reason: str) -> Damaged:
    """Keep a part as it came."""
    name = f"{part.name}.deflated" if isinstance(part, Packed) and part.within is None else part.name
    with _aside(folder, name) as file:
        archive.as_it_came(dump, part, file.write)
        return Damaged(part.name, reason, None, Path(file.name).name)


def _keep_rows(folder: Path, name: str, lost: list[Lost]) -> list[Damaged]:
    """Keep the bytes of the records that could not be read, one file for each CSV."""
    with _aside(folder, f"{name}.rows") as file:
        kept = Path(file.name).name
        for one in lost:
            file.write(one.raw + b"\n")
    reasons: dict[str, list[int]] = {}
    for one in lost:
        reasons.setdefault(one.reason, []).append(one.row)
    return [
        Damaged(name, f"{reason} (row {rows[0]}{' and others' if len(rows) > 1 else ''})", len(rows), kept)
        for reason, rows in sorted(reasons.items())
    ]


def _aside(folder: Path, name: str) -> IO[bytes]:
    """A new file there. Two parts may have one name, also in the hands of two processes."""
    into = aside_folder(folder)
    into.mkdir(mode=0o700, exist_ok=True)
    for number in count():
        with contextlib.suppress(FileExistsError):
            return (into / (f"{number}-{name}" if number else name)).open("xb")
    raise AssertionError
