"""The files of a report, out of a folder, a ZIP or a handful of files. Nothing is ever written or unpacked
to disk."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fairnotice.harmonised import reasons
from fairnotice.harmonised.limits import LIMITS, Limits

#: What is looked at in a folder or a ZIP; a PDF or a picture beside the tables is no fault.
_TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip"}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY_ZIP = b"PK\x05\x06"
_NO_TABLE = {
    b"%PDF": reasons.A_PDF,
    b"\x89PNG": reasons.A_PICTURE,
    b"\xff\xd8\xff": reasons.A_PICTURE,
    b"{\\rtf": reasons.A_DOCUMENT,
}
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: its name to be shown, and its bytes; or `why` it cannot be read, in plain words."""

    name: str
    data: bytes = b""
    why: str = ""

    @property
    def kind(self) -> str:
        """ "zip", "workbook", "none" or "text"; by what is inside, not by the name."""
        if self.data.startswith(_OLE):
            return "workbook"
        if self.data.startswith((_ZIP, _EMPTY_ZIP)):
            return "workbook" if _is_workbook(self.data) else "zip"
        return "none" if any(self.data.startswith(start) for start in _NO_TABLE) else "text"

    @property
    def is_instead(self) -> str:
        """What to say of a file of kind "none"."""
        return next(
            (what for start, what in _NO_TABLE.items() if self.data.startswith(start)), reasons.NO_TABLE
        )


def entries_of(path: Path, limits: Limits = LIMITS) -> list[Entry]:
    """The file, or the tables of the folder (and the folders in it), in order of name. Raises OSError
    where the path itself cannot be read."""
    if not path.is_dir():
        return [_of_file(path, path.name, limits)]
    found: list[Entry] = []
    left = limits.total
    for place, one in enumerate(_in_folder(path)):
        name = _shown(one.relative_to(path).as_posix())
        if place >= limits.files:
            found.append(Entry(name, why=reasons.TOO_MANY_FILES))
            break
        try:
            entry = _of_file(one, name, limits)
        except OSError:
            entry = Entry(name, why=reasons.NOT_OPENED)
        left -= len(entry.data)
        if left < 0:
            found.append(Entry(name, why=reasons.TOO_BIG_TOGETHER))
            break
        found.append(entry)
    return found


def unpacked(entries: Iterable[Entry], limits: Limits = LIMITS) -> list[Entry]:
    """The same with every ZIP replaced by what is in it. Never raises."""
    found: list[Entry] = []
    left = [limits.total, limits.files]
    for entry in entries:
        if entry.why or entry.kind != "zip":
            found.append(entry)
            left[0] -= len(entry.data)
            left[1] -= 1
            continue
        try:
            found += _members(entry, left, limits)
        except _BROKEN:
            found.append(Entry(entry.name, why=reasons.DAMAGED_ZIP))
    return found


def _in_folder(path: Path) -> Iterator[Path]:
    for one in sorted(path.rglob("*"), key=lambda one: one.as_posix()):
        hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in one.relative_to(path).parts)
        # A link may lead anywhere, also in circles.
        if not hidden and not one.is_symlink() and one.is_file() and one.suffix.lower() in _TABLES:
            yield one


def _of_file(path: Path, name: str, limits: Limits) -> Entry:
    with path.open("rb") as file:
        data = file.read(limits.file + 1)
    if len(data) > limits.file:
        return Entry(_shown(name), why=reasons.TOO_BIG)
    return Entry(_shown(name), data)


def _members(entry: Entry, left: list[int], limits: Limits) -> list[Entry]:
    """`left`: bytes and files that may still come; counted down."""
    found: list[Entry] = []
    with zipfile.ZipFile(io.BytesIO(entry.data)) as archive:
        for member in archive.infolist():
            path = PurePosixPath(member.filename.replace("\\", "/"))
            hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in path.parts if part != "..")
            if member.is_dir() or hidden or path.suffix.lower() not in _TABLES:
                continue
            name = _shown(f"{entry.name}/{path}")
            if left[1] <= 0:
                found.append(Entry(name, why=reasons.TOO_MANY_FILES))
                break
            left[1] -= 1
            one = _member(archive, member, name, min(limits.file, left[0]), limits)
            left[0] -= len(one.data)
            found.append(one)
    return found


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, most: int, limits: Limits) -> Entry:
    if member.flag_bits & 1:
        return Entry(name, why=reasons.ENCRYPTED)
    try:
        # What the ZIP says about sizes is not believed: no more than `most` bytes ever come out.
        with archive.open(member) as file:
            data = file.read(max(most, 0) + 1)
    except _BROKEN:
        return Entry(name, why=reasons.DAMAGED_INSIDE)
    if len(data) > most:
        return Entry(name, why=reasons.TOO_BIG if most == limits.file else reasons.TOO_BIG_TOGETHER)
    one = Entry(name, data)
    if one.kind == "zip":
        return Entry(name, why=reasons.NESTED)
    return one


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except _BROKEN:
        return False
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names


def _shown(name: str) -> str:
    """A name fit for a screen: no control characters, not endless."""
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return clean if len(clean) <= 200 else f"…{clean[-199:]}"
