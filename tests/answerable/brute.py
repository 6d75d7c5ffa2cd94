"""The register's rules once more, by sets of addresses and days: slow, plain, and written without the program's own.

A row is a plain tuple of values; a register is a list of rows that are said. Addresses are 0 to 15, days 0 to 9, an
open end is a day far away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

FAR = 99
LEASES = ("lease", "sublease")


@dataclass(frozen=True)
class Row:
    series: int
    first: int
    size: int
    giver: str
    holder: str
    kind: str
    start: int
    end: int
    parent: int | None
    shared: bool

    @property
    def addresses(self) -> set[int]:
        return set(range(self.first, self.first + self.size))

    @property
    def days(self) -> set[int]:
        return set(range(self.start, self.end))

    @property
    def hangs(self) -> bool:
        return self.giver != "" and self.kind != "allocation"

    def within(self, other: Row) -> bool:
        return (
            other.series != self.series
            and other.holder == self.giver
            and self.addresses <= other.addresses
            and self.days <= other.days
        )


def broken(rows: list[Row]) -> list[str]:
    """What does not hold; empty where all does."""
    by_series = {row.series: row for row in rows}
    found = []
    if len(by_series) != len(rows):
        found.append("a series says two things")
    for row in rows:
        above = by_series.get(row.parent) if row.parent is not None else None
        if row.hangs and (above is None or not row.within(above)):
            found.append(f"{row} does not lie within what its giver held")
        if not row.hangs and row.parent is not None:
            found.append(f"{row} hangs below somebody without need")
        if row.giver == row.holder:
            found.append(f"{row} is from and to the same")
        seen = {row.series}
        while above is not None:
            if above.series in seen:
                found.append(f"{row} stands above itself")
                break
            seen.add(above.series)
            above = by_series.get(above.parent) if above.parent is not None else None
    for one in rows:
        for other in rows:
            if one.series < other.series and _clash(one, other):
                found.append(f"{one} and {other} overlap")
            if one.series < other.series and _twins(one, other):
                found.append(f"{one} and {other} are the same")
    return found


def _clash(one: Row, other: Row) -> bool:
    return (
        one.parent is not None
        and one.parent == other.parent
        and one.kind in LEASES
        and other.kind in LEASES
        and not one.shared
        and not other.shared
        and bool(one.addresses & other.addresses)
        and bool(one.days & other.days)
    )


def _twins(one: Row, other: Row) -> bool:
    def name(row: Row) -> tuple[Any, ...]:
        return row.first, row.size, row.giver, row.holder, row.kind, row.start

    return name(one) == name(other)


def placed(row: Row, rows: list[Row]) -> Row:
    """The row below its parent: the one it has, while that fits; else the narrowest, the latest of these."""
    if not row.hangs:
        return replace(row, parent=None)
    able = [other for other in rows if row.within(other)]
    if row.parent in [other.series for other in able]:
        return row
    best = max(able, key=lambda other: (-other.size, other.start, other.series), default=None)
    return replace(row, parent=best.series if best else None)


def below(row: Row, rows: list[Row], running_on: int) -> list[Row]:
    """All that hangs below it and has not ended by that day."""
    found = [child for child in rows if child.parent == row.series and child.end > running_on]
    return found + [deeper for child in found for deeper in below(child, rows, running_on)]
