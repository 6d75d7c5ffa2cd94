"""Grids as parts: which part a table is, where its header is, which column is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fairnotice.harmonised import names
from fairnotice.harmonised.cells import plain
from fairnotice.harmonised.grids import Grid, Trouble
from fairnotice.harmonised.indicators import INDICATORS
from fairnotice.harmonised.parts import PARTS

_HEADERS = {number: [plain(header) for header in part.headers] for number, part in PARTS.items()}
_KNOWN = {header for headers in _HEADERS.values() for header in headers}
_INDICATORS = {number: {plain(one.indicator) for one in found} for number, found in INDICATORS.items()}
_CATEGORY, _TERMS = _HEADERS[4][3], _HEADERS[6][3]
#: A header row has at least this many of the template's headers.
_ENOUGH = 3
_CODES = ("STATEMENT_CATEGORY_", "KEYWORD_")
_FIRST_ROWS = 30


@dataclass(slots=True)
class Table:
    """One part as it was found: rows in the template's columns, and the line of each."""

    part: int
    file: str
    name: str
    header_line: int
    csv: bool = True
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)


def tables_of(grid: Grid) -> list[Table]:
    """The parts in a grid, in order: one, several below each other, or none. Never raises."""
    starts = [place for place, row in enumerate(grid.rows) if _is_header(row)]
    if not starts:
        table = _by_place(grid)
        return [table] if table else []
    found = []
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(grid.rows)
        body = [(line + 1, grid.rows[line]) for line in range(start + 1, end)]
        # A title between two tables of one file belongs to the next.
        while place + 1 < len(starts) and body and sum(1 for cell in body[-1][1] if cell.strip()) <= 1:
            body.pop()
        found.append(_table(grid, start, body, alone=len(starts) == 1))
    return found


def _is_header(row: Sequence[str]) -> bool:
    if len(row) < _ENOUGH:
        return False
    return sum(1 for cell in {plain(cell) for cell in row} if cell in _KNOWN) >= _ENOUGH


def _table(grid: Grid, start: int, body: list[tuple[int, list[str]]], *, alone: bool) -> Table:
    header = [plain(cell) for cell in grid.rows[start]]
    title = "" if alone else _title(grid, start)
    part = _recognised(header, body, title or grid.name)
    table = Table(part, grid.file, title or grid.name, start + 1, grid.csv)
    places = _places(table, grid.rows[start], header)
    _fill(table, body, places, len(header))
    return table


def _title(grid: Grid, start: int) -> str:
    """The single cell above a header, as combined files have it."""
    for line in range(start - 1, max(start - 4, -1), -1):
        filled = [cell.strip() for cell in grid.rows[line] if cell.strip()]
        if len(filled) == 1:
            return filled[0][:100]
        if filled:
            break
    return ""


def _recognised(header: list[str], body: list[tuple[int, list[str]]], name: str) -> int:
    """The part: by its header, then by what stands in the rows, then by the name."""
    present = set(header)
    named = names.part_of(name)
    if "indicator" in present:
        return _by_indicators(header, body, named)
    if _TERMS in present:
        return 6
    if "category label" in present or "category description" in present:
        return 2
    wide = [number for number in (3, 4, 5) if _CATEGORY in present or number == named] or [3, 4, 5, 6]
    score = {number: len(present & set(_HEADERS[number])) for number in wide}
    best = max(wide, key=lambda number: (score[number], number == named))
    if best == 5 and named == 6:
        return 6
    return best


def _by_indicators(header: list[str], body: list[tuple[int, list[str]]], named: int | None) -> int:
    place = header.index("indicator")
    texts = [plain(row[place]) for _line, row in body if place < len(row)]
    present = set(header)

    def score(number: int) -> tuple[int, int, bool]:
        known = sum(1 for text in texts if text in _INDICATORS[number])
        return (known, len(present & set(_HEADERS[number])) if not known else 0, number == named)

    if named in _INDICATORS and not any(score(number)[0] for number in _INDICATORS):
        return named
    return max(_INDICATORS, key=score)


def _places(table: Table, shown: list[str], header: list[str]) -> dict[str, int]:
    """Our key -> the place of the column in the file. Notes what is missing, twice, unknown or in other
    order."""
    part = PARTS[table.part]
    places: dict[str, int] = {}
    wanted = {plain(column.header): column for column in part.columns}
    order = []
    for place, text in enumerate(header):
        column = wanted.get(text)
        if column is None:
            if text:
                table.troubles.append(("column-unknown", table.header_line, shown[place].strip()[:200], ""))
        elif column.key in places:
            table.troubles.append(("column-twice", table.header_line, shown[place].strip()[:200], ""))
        else:
            places[column.key] = place
            order.append(column.key)
    for column in part.columns:
        if column.key not in places:
            table.missing.add(column.key)
            table.troubles.append(("column-missing", table.header_line, "", column.header.strip()))
    if order != [column.key for column in part.columns if column.key in places]:
        table.troubles.append(("column-order", table.header_line, "", ""))
    return places


def _fill(table: Table, body: list[tuple[int, list[str]]], places: dict[str, int], width: int) -> None:
    columns = [places.get(column.key, -1) for column in PARTS[table.part].columns]
    for line, row in body:
        if not any(cell.strip() for cell in row):
            continue
        table.rows.append([row[place] if 0 <= place < len(row) else "" for place in columns])
        table.lines.append(line)
        if any(cell.strip() for cell in row[width:]):
            table.troubles.append(("row-length", line, str(len(row)), str(width)))


def _by_place(grid: Grid) -> Table | None:
    """A table whose headers are in another language: known by its name, its width and its codes; its
    columns are taken as they stand in the template."""
    for start, row in enumerate(grid.rows[:_FIRST_ROWS]):
        width = len(row)
        while width and not row[width - 1].strip():
            width -= 1
        named = names.part_of(grid.name)
        fits = [number for number in PARTS if len(PARTS[number].columns) == width]
        coded = any(cell.startswith(_CODES) for one in grid.rows[start + 1 : start + 4] for cell in one)
        if coded:
            fits = [number for number in fits if number in (2, 3, 4, 5, 6)]
        if width < 4 or not fits or (named not in fits and not (coded and len(fits) == 1)):
            continue
        number = named if named in fits else fits[0]
        table = Table(number, grid.file, grid.name, start + 1, grid.csv)
        table.troubles.append(("header-language", start + 1, row[0].strip()[:200], PARTS[number].headers[0]))
        places = {column.key: place for place, column in enumerate(PARTS[number].columns)}
        _fill(
            table, [(line + 1, grid.rows[line]) for line in range(start + 1, len(grid.rows))], places, width
        )
        return table
    return None
