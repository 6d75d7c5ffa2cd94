"""A result as text, as a file, as a picture, as a table for other libraries. Pure; Parquet loads pyarrow."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fairnotice.answerable.csv_out import inert
from fairnotice.observatory import citing, columns
from fairnotice.observatory.asking.codes import short
from fairnotice.observatory.asking.picture import to_svg
from fairnotice.observatory.question import DIMENSIONS, PERIODS
from fairnotice.observatory.result import Cell, Result

if TYPE_CHECKING:
    import pyarrow

__all__ = [
    "NOTHING_GIVEN",
    "as_json",
    "is_number",
    "printable",
    "to_arrow",
    "to_csv",
    "to_json",
    "to_svg",
    "to_table",
    "write_parquet",
]

NOTHING_GIVEN: Final = "(not given)"
"""What a table shows where the statements say nothing."""


def to_csv(result: Result) -> str:
    """A header and the rows; codes are whole, nothing given is an empty cell. A text that a spreadsheet would
    run as a formula has an apostrophe before it; numbers are left alone."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([_plain(cell) for cell in row] for row in result.rows)
    return out.getvalue()


def to_json(result: Result) -> str:
    """All of it as one can cite it, with its digests: `citing`. Ends with a line feed."""
    return citing.dumps(result)


def as_json(result: Result) -> dict[str, object]:
    """The result as plain JSON values. Dates are YYYY-MM-DD."""
    return {
        "question": result.question.to_json(),
        "columns": list(result.columns),
        "rows": [[one.isoformat() if isinstance(one, date) else one for one in row] for row in result.rows],
        "inputs": [asdict(one) | {"day": one.day.isoformat()} for one in result.inputs],
        "answered_from": result.answered_from,
        "engine": result.engine,
        "notes": list(result.notes),
        "taxonomies": list(result.taxonomies),
        "program": result.program,
        "seconds": result.seconds,
    }


def to_table(result: Result) -> str:
    """Lines for a terminal: codes in short, numbers with separators, right under each other."""
    rows = [
        [_shown(name, cell) for name, cell in zip(result.columns, row, strict=True)] for row in result.rows
    ]
    wide = [max(map(_width, cells)) for cells in zip(result.columns, *rows, strict=True)]
    right = [is_number(result, number) for number in range(len(result.columns))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            " " * (room - _width(cell)) + cell if to_right else cell + " " * (room - _width(cell))
            for cell, room, to_right in zip(cells, wide, right, strict=True)
        )
        return "  ".join(padded).rstrip()

    rule = "  ".join("-" * room for room in wide)
    return "\n".join([line(result.columns), rule, *map(line, rows)]) + "\n"


def is_number(result: Result, at: int) -> bool:
    """Whether a column of the result holds numbers."""
    name = result.columns[at]
    return at >= len(result.question.by) or name in (*columns.DELAYS, columns.SAID, columns.PER_SECOND)


def to_arrow(result: Result) -> pyarrow.Table:
    """The rows for pandas, Polars and others; the question, notes and inputs are in the schema's metadata,
    under `fairnotice`. Needs the extra `data`."""
    import pyarrow as pa

    kinds = [pa.field(name, _kind(result, at, pa)) for at, name in enumerate(result.columns)]
    about = {name: value for name, value in as_json(result).items() if name != "rows"}
    schema = pa.schema(kinds, metadata={"fairnotice": json.dumps(about, ensure_ascii=False)})
    cells = list(zip(*result.rows, strict=True)) or [()] * len(kinds)
    return pa.Table.from_arrays(
        [pa.array(list(cell), type=field.type) for cell, field in zip(cells, schema, strict=True)],
        schema=schema,
    )


def write_parquet(result: Result, path: Path) -> None:
    """`to_arrow` as a Parquet file. Raises OSError."""
    import pyarrow.parquet as pq

    pq.write_table(to_arrow(result), str(path), compression="zstd")


def _kind(result: Result, at: int, pa: Any) -> Any:
    name = result.columns[at]
    if at < len(result.question.by) and name in ("day", *PERIODS, *columns.DATES):
        return pa.date32()
    if name == "mean":
        return pa.float64()
    return pa.int64() if is_number(result, at) else pa.string()


def _plain(cell: Cell) -> object:
    return inert(cell) if isinstance(cell, str) else cell


def _shown(name: str, cell: Cell) -> str:
    if cell is None:
        return NOTHING_GIVEN if name in DIMENSIONS else "-"
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return printable(str(short(name, cell)))


def printable(text: str) -> str:
    """A text from the dumps without what would steer a terminal."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )
