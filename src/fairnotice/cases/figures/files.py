"""Statistics as JSON and CSV, in the format `fair-notice-statistics/1` (docs/statistics.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fairnotice.answerable.csv_out import csv_text
from fairnotice.cases.figures.model import Figure
from fairnotice.law.suppression import FEW

FORMAT = "fair-notice-statistics/1"
HEADER = ("table", "row", "row_label", "column", "column_label", "value", "state")


def as_json(
    figures: Sequence[Figure], *, subject: str, filters: Mapping[str, str], suppressed: bool, until: str
) -> dict[str, Any]:
    """The tables as one object. `until` is the day after the last that is counted ("" where nothing is)."""
    return {
        "format": FORMAT,
        "subject": subject,
        "filters": dict(filters),
        "until": until,
        "suppression": {"few": FEW, "scheme": "rows-whole/1"} if suppressed else None,
        "tables": [_table(figure) for figure in figures],
    }


def _table(figure: Figure) -> dict[str, Any]:
    return {
        "table": figure.key,
        "title": figure.title,
        "method": figure.method,
        "notes": list(figure.notes),
        "rows_are": figure.first,
        "columns": [{"code": code, "label": label} for code, label in figure.heads],
        "rows": [
            {
                "code": line.code or "others",
                "label": line.label,
                "values": [cell.value for cell in line.cells],
                "states": [cell.state for cell in line.cells],
            }
            for line in figure.lines
        ],
    }


def as_csv(figures: Sequence[Figure]) -> str:
    """One line for each cell, so that every program can read all tables of a page at once."""
    rows = [
        (
            figure.key,
            line.code or "others",
            line.label,
            code,
            head,
            "" if cell.value is None else cell.value,
            cell.state,
        )
        for figure in figures
        for line in figure.lines
        for (code, head), cell in zip(figure.heads, line.cells, strict=True)
    ]
    return csv_text(HEADER, rows)
