"""Files as grids of text: CSV in whatever encoding and with whatever separator, sheets of a workbook."""

from __future__ import annotations

import codecs
import csv
import io
import re
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from fairnotice.harmonised import reasons
from fairnotice.harmonised.files import _BROKEN, Entry
from fairnotice.harmonised.limits import LIMITS, Limits

#: (rule, line, what was found, what should stand there).
Trouble = tuple[str, int, str, str]


@dataclass(slots=True)
class Grid:
    """One table's cells as text: `file` to be shown, `name` for recognising (of the file or the sheet)."""

    file: str
    name: str
    rows: list[list[str]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    csv: bool = True


class NoGrid(Exception):
    """The file cannot be read; the text says why in plain words."""


def grids_of(entry: Entry, limits: Limits = LIMITS) -> list[Grid]:
    """The tables of one file. Raises NoGrid."""
    if entry.kind == "none":
        raise NoGrid(entry.is_instead)
    if entry.kind == "workbook":
        return list(_sheets(entry, limits))
    return [_text(entry, limits)]


# --- CSV

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
#: `csv` has one limit for the whole program.
_csv_lock = threading.Lock()


def _text(entry: Entry, limits: Limits) -> Grid:
    grid = Grid(entry.name, entry.name)
    text = _decoded(entry.data, grid.troubles)
    if "\0" in text:
        if text.count("\0") > len(text) // 100:
            raise NoGrid(reasons.NO_TEXT)
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if not text.strip():
        raise NoGrid(reasons.EMPTY)
    separator = _separator(text)
    if separator != ",":
        grid.troubles.append(("file-delimiter", 0, _SEPARATORS[separator], "comma"))
    if re.search(r"(?<!\r)\n|\r(?!\n)", text) and not _only_inside(text):
        grid.troubles.append(("file-line-ends", 0, "LF" if "\n" in text else "CR", "CRLF"))
    grid.rows = _records(text, separator, grid.troubles, limits)
    return grid


def _decoded(data: bytes, troubles: list[Trouble]) -> str:
    for mark, encoding, shown in _BOMS:
        if data.startswith(mark):
            rule = "file-bom" if shown == "UTF-8" else "file-encoding"
            troubles.append((rule, 0, f"{shown} with a byte order mark", "UTF-8"))
            return data[len(mark) :].decode(encoding, "replace")
    # Without a mark, UTF-16 shows by every second byte being zero.
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        sample = data[first:2000:2]
        if len(sample) > 8 and sample.count(0) > len(sample) * 0.7:
            troubles.append(("file-encoding", 0, "UTF-16", "UTF-8"))
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        troubles.append(("file-encoding", 0, "Windows-1252 or the like", "UTF-8"))
        return data.decode("cp1252", "replace")


def _separator(text: str) -> str:
    """The one that comes most often outside of quotation marks, in the first lines."""
    outside = re.sub(r'"[^"]*"', "", text[:20_000])
    lines = outside.splitlines()[:40]
    most = max(_SEPARATORS, key=lambda one: sum(line.count(one) for line in lines))
    # A comma in a text beside is common; a header row has several of the right one.
    best = max(_SEPARATORS, key=lambda one: max((line.count(one) for line in lines), default=0))
    return most if most == best else best


def _only_inside(text: str) -> bool:
    """True where all single line feeds stand within quotation marks, which RFC 4180 leaves alone."""
    return not re.search(r"(?<!\r)\n|\r(?!\n)", re.sub(r'"[^"]*"', "", text))


def _records(text: str, separator: str, troubles: list[Trouble], limits: Limits) -> list[list[str]]:
    for strict in (True, False):
        rows: list[list[str]] = []
        with _csv_lock:
            before = csv.field_size_limit(limits.cell * 40)
            try:
                for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict):
                    rows.append(row)
                    _bounded(rows, limits)
                return rows
            except csv.Error as error:
                if "field larger" in str(error):
                    raise NoGrid(reasons.ENDLESS) from None
                if strict:
                    troubles.append(("file-quotes", len(rows) + 1, "", ""))
            finally:
                csv.field_size_limit(before)
    raise NoGrid(reasons.NO_CSV)


def _bounded(rows: list[list[str]], limits: Limits) -> None:
    """Look at the last row. Raises NoGrid."""
    # Blank ones at the end of a sheet do no harm.
    if len(rows) > limits.rows and any(cell.strip() for cell in rows[-1]):
        raise NoGrid(reasons.TOO_MANY_ROWS)
    if len(rows[-1]) > limits.columns:
        while len(rows[-1]) > limits.columns and not rows[-1][-1].strip():
            del rows[-1][-1]
        if len(rows[-1]) > limits.columns:
            raise NoGrid(reasons.TOO_MANY_COLUMNS)
    rows[-1][:] = [
        cell if len(cell) <= limits.cell else f"{cell[: limits.cell]}\N{HORIZONTAL ELLIPSIS}"
        for cell in rows[-1]
    ]


# --- workbooks

_PLACE = re.compile(rb'\br="([A-Z]{0,3})(\d{1,9})"')


def _sheets(entry: Entry, limits: Limits) -> Iterator[Grid]:
    _look_ahead(entry.data, limits)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(entry.data))
        for name in book.sheet_names[: limits.files]:
            rows: list[list[str]] = []
            sheet = book.get_sheet_by_name(name)
            for row in sheet.to_python(skip_empty_area=False):
                rows.append([_as_text(cell) for cell in row])
                _bounded(rows, limits)
            yield Grid(f"{entry.name}, sheet {name}", name, rows, csv=False)
    except (CalamineError, *_BROKEN, TypeError, AttributeError) as error:
        locked = "password" in str(error).lower()
        raise NoGrid(reasons.ENCRYPTED if locked else reasons.DAMAGED_BOOK) from None


def _as_text(cell: object) -> str:
    """As one would write it in CSV; a sheet holds no difference between 5 and 5.0."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell == int(cell) if abs(cell) < 1e15 else False:
            return str(int(cell))
        # A sheet knows no exponent; it is Python that would write a small number with one.
        return repr(cell) if "e" not in repr(cell) else f"{cell:.20f}".rstrip("0").rstrip(".")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _look_ahead(data: bytes, limits: Limits) -> None:
    """A few bytes can claim a sheet of a thousand million cells, or unpack to gigabytes: count before
    anybody makes room for them. Raises NoGrid."""
    if not data.startswith(b"PK"):
        return
    left = limits.total * 2
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if member.flag_bits & 1:
                    raise NoGrid(reasons.ENCRYPTED)
                with archive.open(member) as file:
                    before = b""
                    while chunk := file.read(1 << 20):
                        left -= len(chunk)
                        if left < 0:
                            raise NoGrid(reasons.TOO_BIG_TOGETHER)
                        if member.filename.startswith("xl/worksheets/"):
                            _places(before + chunk, limits)
                        before = chunk[-40:]
    except _BROKEN:
        raise NoGrid(reasons.DAMAGED_BOOK) from None


def _places(xml: bytes, limits: Limits) -> None:
    for letters, digits in _PLACE.findall(xml):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        # Blank sheets often go on a little below and beside their table.
        if int(digits) > limits.rows * 10 or column > limits.columns * 10:
            raise NoGrid(reasons.TOO_LARGE_SHEET)
