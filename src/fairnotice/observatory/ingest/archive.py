"""A daily dump opened: a zip of zips, whose CSVs are found by their offsets and inflated one at a time.

The outer zip is stored, so each CSV's bytes lie at a place in the file that can be computed: it is read
there, inflated in one go and held to its CRC. Nothing is unpacked to disk. Pure.
"""

from __future__ import annotations

import errno
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import IO, Final, Literal

from fairnotice.observatory.store import GLOBAL

#: A CSV holds at most 100,001 rows, about 120 MB; one above this is no dump's.
MOST_CSV: Final = 2 << 30
#: Of an inner zip that is compressed once more, and has to be inflated as a whole.
MOST_INNER: Final = 1 << 30

_NAME = re.compile(r"sor-([a-z0-9][a-z0-9-]*)-(\d{4}-\d\d-\d\d)-(full|light)\.zip", re.ASCII | re.IGNORECASE)
_LOCAL = struct.Struct("<4s22xHH")
_CANNOT = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, IndexError, struct.error)
#: Deflate makes 258 bytes of two bits at best; a part that is to become more holds what it does not.
_MOST_OF_ONE: Final = 1032
#: Bytes: a file's name has 255 at most, and more is added to it.
_MOST_NAME: Final = 220
_CUT = "its table of contents is missing: the file was cut off, or is no zip"


class DumpError(Exception):
    """The file cannot be read as a dump; the message is one sentence without a full stop."""


class PartError(Exception):
    """A part of a dump cannot be read; the message says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a dump says. `scope`: "global", or the slug of a platform."""

    scope: str
    day: date
    kind: Literal["full", "light"]


def named(name: str) -> Named | None:
    """What a file's name says, or None where it is not a dump's: `sor-SCOPE-YYYY-MM-DD-(full|light).zip`."""
    match = _NAME.fullmatch(name)
    try:
        if match is None:
            return None
        kind: Literal["full", "light"] = "light" if match[3].lower() == "light" else "full"
        return Named(match[1].lower() or GLOBAL, date.fromisoformat(match[2]), kind)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a zip's member in the file that holds them. `method`: 0 stored, 8 deflated."""

    start: int
    packed: int
    size: int
    crc: int
    method: int


@dataclass(frozen=True, slots=True)
class Packed:
    """One CSV of a dump. `span` lies in the dump itself, or, where `within` is given, in that inner zip once
    it is inflated."""

    name: str
    span: Span
    within: Span | None = None

    @property
    def size(self) -> int:
        """Bytes of the CSV."""
        return self.span.size

    @property
    def crc(self) -> str:
        """Of the CSV, in hexadecimal, as the zip has it."""
        return f"{self.span.crc:08x}"


@dataclass(frozen=True, slots=True)
class Broken:
    """What is not read: an inner zip, or a CSV that is there already; and where its bytes lie."""

    name: str
    reason: str
    start: int
    packed: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a dump holds, by the order of its parts' names. `bytes`: of the dump's own file."""

    bytes: int
    csvs: tuple[Packed, ...]
    broken: tuple[Broken, ...]


def contents(path: Path) -> Contents:
    """The CSVs of a dump. Reads the tables of contents only.

    Raises DumpError where the outer zip cannot be read, OSError where the file cannot be opened.
    """
    csvs: list[Packed] = []
    broken: list[Broken] = []
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        for member, span in _table(file, size):
            name = _plain(member.filename)
            if not name.lower().endswith((".zip", ".csv")):
                continue
            for part in _parts(path, file, name, member, span):
                if isinstance(part, Packed):
                    csvs.append(part)
                else:
                    broken.append(part)
    if not csvs and not broken:
        raise DumpError("it holds no CSV: is it a dump?")
    once: dict[tuple[str, int, int], Packed] = {}
    for one in sorted(csvs, key=lambda one: one.name):
        if once.setdefault((one.name, one.size, one.span.crc), one) is not one:
            span = one.within or one.span
            broken.append(
                Broken(one.name, "it is in the dump twice, and was read once", span.start, span.packed)
            )
    return Contents(size, tuple(once.values()), tuple(broken))


def raw(path: Path, packed: Packed) -> bytes:
    """The CSV's bytes, inflated and held to their CRC. Raises PartError, and OSError of the file."""
    if packed.within is None:
        return _unpack(_slice(path, packed.span), packed.span)
    inner = _whole_inner(path, packed.within)
    return _unpack(inner[packed.span.start : packed.span.start + packed.span.packed], packed.span)


def as_it_came(path: Path, packed: Packed | Broken, write: Callable[[bytes], object]) -> None:
    """Hand on the bytes of a part as they lie in the dump, a piece at a time."""
    if isinstance(packed, Broken):
        start, left = packed.start, packed.packed
    else:
        span = packed.within or packed.span
        start, left = span.start, span.packed
    with path.open("rb") as file:
        file.seek(start)
        while left > 0 and (piece := file.read(min(left, 1 << 20))):
            write(piece)
            left -= len(piece)


def _plain(name: str) -> str:
    """A member's name without its folders, such that it can be shown and be a file's."""
    name = "".join(letter if letter.isprintable() else "_" for letter in re.split(r"[/\\]", name)[-1])
    return name if len(name.encode()) <= _MOST_NAME else f"{name[:40]}...{name[-8:]}"


def _table(file: IO[bytes], size: int) -> list[tuple[zipfile.ZipInfo, Span]]:
    try:
        with zipfile.ZipFile(file) as archive:
            # A file that was cut off may end like one of the zips inside it, whose table is then found: the
            # first member of that lies further on.
            members = archive.infolist()
            if members and min(member.header_offset for member in members) > 0:
                raise DumpError(_CUT)
            return [(member, _span(file, member, size)) for member in members if not member.is_dir()]
    except (*_CANNOT, OSError) as error:
        # A place before the file's beginning is EINVAL; anything else is the disk's fault.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        cut = isinstance(error, zipfile.BadZipFile) and "not a zip file" in str(error)
        raise DumpError(_CUT if cut else "its table of contents is damaged") from error


def _span(file: IO[bytes], member: zipfile.ZipInfo, size: int) -> Span:
    """Where a member's bytes begin is said by the header in front of them alone."""
    file.seek(max(0, member.header_offset))
    mark, name, extra = _LOCAL.unpack(file.read(_LOCAL.size).ljust(_LOCAL.size, b"\0"))
    start = member.header_offset + _LOCAL.size + name + extra
    if member.header_offset < 0 or mark != b"PK\x03\x04" or start + member.compress_size > size:
        # Said when the part is read: the others may be sound.
        return Span(min(max(0, start), size), 0, member.file_size, member.CRC, -1)
    return Span(start, member.compress_size, member.file_size, member.CRC, member.compress_type)


def _usable(member: zipfile.ZipInfo, span: Span) -> Span:
    if member.flag_bits & 1:
        raise PartError("it is encrypted")
    if span.method == -1:
        raise PartError("its place in the zip is damaged")
    if span.method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise PartError("it is packed in a way that this program does not know")
    if span.size > MOST_CSV:
        raise PartError("it is larger than 2 GB")
    if span.method == zipfile.ZIP_DEFLATED and span.size > _MOST_OF_ONE * span.packed:
        raise PartError("its size in the zip's table is damaged")
    return span


def _parts(
    path: Path, file: IO[bytes], name: str, member: zipfile.ZipInfo, span: Span
) -> Iterator[Packed | Broken]:
    try:
        if name.lower().endswith(".csv"):
            yield Packed(name, _usable(member, span))
        else:
            yield from _inner(path, file, _usable(member, span))
    except PartError as error:
        yield Broken(name, str(error), span.start, span.packed)


def _inner(path: Path, file: IO[bytes], outer: Span) -> Iterator[Packed | Broken]:
    within, base, size = None, outer.start, outer.packed
    view: IO[bytes] = io.BufferedReader(_View(file, outer.start, outer.packed))
    if outer.method != zipfile.ZIP_STORED:
        # Not as the database packs it, but as somebody may have packed it anew.
        within, base, size = outer, 0, outer.size
        view = io.BytesIO(_whole_inner(path, outer))
    try:
        found = [(one, at) for one, at in _table(view, size) if one.filename.lower().endswith(".csv")]
    except DumpError as error:
        raise PartError(str(error)) from error
    if not found:
        raise PartError("it holds no CSV")
    for one, at in found:
        name = _plain(one.filename)
        place = Span(base + at.start, at.packed, at.size, at.crc, at.method)
        try:
            yield Packed(name, _usable(one, place), within)
        except PartError as error:
            # What cannot be cut out of a zip that is packed once more is kept with the whole of it.
            kept = within or place
            yield Broken(name, str(error), kept.start, kept.packed)


def _slice(path: Path, span: Span) -> bytes:
    with path.open("rb") as file:
        try:
            file.seek(span.start)
            return file.read(span.packed)
        except OSError as error:
            # A disk that cannot be read does not say of which file: without it, the store would be suspected.
            error.filename = str(path)
            raise


def _unpack(data: bytes, span: Span) -> bytes:
    if len(data) != span.packed:
        raise PartError("the file ends before it does")
    found = inflate(data, span.size) if span.method == zipfile.ZIP_DEFLATED else data
    if len(found) != span.size or crc32(found) != span.crc:
        raise PartError("its bytes are damaged: the check sum is another")
    return found


@lru_cache(maxsize=1)
def _whole_inner(path: Path, span: Span) -> bytes:
    if span.size > MOST_INNER:
        raise PartError("the zip inside is compressed once more and larger than 1 GB")
    return _unpack(_slice(path, span), span)


def inflate(data: bytes, size: int) -> bytes:
    """A raw deflate stream that is to give `size` bytes. Raises PartError. A stream that goes on beyond
    `size` is stopped there, so that it cannot fill the memory."""
    from isal import isal_zlib

    try:
        stream = isal_zlib.decompressobj(wbits=-15)
        return bytes(stream.decompress(data, max_length=size + 1))
    except MemoryError:
        raise
    except Exception as error:
        # The library's own error has no type that a checker knows.
        raise PartError("its bytes are damaged") from error


def crc32(data: bytes) -> int:
    """The check sum that zips use."""
    from isal import isal_zlib

    return int(isal_zlib.crc32(data))


class _View(io.RawIOBase):
    """A part of an open file, as a file of its own."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: object) -> int:
        into = memoryview(buffer)  # type: ignore[arg-type]
        self._file.seek(self._start + self._at)
        piece = self._file.read(max(0, min(len(into), self._size - self._at)))
        into[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
