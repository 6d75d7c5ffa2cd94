"""Which cells of a report are counted. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterator

from fairnotice.cases.counting.definitions import OF_COLUMN, OF_ROW, Definition
from fairnotice.cases.reporting import places
from fairnotice.cases.reporting.profiles import applies
from fairnotice.harmonised.parts import PARTS


def counted_cells(profile: str) -> Iterator[tuple[int, int, str, int, Definition]]:
    """(part, place of the row, its key, place of the column, definition) for each cell that is counted for
    this profile, in the order of the report."""
    for number in PARTS:
        for place, (key, blank) in enumerate(places.rows_of(number, profile)):
            if number == 2 or not applies(blank[0], profile):
                continue
            for position, column in enumerate(PARTS[number].columns):
                if column.kind not in ("count", "hours", "value"):
                    continue
                known = (
                    OF_ROW.get((number, key))
                    if column.kind == "value"
                    else OF_COLUMN.get((number, column.key))
                )
                if known is not None and known.kind != "entered":
                    yield number, place, key, position, known
