"""The table of a month's counts, as the tally commits to it: canonical JSON (RFC 8785). Pure: no database."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

from fairnotice.cases.counting.definitions import DEFINITIONS
from fairnotice.cases.counting.period import Period, WrongPeriod, parse_month
from fairnotice.cases.counting.rows import finest

FORMAT = "fair-notice-tally/1"
_KEYS = {"format", "service", "month", "counts"}


class BadTable(ValueError):
    """The text is no table of a tally; says why, in plain English."""


def table_of(service: str, month: Period, counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    """`counts`: definition -> row -> number, without zeros, of the finest rows ("" where it has none)."""
    return {"format": FORMAT, "service": service, "month": month.month, "counts": counts}


def canonical(table: dict[str, Any]) -> str:
    """Its one spelling."""
    return rfc8785.dumps(table).decode()


def sha256_of(text: str) -> str:
    """What the log's entry holds, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def cells_in(table: dict[str, Any]) -> int:
    """How many counts above zero it has."""
    return sum(len(rows) for rows in table["counts"].values())


def read(text: str) -> dict[str, Any]:
    """Read a table back. Raises BadTable where it is not one, or not in its one spelling."""
    try:
        table = json.loads(text)
    except ValueError:
        raise BadTable("it is not JSON") from None
    if not isinstance(table, dict) or set(table) != _KEYS or table["format"] != FORMAT:
        raise BadTable(f"its format is not {FORMAT}")
    try:
        parse_month(str(table["month"]))
    except WrongPeriod:
        raise BadTable("its month is not written as 2026-01") from None
    counts = table["counts"]
    if not isinstance(table["service"], str) or not isinstance(counts, dict):
        raise BadTable("it has no service or no counts")
    for definition, rows in counts.items():
        _check_rows(definition, rows)
    if canonical(table) != text:
        raise BadTable("it is not in canonical JSON (RFC 8785): it was written anew")
    return table


def _check_rows(definition: str, rows: object) -> None:
    known = DEFINITIONS.get(definition)
    if known is None or known.kind != "count":
        raise BadTable(f"there is no count named {str(definition)[:60]!r}")
    if not isinstance(rows, dict) or not rows:
        raise BadTable(f"{definition} is not a table of rows")
    allowed = {""} if known.row else set(finest(known.part, "TOTAL"))
    for row, number in rows.items():
        if row not in allowed:
            raise BadTable(f"{definition} has no row {row[:80]!r}")
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise BadTable(f"{definition}, {row}: a count is a whole number above zero")
