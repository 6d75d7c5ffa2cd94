"""Ways from a dump to the count by six columns, each as one would write it with that tool.

Every peer is called as `peer(dump, folder)`: the dump's file, and an empty folder for what it has to unpack;
it gives the groups as tuples in the order of `KEYS` and their counts. Texts are the dump's own cells.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

KEYS: Final = (
    "platform_name",
    "category",
    "decision_visibility",
    "automated_decision",
    "automated_detection",
    "created_at",  # its day
)
Groups = Counter[tuple[str, ...]]
Peer = Callable[[Path, Path], Groups]


def nothing(dump: Path, _folder: Path) -> Groups:
    """Inflate all bytes and hold them to their check sums, in a process for each core; no answer."""
    from bench.observatory import inflating

    return Counter({("bytes",): inflating.run(dump, cores())})


def ours(dump: Path, _folder: Path) -> Groups:
    """`fairnotice.observatory.direct`, with the kernel where one is found."""
    from fairnotice.observatory import direct

    by = ("platform", "category", "decision_visibility", "automated_decision", "automated_detection", "day")
    found = direct.count([dump], by=by)
    return Counter(
        {tuple("" if cell is None else str(cell) for cell in key): many for key, many in found.groups.items()}
    )


def pandas(dump: Path, _folder: Path) -> Groups:
    """pandas with its C engine, a CSV after the other out of the zips."""
    import pandas as pd

    groups: Groups = Counter()
    for file in _opened(dump):
        frame = pd.read_csv(file, usecols=list(KEYS), dtype=str, keep_default_na=False)
        frame["created_at"] = frame["created_at"].str.slice(0, 10)
        for key, many in frame.groupby(list(KEYS), sort=False).size().items():
            groups[tuple(key)] += int(many)
    return groups


def polars(dump: Path, folder: Path) -> Groups:
    """Polars' streaming engine over the CSVs, unpacked to disk."""
    import polars as pl

    _unpack(dump, folder)
    found = (
        pl.scan_csv(folder / "*.csv", infer_schema=False, empty_string_is_null=False)
        .group_by(*KEYS[:-1], pl.col("created_at").str.slice(0, 10))
        .len()
        .collect(engine="streaming")
    )
    return _of_rows(found.iter_rows())


def duckdb(dump: Path, folder: Path) -> Groups:
    """DuckDB over the packed CSVs, whose streams are given the frame of gzip, which it can read."""
    for number, (data, crc, size) in enumerate(_streams(dump)):
        head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
        (folder / f"{number:05}.csv.gz").write_bytes(head + data + struct.pack("<II", crc, size & 0xFFFFFFFF))
    return _duckdb(folder / "*.csv.gz")


def duckdb_unpacked(dump: Path, folder: Path) -> Groups:
    """DuckDB over the CSVs, unpacked to disk."""
    _unpack(dump, folder)
    return _duckdb(folder / "*.csv")


def _duckdb(files: Path) -> Groups:
    import duckdb as engine

    from fairnotice.transparencydb.dump import COLUMNS

    types = ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS)
    names = ", ".join(KEYS[:-1])
    found = engine.sql(
        f"SELECT {names}, substring(created_at, 1, 10), count(*) FROM read_csv('{files}', header = true, "  # noqa: S608
        f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{types}}}) GROUP BY ALL"
    )
    return _of_rows(iter(found.fetchall() if found else []))


def _of_rows(rows: Iterator[tuple[Any, ...]]) -> Groups:
    groups: Groups = Counter()
    for *key, many in rows:
        groups[tuple(cell or "" for cell in key)] += many
    return groups


def _opened(dump: Path) -> Iterator[IO[bytes]]:
    """Each CSV as a file, by the standard library."""
    with zipfile.ZipFile(dump) as outer:
        for part in outer.namelist():
            with outer.open(part) as stored, zipfile.ZipFile(stored) as inner:
                for name in inner.namelist():
                    with inner.open(name) as file:
                        yield file


def _unpack(dump: Path, folder: Path) -> None:
    """All CSVs to disk, by the standard library."""
    with zipfile.ZipFile(dump) as outer:
        for part in outer.namelist():
            with outer.open(part) as stored, zipfile.ZipFile(stored) as inner:
                inner.extractall(folder)


def _streams(dump: Path) -> Iterator[tuple[bytes, int, int]]:
    """Of each CSV its deflate stream, check sum and size."""
    with zipfile.ZipFile(dump) as outer:
        for part in outer.namelist():
            data = outer.read(part)
            with zipfile.ZipFile(io.BytesIO(data)) as inner:
                for one in inner.infolist():
                    name, extra = struct.unpack_from("<HH", data, one.header_offset + 26)
                    start = one.header_offset + 30 + name + extra
                    yield data[start : start + one.compress_size], one.CRC, one.file_size


PEERS: Final[dict[str, Peer]] = {
    "inflate only": nothing,
    "ours, kernel": ours,
    "ours, wheels": ours,
    "duckdb": duckdb,
    "duckdb, unpacked": duckdb_unpacked,
    "polars": polars,
    "pandas": pandas,
}
"""The first is what all is measured by. "ours, wheels" is started without the kernel."""


def cores() -> int:
    """How many processes can run at once here."""
    return len(os.sched_getaffinity(0))
