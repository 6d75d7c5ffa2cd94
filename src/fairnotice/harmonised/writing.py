"""A report as files: CSV (RFC 4180, UTF-8 without a byte order mark, lines end in CRLF) and one XLSX.

Headers and fixed texts are the template's own. Free text that a spreadsheet would run as a formula gets a
quote in front; in the XLSX text is typed as text besides, and numbers as numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from fairnotice.harmonised.cells import inert, number
from fairnotice.harmonised.parts import PARTS, Part, file_name
from fairnotice.harmonised.report import Report

#: These hold numbers, where the cell is one.
_NUMBERS = ("count", "hours", "value")
#: The header of the list of changed cells that a corrected report comes with: it belongs to no part.
CHANGES = ("File", "Row", "Column", "Before", "Now")
#: The same report gives the same bytes: a workbook would hold the moment of its making.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the library wants a moment without a zone
_WIDE, _NARROW = 48, 18


def csv_text(part: Part, rows: Sequence[Sequence[str]]) -> str:
    """One part as the text of its CSV file. Raises ValueError for a row of the wrong length."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(part.headers)
    writer.writerows(_cells(part, row) for row in rows)
    return out.getvalue()


def csv_files(report: Report) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) for each part that the report has, in order."""
    for number_ in sorted(report.parts):
        part = PARTS[number_]
        yield file_name(part), csv_text(part, report.parts[number_]).encode()


def write_csv(report: Report, folder: Path) -> list[Path]:
    """Write one file for each part into the folder, which is made where it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in csv_files(report):
        path = folder / name
        path.write_bytes(data)
        written.append(path)
    return written


def xlsx_bytes(report: Report) -> bytes:
    """The workbook: one sheet for each part, the header row fixed and in bold."""
    out = io.BytesIO()
    # What begins like a formula, an address or a number stays the text that it is.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _MADE})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for number_ in sorted(report.parts):
        part = PARTS[number_]
        sheet = book.add_worksheet(part.slug)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(part.columns):
            width = _WIDE if column.kind in ("category", "indicator", "name") else _NARROW
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, column.header, bold)
        for line, row in enumerate(report.parts[number_], 1):
            for place, text in enumerate(_cells(part, row)):
                found = number(text) if part.columns[place].kind in _NUMBERS else None
                if found is not None:
                    sheet.write_number(line, place, found)
                elif text:
                    sheet.write_string(line, place, text)
    book.close()
    return out.getvalue()


def write_xlsx(report: Report, path: Path) -> None:
    """Write the workbook to this path."""
    path.write_bytes(xlsx_bytes(report))


def _cells(part: Part, row: Sequence[str]) -> list[str]:
    if len(row) != len(part.columns):
        raise ValueError(f"part {part.number} has {len(part.columns)} columns, a row has {len(row)}")
    return [inert(text) for text in row]
