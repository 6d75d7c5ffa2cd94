"""A report as somebody published it: a folder, a ZIP, CSV files or a workbook, with the names and headers
they used.

Nothing here raises for what is in a file; what could not be read is a fault, and the rest is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fairnotice.harmonised import names
from fairnotice.harmonised.faults import Fault
from fairnotice.harmonised.files import Entry, entries_of, unpacked
from fairnotice.harmonised.grids import Grid, NoGrid, grids_of
from fairnotice.harmonised.limits import LIMITS, Limits
from fairnotice.harmonised.parts import PARTS
from fairnotice.harmonised.report import Report
from fairnotice.harmonised.rules import fault
from fairnotice.harmonised.sorting import sort_out
from fairnotice.harmonised.tables import Table, tables_of
from fairnotice.harmonised.writing import CHANGES


@dataclass(slots=True)
class Found:
    """What was read: the report; tables of the same parts about something else ("ads" or a folder -> its
    report); the names of all files that were looked at; and what was amiss in reading them."""

    report: Report = field(default_factory=lambda: Report({}))
    siblings: dict[str, Report] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_path(path: Path, limits: Limits = LIMITS) -> Found:
    """The report at this path. Raises OSError where the path cannot be opened, and nothing else."""
    return read(entries_of(path, limits), limits)


def read(entries: Iterable[Entry], limits: Limits = LIMITS) -> Found:
    """The report in these files. Never raises."""
    found = Found()
    tables: list[Table] = []
    any_csv = False
    for entry in unpacked(entries, limits):
        found.files.append(entry.name)
        if entry.why:
            found.faults.append(fault("file-unreadable", entry.name, found=entry.why))
            continue
        try:
            grids = grids_of(entry, limits)
        except NoGrid as error:
            found.faults.append(fault("file-unreadable", entry.name, found=str(error)))
            continue
        any_csv = any_csv or any(grid.csv for grid in grids)
        tables += _tables(entry, grids, found)
    if len(found.files) > 1 and tables and not any_csv:
        found.faults.append(fault("file-format", found.files[0], suggestion="CSV"))
    sort_out(tables, found)
    return found


def _tables(entry: Entry, grids: list[Grid], found: Found) -> list[Table]:
    tables: list[Table] = []
    for grid in grids:
        inside = tables_of(grid)
        if not inside and grid.rows and tuple(grid.rows[0]) == CHANGES:
            return []
        tables += inside
        # How a text beside the report separates its words is nobody's fault.
        for rule, line, what, suggestion in grid.troubles if inside else ():
            found.faults.append(fault(rule, grid.file, line, "", what, suggestion))
        if len(inside) == 1:
            number = names.number_of(grid.name)
            if number is not None and number != inside[0].part:
                name = PARTS[inside[0].part].slug
                found.faults.append(fault("file-name", grid.file, found=grid.name, suggestion=name))
    # Of a workbook, a sheet with a cover or explanations is no fault.
    if not tables:
        found.faults.append(fault("file-unknown", entry.name))
    return tables
