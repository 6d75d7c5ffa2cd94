"""A daily dump as a file, in the layout of the real ones: CSVs in zips in a zip that packs nothing.

Of many millions of rows the first few million are made, and their CSVs come again under other names: tools
read them all anew, as each is packed by itself.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bench.observatory import made

A_CSV: Final = 100_000  # rows
AN_INNER: Final = 10  # CSVs in one zip
LEVEL: Final = 6
_SECOND = (0, 0x5C61)  # 2026-03-01 00:00 as zips write it
_FLAGS = 0x800  # names are UTF-8


@dataclass(frozen=True, slots=True)
class Packed:
    """One CSV, deflated."""

    data: bytes
    crc: int
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump that was written. `bytes`: of all CSVs, unpacked. `different`: rows that do not come again."""

    path: Path
    rows: int
    different: int
    bytes: int


def write(folder: Path, rows: int, different: int, seed: int = 1) -> Dump:
    """A dump of `rows` rows, of which the first `different` are made and come again as often as needed."""
    sizes = [min(A_CSV, rows - start) for start in range(0, rows, A_CSV)]
    many = min(len(sizes), -(-different // A_CSV))
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        parts = list(
            pool.map(_packed, [seed] * many, range(many), [sizes[at] for at in range(many)], [many] * many)
        )
    chosen = [parts[at % many] for at in range(len(sizes))]
    path = folder / f"sor-global-{made.DAY}-full.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as outer:
        for number, start in enumerate(range(0, len(chosen), AN_INNER)):
            stem = f"{path.stem}-{number:05}"
            outer.writestr(f"{stem}.csv.zip", _inner(stem, chosen[start : start + AN_INNER]))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest()
    path.with_name(path.name + ".sha1").write_text(f"{digest}  {path.name}")
    return Dump(
        path, sum(one.rows for one in chosen), sum(one.rows for one in parts), sum(one.size for one in chosen)
    )


def _packed(seed: int, number: int, rows: int, total: int) -> Packed:
    data = made.csv(seed, number, rows, total)
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(packer.compress(data) + packer.flush(), zlib.crc32(data), len(data), rows)


def _inner(stem: str, parts: list[Packed]) -> bytes:
    """A zip of CSVs that are packed already, which `zipfile` cannot write."""
    body, listing = bytearray(), bytearray()
    for number, part in enumerate(parts):
        name = f"{stem}-{number:05}.csv".encode()
        about = struct.pack(
            "<HHHHHIIIHH", 20, _FLAGS, 8, *_SECOND, part.crc, len(part.data), part.size, len(name), 0
        )
        listing += b"PK\x01\x02" + struct.pack("<H", 20) + about
        listing += struct.pack("<HHHII", 0, 0, 0, 0o644 << 16, len(body)) + name
        body += b"PK\x03\x04" + about + name + part.data
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(listing), len(body), 0)
    return bytes(body + listing + b"PK\x05\x06" + end)
