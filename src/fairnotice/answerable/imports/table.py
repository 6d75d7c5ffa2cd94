"""Our own table: CSV in UTF-8, one record per line, parted by comma, semicolon or tab."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from fairnotice.answerable.imports.cells import KNOWN, REQUIRED, statement_of
from fairnotice.answerable.imports.opening import Line
from fairnotice.answerable.imports.shape import LONGEST_LINE, BadLine, Entry, Reading, Refused, Unusable


def read(lines: Iterable[Line], reading: Reading) -> Iterator[Entry]:
    """What stands below the header. Raises Unusable for a file without a usable header, and nothing else."""
    columns: list[str] | None = None
    delimiter = ","
    for line in lines:
        text = line.text()
        if columns is None:
            columns, delimiter = _header(text)
            continue
        if not line.data.strip():
            continue
        try:
            if not line.whole or (text is not None and len(text) > LONGEST_LINE):
                raise Refused(_("The line is too long."))
            if text is None:
                raise Refused(_("The line is not UTF-8 text."))
            yield statement_of(line.number, text, _cells(text, columns, delimiter))
        except Refused as fault:
            yield BadLine(line.number, line.shown, str(fault))
    if columns is None:
        raise Unusable(_("The file is empty: its first line must name the columns."))


def header_cells(text: str, wanted: Iterable[str]) -> tuple[list[str], str]:
    """The names of the columns as written, and the sign that parts them: the one that finds most of
    `wanted`."""
    known = set(wanted)
    splits = [([name.strip() for name in split(text, sign)], sign) for sign in (",", ";", "\t")]
    return max(splits, key=lambda one: len(known.intersection(name.lower() for name in one[0])))


def split(text: str, delimiter: str) -> list[str]:
    """The cells of one record; [] where its quotation marks do not match."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _header(text: str | None) -> tuple[list[str], str]:
    if text is None:
        raise Unusable(_("The first line is not UTF-8 text. Save the file as UTF-8 and try again."))
    written, delimiter = header_cells(text.removeprefix("\ufeff")[:LONGEST_LINE], KNOWN)
    columns = [name.lower() for name in written]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise Unusable(_("Missing columns: %(names)s.") % {"names": ", ".join(missing)})
    unknown = [name for name in columns if name not in KNOWN]
    if unknown:
        raise Unusable(_("Unknown columns: %(names)s.") % {"names": ", ".join(unknown)})
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise Unusable(_("Columns that stand twice: %(names)s.") % {"names": ", ".join(repeated)})
    return columns, delimiter


def _cells(text: str, columns: list[str], delimiter: str) -> dict[str, str]:
    cells = [cell.strip() for cell in split(text, delimiter)]
    if not cells:
        raise Refused(_("The quotation marks in this line do not match."))
    if len(cells) != len(columns):
        raise Refused(
            _("The line has %(found)d cells, the header has %(wanted)d.")
            % {"found": len(cells), "wanted": len(columns)}
        )
    if not all(map(str.isprintable, cells)):
        raise Refused(_("The line holds control characters."))
    return dict(zip(columns, cells, strict=True))
