"""A report in memory: for each part its data rows, as text, in the template's columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from fairnotice.harmonised.parts import PARTS, file_name


@dataclass(frozen=True, slots=True)
class Source:
    """Where a part was read: `file` (with the sheet, where it has sheets), the line of its header, the
    line of each data row (both from 1, as a spreadsheet counts them), and the keys of columns that it does
    not have."""

    file: str
    header_line: int = 1
    lines: tuple[int, ...] = ()
    missing: frozenset[str] = frozenset()


@dataclass(slots=True)
class Report:
    """`parts`: part number -> data rows, the header not included; each row has the template's number of
    cells.

    `sources` is filled by the reader; a report that was built has none and is named as it would be
    written."""

    parts: dict[int, list[list[str]]]
    sources: dict[int, Source] = field(default_factory=dict)

    def file(self, number: int) -> str:
        """What to call the part's file."""
        source = self.sources.get(number)
        return source.file if source else file_name(PARTS[number])

    def line(self, number: int, row: int) -> int:
        """The line (from 1) of the data row with this place (from 0)."""
        source = self.sources.get(number)
        return source.lines[row] if source and row < len(source.lines) else row + 2
