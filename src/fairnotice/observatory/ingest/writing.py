"""A day's files: written in `work`, moved to their place in one step. Needs polars."""

from __future__ import annotations

import io
import os
import secrets
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from fairnotice.observatory import columns
from fairnotice.observatory.store import GLOBAL, Day, Manifest, Store

#: Rows of a row group: small enough that one platform's are found without reading the others'.
GROUP: Final = 65_536
_OLD: Final = "old."


def write_rows(folder: Path, name: str, rows: pl.DataFrame, texts: pl.DataFrame | None = None) -> None:
    """`rows-NAME.parquet`, sorted by platform and time, and `texts-NAME.parquet`, row for row beside it."""
    order = _order(rows)
    # Numbered texts are written as they are, which takes half the time; platforms as texts, since row groups
    # say the first and the last of those only.
    write_frame(folder / f"rows-{name}.parquet", rows.with_columns(pl.col("platform").cast(pl.String))[order])
    if texts is not None:
        write_frame(folder / f"texts-{name}.parquet", texts.select(columns.TEXTS)[order])


def _order(rows: pl.DataFrame) -> pl.Series:
    """Rows by platform and time, through one number for each row: sorting texts takes many times as long."""
    platforms = rows["platform"].drop_nulls().unique()
    numbers, names = platforms.to_physical().to_list(), platforms.cast(pl.String).to_list()
    ranks = {number: rank for rank, (_, number) in enumerate(sorted(zip(names, numbers, strict=True)), 1)}
    rank = pl.lit(0)
    if ranks:
        codes = pl.col("platform").to_physical()
        rank = codes.replace_strict(ranks, default=0, return_dtype=pl.Int64)
    second = pl.col(columns.CREATED).to_physical() // 1_000_000
    return rows.select((rank * (1 << 40) + second.fill_null(0)).arg_sort()).to_series()


def write_frame(path: Path, frame: pl.DataFrame) -> None:
    """One file. Raises OSError. Written by Python, since polars does not say that a disk is full."""
    packed = io.BytesIO()
    if path.suffix == ".arrow":
        frame.write_ipc(packed, compression="lz4")
    else:
        frame.write_parquet(packed, compression="zstd", row_group_size=GROUP, statistics=True)
    with path.open("wb") as file:
        file.write(packed.getbuffer())


def new_folder(store: Store, day: date, scope: str) -> Path:
    """An empty folder in `work` for a day that is being read. No two ever have the same name."""
    folder = store.work / f"{day}.{scope}.{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    return folder


def place(store: Store, folder: Path, manifest: Manifest, aside: Path | None = None) -> Day:
    """Move a day's written folder to its place, with its manifest; what lay there for this day and cannot
    lie beside it goes. `aside`: a folder of parts that could not be read, moved too.

    After a stop at any moment the day is as it was before, as soon as `tidy` has run, or as it is to be.
    """
    (folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
    for path in sorted(folder.iterdir()):
        _sync(path)
    _sync(folder)
    day = store.place(manifest.day, manifest.scope)
    day.folder.parent.mkdir(parents=True, exist_ok=True)
    kept_aside = store.aside / day.folder.name
    if kept_aside.exists():
        shutil.rmtree(kept_aside)
    if aside is not None and any(aside.iterdir()):
        store.aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside.rename(kept_aside)
    for other in beside(store, manifest.day, manifest.scope):
        _put_away(store, other)
    folder.rename(day.folder)
    for parent in (day.folder.parent, *day.folder.parent.parents):
        _sync(parent)
        if parent == store.path:
            break
    tidy(store, keep_work=True)
    return day


def beside(store: Store, day: date, scope: str) -> list[Day]:
    """The folders of a day that hold what this one would hold too: itself, and for "global" each platform's,
    for a platform "global"."""
    there = store.days(day, day)
    return [one for one in there if one.scope == scope or GLOBAL in (scope, one.scope)]


def remove(store: Store, day: Day) -> None:
    """Take a day out of the store, and what lies aside of it."""
    store.work.mkdir(parents=True, exist_ok=True)
    gone = store.work / f"gone.{secrets.token_hex(8)}"
    gone.mkdir()
    day.folder.rename(gone / day.folder.name)
    _sync(day.folder.parent)
    # What lies aside holds texts: after a stop, `tidy` takes it away too.
    kept_aside = store.aside / day.folder.name
    if kept_aside.exists():
        kept_aside.rename(gone / "aside")
    shutil.rmtree(gone)


def tidy(store: Store, *, keep_work: bool = False) -> None:
    """Put back what a stop left between two places, and drop what was only half written. `keep_work`: of this
    run's own folders, which are still written."""
    if not store.work.is_dir():
        return
    for path in sorted(store.work.iterdir()):
        if path.name.startswith(_OLD) and path.is_dir():
            _settle(store, path)
        elif not keep_work and path.is_dir():
            shutil.rmtree(path)


def _put_away(store: Store, day: Day) -> None:
    day.folder.rename(store.work / f"{_OLD}{day.folder.name}")


def _settle(store: Store, old: Path) -> None:
    name = old.name.removeprefix(_OLD)
    day, scope = name.split(".", 1)
    if there := beside(store, date.fromisoformat(day), scope):
        if name not in [one.folder.name for one in there] and (store.aside / name).exists():
            shutil.rmtree(store.aside / name)
        shutil.rmtree(old)
    else:
        back = store.place(date.fromisoformat(day), scope).folder
        back.parent.mkdir(parents=True, exist_ok=True)
        old.rename(back)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def in_order(folder: Path, names: Iterable[str]) -> None:
    """Number the files of rows and texts as they follow each other."""
    for number, name in enumerate(names):
        for kind in ("rows", "texts"):
            path = folder / f"{kind}-{name}.parquet"
            if path.exists():
                path.rename(folder / f"{kind}-{number:05d}.parquet")
