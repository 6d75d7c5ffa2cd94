"""Whether a report says what the cases say, or what the tallies say. Pure: no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fairnotice.cases.counting.definitions import Definition
from fairnotice.cases.counting.rows import finest
from fairnotice.cases.reporting.cells import counted_cells
from fairnotice.harmonised.parts import PARTS, file_name

Parts = dict[int, list[list[str]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of the report that says something else than it should. `line` counts from 1, the header
    included."""

    file: str
    line: int
    row: str
    column: str
    definition: str
    found: str
    expected: str

    def __str__(self) -> str:
        return (
            f"{self.file}, line {self.line}, {self.row}, {self.column}: {self.found or 'empty'}, should be "
            f"{self.expected or 'empty'} ({self.definition})"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many figures were compared, and those that differ."""

    compared: int
    differences: tuple[Difference, ...]


def with_report(report: Parts, expected: Parts, profile: str) -> Outcome:
    """Compare each counted figure with the same report made anew."""
    compared, found = 0, []
    for number, place, key, position, known in counted_cells(profile):
        compared += 1
        cell = _cell(report, number, place, position)
        should = expected[number][place][position]
        if cell != should:
            found.append(_difference(number, place, key, position, known, cell, should))
    return Outcome(compared, tuple(found))


def with_tallies(report: Parts, tables: Iterable[dict[str, Any]], profile: str) -> Outcome:
    """Compare each count with the sum of the months' tallies. Medians are in no tally, so they are not
    compared."""
    sums: Counter[tuple[str, str]] = Counter()
    for table in tables:
        for definition, rows in table["counts"].items():
            for row, number in rows.items():
                sums[definition, row] += number
    compared, found = 0, []
    for number, place, key, position, known in counted_cells(profile):
        if known.kind != "count":
            continue
        compared += 1
        cell = _cell(report, number, place, position)
        rows = [""] if known.row else finest(number, key)
        should = str(sum(sums[known.id, row] for row in rows))
        if cell != should:
            found.append(_difference(number, place, key, position, known, cell, should))
    return Outcome(compared, tuple(found))


def _cell(report: Parts, number: int, place: int, position: int) -> str:
    rows = report.get(number, [])
    return rows[place][position] if place < len(rows) and position < len(rows[place]) else ""


def _difference(
    number: int, place: int, key: str, position: int, known: Definition, found: str, should: str
) -> Difference:
    part = PARTS[number]
    return Difference(
        file_name(part), place + 2, key, part.columns[position].header.strip(), known.id, found[:60], should
    )


def labels(report: Parts, expected_rows: dict[int, list[tuple[str, ...]]]) -> Iterator[str]:
    """What keeps a report from being compared: a part that is missing, or rows in another order."""
    for number, rows in expected_rows.items():
        name = file_name(PARTS[number])
        if number not in report:
            yield f"{name} is missing"
        elif len(report[number]) != len(rows):
            yield f"{name} has {len(report[number])} rows, not {len(rows)}"
        else:
            naming = [
                place
                for place, column in enumerate(PARTS[number].columns)
                if column.kind in ("applicability", "category", "section", "indicator", "scope")
            ]
            for line, (found, blank) in enumerate(zip(report[number], rows, strict=True), start=2):
                if [found[place] for place in naming] != [blank[place] for place in naming]:
                    yield f"{name}, line {line}: this row is not the template's"
                    break
