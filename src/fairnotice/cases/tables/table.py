"""A CSV or JSONL file taken apart into lines with named cells. Nothing of it is understood here."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

from django.utils.translation import gettext as _

Kind = Literal["csv", "jsonl"]
MAX_BYTES = 32_000_000
MAX_LINES = 100_000
MAX_COLUMNS = 200
_MAX_NAME = 100
_MAX_CELL = 100_000
_DELIMITERS = ",;\t|"


class NoTable(ValueError):
    """This file is no table that can be read. The message says what is wrong and where, and quotes
    nothing."""


@dataclass(frozen=True)
class Line:
    """One line by its number in the file, from 1. `items`: places of a JSONL line that names several;
    `fault`: why its cells could not be read."""

    number: int
    cells: dict[str, str]
    items: tuple[tuple[str, str], ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """The columns in the order of the file, and its lines without the empty ones."""

    kind: Kind
    columns: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)


def read(raw: bytes) -> Table:
    """The table. Raises NoTable."""
    if len(raw) > MAX_BYTES:
        raise NoTable(_("The table is longer than %(most)s MB.") % {"most": MAX_BYTES // 1_000_000})
    text = _decoded(raw)
    if not text.strip():
        raise NoTable(_("The table is empty."))
    table = _jsonl(text) if text.lstrip()[:1] == "{" else _csv(text)
    if not table.lines:
        raise NoTable(_("The table has no line below its first one, which names the columns."))
    return table


def _decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise NoTable(
            _("Line %(line)s is not text in UTF-8. Save the file as “CSV UTF-8”.") % {"line": line}
        ) from None


def _csv(text: str) -> Table:
    first = text.lstrip().partition("\n")[0]
    counted = {sign: first.count(sign) for sign in _DELIMITERS}
    delimiter = max(counted, key=counted.__getitem__) if any(counted.values()) else ","
    rows = _csv_rows(text, delimiter)
    _number, names = next(rows, (0, []))
    columns = _columns(names)
    lines: list[Line] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        _enough_room(len(lines))
        fault = ""
        if len(cells) > len(columns):
            fault = _("This line has %(cells)s cells, and the first line names %(columns)s columns.") % {
                "cells": len(cells),
                "columns": len(columns),
            }
        lines.append(Line(number, dict(zip(columns, cells, strict=False)), fault=fault))
    return Table("csv", columns, lines)


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # Rows may go over several lines: a row's number is that of its first one.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error:
        raise NoTable(
            _("Line %(line)s cannot be read as CSV: perhaps a quotation mark is missing.")
            % {"line": reader.line_num}
        ) from None


def _columns(names: list[str]) -> tuple[str, ...]:
    found = tuple(" ".join(name.split())[:_MAX_NAME] for name in names)
    while found and not found[-1]:
        found = found[:-1]
    if not found or not all(found):
        raise NoTable(_("The first line must name every column."))
    if len(found) > MAX_COLUMNS:
        raise NoTable(_("There are more than %(most)s columns.") % {"most": MAX_COLUMNS})
    if len({name.casefold() for name in found}) < len(found):
        raise NoTable(_("Two columns have the same name."))
    return found


def _jsonl(text: str) -> Table:
    columns: dict[str, None] = {}
    lines: list[Line] = []
    for number, one in enumerate(text.split("\n"), start=1):
        if not one.strip():
            continue
        _enough_room(len(lines))
        found, fault = _object(one)
        items = _items(found.pop("items", None))
        cells = {" ".join(name.split())[:_MAX_NAME]: _cell(value) for name, value in found.items()}
        columns |= dict.fromkeys(cells)
        if len(columns) > MAX_COLUMNS:
            raise NoTable(_("There are more than %(most)s columns.") % {"most": MAX_COLUMNS})
        lines.append(Line(number, cells, items, fault))
    return Table("jsonl", tuple(columns), lines)


def _object(text: str) -> tuple[dict[str, Any], str]:
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return {}, _("This line is not JSON.")
    if not isinstance(found, dict):
        return {}, _("This line is no JSON object.")
    return found, ""


def _items(value: Any) -> tuple[tuple[str, str], ...]:
    """The places of a line in the shape of our own interface: texts, or objects with location and note."""
    found = []
    for one in value if isinstance(value, list) else []:
        inside = one if isinstance(one, dict) else {"location": one}
        found.append((_cell(inside.get("location")), _cell(inside.get("note"))))
    return tuple(found)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n".join(value)
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""


def _enough_room(lines: int) -> None:
    if lines >= MAX_LINES:
        raise NoTable(
            _("The table has more than %(most)s lines; please send it in parts.") % {"most": MAX_LINES}
        )


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


csv.field_size_limit(_MAX_CELL)
