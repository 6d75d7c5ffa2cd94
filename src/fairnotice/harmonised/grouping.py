"""The same fault in many rows, told once: for people who read the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fairnotice.harmonised.faults import Fault


@dataclass(slots=True)
class Group:
    """Faults that differ by their row alone; `fault` is the first of them."""

    fault: Fault
    rows: list[int] = field(default_factory=list)

    @property
    def row(self) -> int:
        """The first row, for sorting."""
        return self.rows[0]

    @property
    def rows_shown(self) -> str:
        """ "5, 8–12"; "" where it is about the whole file."""
        runs: list[list[int]] = []
        for row in sorted({row for row in self.rows if row}):
            if runs and row == runs[-1][1] + 1:
                runs[-1][1] = row
            else:
                runs.append([row, row])
        shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
        return ", ".join(shown[:20]) + (f", … (+{len(shown) - 20})" if len(shown) > 20 else "")


def grouped(faults: Iterable[Fault]) -> list[Group]:
    """In the order in which the first of each group comes."""
    found: dict[tuple[str, str, str, str, str], Group] = {}
    for one in faults:
        key = (one.file, one.rule, one.column, one.found, one.suggestion)
        found.setdefault(key, Group(one)).rows.append(one.row)
    return list(found.values())
