"""The layout of the database's daily dumps: columns, and rows read and written as it writes them.

Lists are JSON, dates end in " 00:00:00", nothing between two commas is nothing. `reading` opens the files.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final, TextIO

from fairnotice.transparencydb.schema import SCHEMAS
from fairnotice.transparencydb.values import ABSENT, missing

# All 38, in the order of a "full" dump.
COLUMNS: Final = (
    "uuid",
    "decision_visibility",
    "decision_visibility_other",
    "end_date_visibility_restriction",
    "decision_monetary",
    "decision_monetary_other",
    "end_date_monetary_restriction",
    "decision_provision",
    "end_date_service_restriction",
    "decision_account",
    "end_date_account_restriction",
    "account_type",
    "decision_ground",
    "decision_ground_reference_url",
    "illegal_content_legal_ground",
    "illegal_content_explanation",
    "incompatible_content_ground",
    "incompatible_content_explanation",
    "incompatible_content_illegal",
    "category",
    "category_addition",
    "category_specification",
    "category_specification_other",
    "content_type",
    "content_type_other",
    "content_language",
    "content_date",
    "content_id_ean",
    "territorial_scope",
    "application_date",
    "decision_facts",
    "source_type",
    "source_identity",
    "automated_detection",
    "automated_decision",
    "platform_name",
    "platform_uid",
    "created_at",
)
NOT_IN_LIGHT: Final = frozenset(
    {"illegal_content_explanation", "incompatible_content_explanation", "territorial_scope", "decision_facts"}
)
LIGHT: Final = tuple(name for name in COLUMNS if name not in NOT_IN_LIGHT)
"""The 34 of a "light" dump."""

# Without these a file is no dump: nothing could be said about its rows.
TELLING: Final = frozenset({"category", "decision_ground", "source_type"})

_ABOUT_THE_ROW = ("uuid", "platform_name", "created_at")
_MIDNIGHT = " 00:00:00"
# A spreadsheet reads a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def field_of(column: str) -> str | None:
    """The field of the API that a column holds, or None for one that is about the row (uuid, platform,
    time) or unknown."""
    name = "puid" if column == "platform_uid" else column
    return name if name in SCHEMAS["v2"].fields and column in COLUMNS else None


def absent(columns: Iterable[str]) -> frozenset[str]:
    """The fields for which a file with these columns has none."""
    return frozenset(SCHEMAS["v2"].fields) - {field_of(column) for column in columns}


@cache
def reader_of(field: str) -> Callable[[str], object]:
    """How a cell of a field becomes a value of the API. The function gives ABSENT for an empty cell and never
    raises: a list that is no JSON stays the text that it is."""
    kind = SCHEMAS["v2"].fields[field].kind
    return {"list": _list, "date": _date}.get(kind, _text)


def to_statement(row: Mapping[str, str]) -> dict[str, object]:
    """One row (column -> cell) as an object of the API, for `check.check_one`. Of what is about the row
    itself only `created_at` is kept."""
    statement: dict[str, object] = {}
    for column, cell in row.items():
        field = field_of(column)
        value = _text(cell) if field is None else reader_of(field)(cell)
        if value is not ABSENT and (field or column == "created_at"):
            statement[field or column] = value
    return statement


def to_row(
    statement: Mapping[str, object], *, uuid: str = "", platform_name: str = "", created_at: str = ""
) -> dict[str, str]:
    """One object of the API as a row with all 38 columns. `created_at`: `YYYY-MM-DD HH:MM:SS` (UTC).

    `content_id` becomes `content_id_ean`, as in the database's own dumps.
    """
    about = dict(zip(_ABOUT_THE_ROW, (uuid, platform_name, created_at), strict=True))
    row = {}
    for column in COLUMNS:
        field = field_of(column)
        row[column] = about[column] if field is None else _cell(field, statement.get(field))
    inside = statement.get("content_id")
    if not row["content_id_ean"] and isinstance(inside, Mapping):
        row["content_id_ean"] = str(inside.get("EAN-13") or "")
    return row


def write(rows: Iterable[Mapping[str, str]], file: TextIO, columns: tuple[str, ...] = COLUMNS) -> int:
    """A header and rows as CSV (open `file` with newline=""); gives the number of rows.

    A text that a spreadsheet would read as a formula gets an apostrophe before it.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_harmless(row.get(column, "")) for column in columns])
        count += 1
    return count


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cell(field: str, value: object) -> str:
    if missing(value):
        return ""
    kind = SCHEMAS["v2"].fields[field].kind
    if kind == "list" and isinstance(value, list | tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"{value}{_MIDNIGHT}" if kind == "date" else str(value)


def _text(cell: str) -> object:
    return cell or ABSENT


def _date(cell: str) -> object:
    return cell.removesuffix(_MIDNIGHT) or ABSENT


def _list(cell: str) -> object:
    if not cell:
        return ABSENT
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return cell
    return found if isinstance(found, list) else cell
