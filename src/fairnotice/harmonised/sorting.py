"""Which tables make up one report, where a folder holds more than one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fairnotice.harmonised import names
from fairnotice.harmonised.parts import PARTS
from fairnotice.harmonised.report import Report, Source
from fairnotice.harmonised.rules import fault

if TYPE_CHECKING:
    from fairnotice.harmonised.reading import Found
    from fairnotice.harmonised.tables import Table


def sort_out(tables: Iterable[Table], found: Found) -> None:
    """Fill `found.report` and `found.siblings`. The files of one folder belong together, as do the sheets
    of one workbook; what holds the same parts once more is another report, or the same one in another
    format."""
    units: dict[str, list[Table]] = {}
    for table in tables:
        units.setdefault(_unit(table), []).append(table)
    # The report itself is where most parts are; CSV counts first, since it is what the act asks for.
    order = sorted(units, key=lambda unit: (-len({one.part for one in units[unit]}), not units[unit][0].csv))
    of_csv = bool(order) and units[order[0]][0].csv
    for unit in order:
        parts = {one.part for one in units[unit]}
        if not parts & set(found.report.parts):
            _into(units[unit], found, "")
        elif of_csv and not units[unit][0].csv:
            file = units[unit][0].file.split(", sheet ")[0]
            # A workbook beside the CSV files is usual; it is only amiss where it says something else.
            others = sorted({one.part for one in units[unit] if not _same(one, found.report)})
            if others:
                what = ", ".join(PARTS[number].slug for number in others)
                found.faults.append(
                    fault("part-twice", file, found=what, suggestion=found.report.file(others[0]))
                )
        else:
            _into(units[unit], found, unit)


def _same(table: Table, report: Report) -> bool:
    """Whether a table has the same cells as the report's part, blanks around them apart."""
    mine, other = (
        [[cell.strip() for cell in row] for row in rows]
        for rows in (table.rows, report.parts.get(table.part, []))
    )
    return mine == other


def _unit(table: Table) -> str:
    if not table.csv:
        return table.file.split(", sheet ")[0]
    return table.file.rpartition("/")[0]


def _into(tables: list[Table], found: Found, unit: str) -> None:
    """Each table into its report: of several versions the newest, another service's into a report of its
    own."""
    usual: dict[int, str] = {}
    for table in tables:
        ending = names.sibling_of(table.name)
        usual[table.part] = "" if not ending else usual.get(table.part, ending)
    for table in sorted(tables, key=lambda one: -names.version_of(one.name)):
        ending = names.sibling_of(table.name)
        label = " ".join(word for word in (unit, "" if ending == usual[table.part] else ending) if word)
        report = found.siblings.setdefault(label, Report({})) if label else found.report
        if table.part in report.parts:
            kept = report.file(table.part)
            found.faults.append(fault("part-twice", table.file, 0, "", PARTS[table.part].slug, kept))
            continue
        report.parts[table.part] = table.rows
        report.sources[table.part] = Source(
            table.file, table.header_line, tuple(table.lines), frozenset(table.missing)
        )
        for rule, line, what, suggestion in table.troubles:
            column = suggestion if rule == "column-missing" else what if rule.startswith("column-") else ""
            found.faults.append(fault(rule, table.file, line, column, what, suggestion))
