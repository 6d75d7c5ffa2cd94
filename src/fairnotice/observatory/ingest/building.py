"""A dump cut into tasks, and what came of them put together to a day. Needs the extra `data`."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from fairnotice import __version__
from fairnotice.observatory import cubes
from fairnotice.observatory.columns import CUBES
from fairnotice.observatory.ingest import archive, work, writing
from fairnotice.observatory.ingest.archive import Contents, DumpError, Named
from fairnotice.observatory.ingest.work import Done, Task, Told
from fairnotice.observatory.store import Damaged, Day, Manifest, Store
from fairnotice.transparencydb.schema import SCHEMAS, V2_SINCE, Version

#: CSVs of one task at most: a million rows, which make one file of rows.
MOST_CSVS: Final = 10
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Dump:
    """A file to be read, and what it is."""

    path: Path
    named: Named
    contents: Contents

    @property
    def version(self) -> Version:
        """The taxonomy that was in force on its day."""
        return version_on(self.named.day)


def version_on(day: date) -> Version:
    """v2 since 1 July 2025."""
    return "v2" if day >= date.fromisoformat(V2_SINCE) else "v1"


def opened(path: Path) -> Dump:
    """A dump by its file. Raises DumpError, OSError."""
    found = archive.named(path.name)
    if found is None:
        raise DumpError("its name is not sor-SCOPE-YYYY-MM-DD-full.zip or -light.zip: its day is not known")
    return Dump(path, found, archive.contents(path))


def tasks(dump: Dump, folder: Path, *, texts: bool, workers: int, room: int) -> list[Task]:
    """Its CSVs in groups: large ones, but several for each worker."""
    csvs = dump.contents.csvs
    size = max(1, min(MOST_CSVS, -(-len(csvs) // (3 * workers)))) if workers else MOST_CSVS
    return [
        Task(number, dump.path, csvs[at : at + size], dump.named.day, dump.version, folder, texts, room)
        for number, at in enumerate(range(0, len(csvs), size))
    ]


def finish(
    store: Store, dump: Dump, folder: Path, done: Sequence[Done], *, sha1: str, published: bool, texts: bool
) -> Day:
    """Put a day together from all its tasks, and at its place. Raises OSError."""
    ordered = sorted(done, key=lambda one: one.number)
    damaged = [work.keep_part(folder, dump.path, one, one.reason) for one in dump.contents.broken]
    damaged += [part for one in ordered for part in one.damaged]
    writing.in_order(folder, [name for one in ordered for name in one.files])
    counts = work.counts_folder(folder)
    for name in CUBES:
        cube = cubes.finished_one(name, map(_counts_in, sorted(counts.glob(f"*.{name}.arrow"))))
        writing.write_frame(folder / f"cube-{name}.parquet", cube)
    if counts.exists():
        shutil.rmtree(counts)
    aside = work.aside_folder(folder)
    moved = folder.with_name(f"{folder.name}.aside")
    if aside.exists():
        aside.rename(moved)
    manifest = Manifest(
        day=dump.named.day,
        scope=dump.named.scope,
        kind=dump.named.kind,
        version=dump.version,
        dump=dump.path.name,
        sha1=sha1,
        sha1_published=published,
        bytes=dump.contents.bytes,
        rows=sum(one.rows for one in ordered),
        members=tuple(member for one in ordered for member in one.members),
        damaged=tuple(_named_aside(damaged, dump)),
        unknown=_unknown(ordered),
        absent=tuple(dict.fromkeys(name for one in ordered for name in one.absent)),
        more=tuple(dict.fromkeys(name for one in ordered for name in one.more)),
        tolerant=sum(one.tolerant for one in ordered),
        texts=texts,
        taxonomy=SCHEMAS[dump.version].taxonomy,
        program=__version__,
    )
    return writing.place(store, folder, manifest, moved if moved.exists() else None)


def build(store: Store, path: Path, *, texts: bool = False, told: Told = lambda _rows, _bytes: None) -> Day:
    """Read one dump in this process, and put its day in place of what was there. Raises DumpError, OSError.

    `run.ingest` does so with several processes, and asks first whether the day may be put there.
    """
    dump = opened(path)
    sha1, published = checked(path)
    folder = writing.new_folder(store, dump.named.day, dump.named.scope)
    done = [work.do(task, told) for task in tasks(dump, folder, texts=texts, workers=0, room=256 << 20)]
    return finish(store, dump, folder, done, sha1=sha1, published=published, texts=texts)


def checked(path: Path) -> tuple[str, bool]:
    """The sha1 of a file in hexadecimal, and whether the `.sha1` beside it said so. Raises DumpError where it
    says another, OSError."""
    digest = hashlib.sha1(usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    found = digest.hexdigest()
    said = published_sha1(path)
    if said is not None and said != found:
        raise DumpError(
            f"it is not the file that {path.name}.sha1 names: download both again, or take the .sha1 away to "
            "read the file as it is"
        )
    return found, said is not None


def published_sha1(path: Path) -> str | None:
    """What the `.sha1` beside a dump says, None where there is none, "" where it says nothing of use."""
    try:
        words = path.with_name(path.name + ".sha1").read_text("ascii").split()
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return ""
    return words[0].lower() if words else ""


def _counts_in(path: Path) -> pl.DataFrame:
    """One file of counts. Given by its name, polars would take brackets in it for a pattern."""
    with path.open("rb") as file:
        return pl.read_ipc(file)


def _named_aside(damaged: list[Damaged], dump: Dump) -> list[Damaged]:
    """With the place of what is kept, below the store's `aside`."""
    within = f"{dump.named.day}.{dump.named.scope}"
    return [replace(one, kept=f"{within}/{one.kept}") if one.kept else one for one in damaged]


def _unknown(done: Sequence[Done]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in done:
        for column, codes in one.unknown.items():
            found.setdefault(column, Counter()).update(codes)
    return {column: dict(sorted(found[column].items())) for column in sorted(found)}
