"""Dump files opened: a CSV, a `.csv.zip`, or a daily zip of such zips; in blocks of whole records.

Memory stays flat whatever the size. What cannot be read is said with its reason, and the rest goes on.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

BLOCK: Final = 1 << 25  # bytes read at a time
# A record longer than this is a quotation mark that was never closed.
MOST_RECORD: Final = 1 << 26
# A zip in a zip is unpacked to disk first; the database's own are below 300 MB.
MOST_INNER: Final = 1 << 33

_BOM = b"\xef\xbb\xbf"
_ZIP = b"PK\x03\x04"
_CANNOT = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One CSV file: its name as it is shown, and its bytes; or the reason why it cannot be read."""

    name: str
    stream: IO[bytes] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that could not be read. `row`: its place after the header, the first being 1."""

    row: int
    reason: str


def parts(path: Path, progress: Progress = lambda _bytes: None) -> Iterator[Part]:
    """Every CSV in a file, one after the other; the stream of one is closed when the next is asked for.

    `progress` is told how many bytes of the file were taken in. Raises OSError where the file itself cannot
    be opened.
    """
    with path.open("rb") as file:
        start = file.read(len(_ZIP))
        file.seek(0)
        counted = cast(IO[bytes], _Counted(file, progress))
        if start == _ZIP:
            yield from _of_zip(path.name, counted, depth=0)
        else:
            yield Part(path.name, counted)


def _of_zip(name: str, file: IO[bytes], depth: int) -> Iterator[Part]:
    try:
        archive = zipfile.ZipFile(file)
        members = [one for one in archive.infolist() if not one.is_dir()]
    except _CANNOT as error:
        yield Part(name, None, _reason(error))
        return
    with archive:
        for member in members:
            lower = member.filename.lower()
            if lower.endswith(".csv"):
                yield from _member(member.filename, archive, member)
            elif lower.endswith(".zip") and depth == 0:
                yield from _inner(archive, member)


def _member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Part]:
    try:
        stream = archive.open(member)
    except _CANNOT as error:
        yield Part(name, None, _reason(error))
        return
    with stream:
        yield Part(name, stream)


def _inner(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Part]:
    if member.file_size > MOST_INNER:
        yield Part(member.filename, None, "the zip inside is larger than 8 GB")
        return
    with tempfile.TemporaryFile() as unpacked:
        try:
            with archive.open(member) as packed:
                _copy(packed, unpacked)
        except _CANNOT as error:
            yield Part(member.filename, None, _reason(error))
            return
        unpacked.seek(0)
        yield from _of_zip(member.filename, unpacked, depth=1)


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    size = 0
    while piece := source.read(1 << 20):
        size += len(piece)
        if size > MOST_INNER:
            raise ValueError("the zip inside is larger than 8 GB")
        target.write(piece)


def _reason(error: Exception) -> str:
    """Plain words that quote nothing of the file."""
    if isinstance(error, RuntimeError):
        # zipfile's own: a password is needed, or a way of packing is not known.
        encrypted = "password" in str(error)
        return "it is encrypted" if encrypted else "it is packed in a way that this program does not know"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, ValueError) and "8 GB" in str(error):
        return str(error)
    return "the zip file is damaged"


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a CSV in blocks that end with a record, as far as its quotation marks can be trusted: a
    line break ends one where the marks before it are even. Raises what reading raises (`trouble`)."""
    rest = b""
    while piece := stream.read(BLOCK):
        data = rest + piece
        end = _whole(data)
        if end == 0 and len(data) > MOST_RECORD:
            end = data.rfind(b"\n") + 1 or len(data)
        if end:
            yield data[:end]
        rest = data[end:]
    if rest:
        yield rest


def _whole(data: bytes) -> int:
    """Where the last whole record ends: after the last line break with an even number of marks before it."""
    end = data.rfind(b"\n")
    marks = data.count(b'"', 0, end + 1)
    while end >= 0 and marks % 2:
        before = data.rfind(b"\n", 0, end)
        marks -= data.count(b'"', before + 1, end + 1)
        end = before
    return end + 1


def trouble(error: Exception) -> str | None:
    """The reason, where an error is one of reading a stream of `parts`; None for any other."""
    return _reason(error) if isinstance(error, _CANNOT) else None


def header(first: bytes) -> tuple[tuple[str, ...], bytes]:
    """The names of the columns and what follows them, of the first block of a file."""
    first = first.removeprefix(_BOM)
    line, _, rest = first.partition(b"\n")
    try:
        names = next(csv.reader([line.decode("utf-8", "replace").strip("\r")]), [])
    except csv.Error:
        names = []
    found: list[str] = []
    for name in map(str.strip, names):
        # Of two columns with one name the first counts.
        found.append(f"{name} ({len(found) + 1})" if name in found else name)
    return tuple(found), rest


def records(data: bytes, width: int, first_row: int) -> Iterator[list[str] | Bad]:
    """The records of one block by Python's own reader: cells, or why it is none. Blank lines are nothing.

    Never raises. `first_row`: the place of the block's first record.
    """
    row = first_row
    lines = _lines(data)
    while True:
        reader = csv.reader(lines, strict=True)
        try:
            for cells in reader:
                if not cells:
                    continue
                yield cells if (reason := _amiss(cells, width)) is None else Bad(row, reason)
                row += 1
            return
        except csv.Error as error:
            yield Bad(row, csv_reason(error))
            row += 1


def _lines(data: bytes) -> Iterator[str]:
    """Lines by their line feed alone, whatever other breaks the text holds."""
    for line in io.BytesIO(data):
        yield line.decode("utf-8", "surrogateescape")


def _amiss(cells: list[str], width: int) -> str | None:
    if len(cells) != width:
        return f"{len(cells)} cells instead of {width}"
    for cell in cells:
        # A byte that is no UTF-8 was kept as half of a pair, which no text holds by itself.
        if not cell.isascii() and any("\udc80" <= character <= "\udcff" for character in cell):
            return "not UTF-8"
    return None


def csv_reason(error: csv.Error) -> str:
    """What Python's reader found, in plain words that quote nothing of the file."""
    words = str(error)
    if "field larger" in words:
        return "a cell of more than 131072 characters, or a quotation mark that is not closed"
    if "end of data" in words:
        return "a quotation mark that is not closed"
    if "new-line" in words:
        return "a carriage return in the middle of a line"
    return "a quotation mark in the wrong place"


def sha1_agrees(path: Path) -> bool | None:
    """Whether the file is the one that its `.sha1` beside it names; None where there is none to be read."""
    beside = path.with_name(path.name + ".sha1")
    try:
        words = beside.read_text("ascii").split()
    except (OSError, ValueError):
        return None
    digest = hashlib.sha1(usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return bool(words) and words[0].lower() == digest.hexdigest()


class _Counted(io.RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file, self._progress = file, progress

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._progress(len(piece))
        return piece
