"""A worker of `direct`: counts the CSVs that it is told of on its standard input, and says the sum. Pure.

A line of JSON for each CSV, answered by a line with its rows; `null` ends it, answered with the groups.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairnotice.observatory import columns
from fairnotice.observatory.ingest import archive, canonical
from fairnotice.observatory.kernel import scanning
from fairnotice.transparencydb import dump, reading

_PLATFORM = "platform_name"
_HEAD = 1 << 16
_NEEDED = frozenset({*dump.TELLING, columns.CREATED, _PLATFORM})
# So many different groups can be counted by their place in a list; with more they are sorted.
_BY_PLACE = 1 << 22
_MOST_KEYS = 1 << 62


class Sums:
    """The groups of all CSVs so far, as numbers; each column has a numbering of its own."""

    def __init__(self, by: Sequence[str]) -> None:
        self.by = tuple(by)
        self._counts: Counter[tuple[int, ...]] = Counter()
        self._numbers: list[dict[Any, int]] = [{} for _ in by]
        # What cells became, for each version of the codes: the same ones come again in every CSV.
        self._known: dict[tuple[str, str], dict[str, int]] = {}

    def groups(self) -> list[list[Any]]:
        """Each group: its cells (days as YYYY-MM-DD), then how many."""
        named = [list(numbers) for numbers in self._numbers]
        return [
            [*(_told(names[number]) for names, number in zip(named, key, strict=True)), many]
            for key, many in self._counts.items()
        ]

    def add(self, data: bytes, day: date, version: str) -> tuple[int, list[str]]:
        """Count a CSV; gives its rows, and why records in it could not be read."""
        if scanning.available():
            rows = self._by_kernel(data, day, version)
            if rows is not None:
                return rows, []
        return self._by_frame(data, day, version)

    def _by_frame(self, data: bytes, day: date, version: str) -> tuple[int, list[str]]:
        import polars as pl

        from fairnotice.observatory.ingest import cells

        try:
            found = cells.read(data, day, version, self.by or (columns.CREATED,))
        except cells.NoDump as error:
            raise archive.PartError(str(error)) from error
        rows = found.rows.height
        if self.by:
            keys = [pl.col(name).dt.date() if name == columns.CREATED else pl.col(name) for name in self.by]
            grouped = found.rows.lazy().group_by(keys).len().collect()
            numbered = [
                [self._number(place, value) for value in grouped[name].to_list()]
                for place, name in enumerate(self.by)
            ]
            self._take(zip(*numbered, strict=True), grouped["len"].to_list())
        elif rows:
            self._counts[()] += rows
        return rows, [lost.reason for lost in found.lost]

    def _by_kernel(self, data: bytes, day: date, version: str) -> int | None:
        """The same by the kernel; None where it does not read this CSV, and nothing was counted."""
        names, start = _header(data)
        if not _NEEDED.issubset(names) or names[-1] != columns.CREATED:
            return None
        wanted = sorted({_raw(name) for name in self.by} & set(names) - {columns.CREATED})
        # As an ingest does it: a record that is not whole shows by its time, which stands last.
        found = scanning.scan(data, start, names, wanted, time=columns.CREATED)
        if found is None or not all(map(_is_date, found.columns[columns.CREATED].cells)):
            return None
        keys, sizes = [], []
        for place, name in enumerate(self.by):
            numbers, codes = self._column(place, name, found, day, version)
            keys.append((numbers, codes))
            sizes.append(len(numbers))
        return self._grouped(keys, sizes, found.rows)

    def _grouped(self, keys: list[tuple[NDArray[np.int64], Any]], sizes: list[int], rows: int) -> int | None:
        most = 1
        for size in sizes:
            most *= size
        if most > _MOST_KEYS:
            return None
        joined = np.zeros(rows, dtype=np.int64)
        for (_numbers, codes), size in zip(keys, sizes, strict=True):
            joined *= size
            joined += codes
        if most <= _BY_PLACE:
            counted = np.bincount(joined, minlength=most)
            there = np.flatnonzero(counted)
            many = counted[there]
        else:
            there, many = np.unique(joined, return_counts=True)
        numbered = []
        for (numbers, _codes), size in zip(reversed(keys), reversed(sizes), strict=True):
            numbered.append(numbers[there % size].tolist())
            there = there // size
        self._take(zip(*reversed(numbered), strict=True) if keys else [()] * len(many), many.tolist())
        return rows

    def _column(
        self, place: int, name: str, found: scanning.Scanned, day: date, version: str
    ) -> tuple[NDArray[np.int64], Any]:
        """The numbers that codes stand for, and the codes of the rows (0 for all: one and the same)."""
        raw = found.columns.get(_raw(name))
        constant = {"day": day, "version": version}
        if raw is None or name in constant:
            return np.array([self._number(place, constant.get(name))]), 0
        known = self._known.setdefault((name, version), {})
        meaning = _meaning(name, version)
        numbers = []
        for cell in raw.cells:
            number = known.get(cell)
            if number is None:
                number = known[cell] = self._number(place, meaning(cell))
            numbers.append(number)
        return np.array(numbers or [0], dtype=np.int64), raw.codes

    def _number(self, place: int, value: Any) -> int:
        numbers = self._numbers[place]
        return numbers.setdefault(value, len(numbers))

    def _take(self, keys: Any, counts: Sequence[int]) -> None:
        for key, many in zip(keys, counts, strict=True):
            self._counts[key] += many


def _header(data: bytes) -> tuple[tuple[str, ...], int]:
    """As `cells.header`, which brings polars with it: a tenth of a second that the kernel does without."""
    end = data.find(b"\n", 0, _HEAD) + 1 or min(len(data), _HEAD)
    return reading.header(data[:end])[0], end


def _packed(told: dict[str, Any]) -> archive.Packed:
    within = archive.Span(**told["within"]) if told["within"] else None
    return archive.Packed(told["name"], archive.Span(**told["span"]), within)


def _raw(name: str) -> str:
    return _PLATFORM if name == "platform" else name


def _meaning(name: str, version: str) -> Callable[[str], Any]:
    """What a cell of a column becomes, as `cells` has it."""
    if name in columns.LISTS:
        return lambda cell: canonical.several(cell, name, version).value
    if name in columns.CHOICES:
        return lambda cell: canonical.choice(cell, name, version).value
    if name in columns.DATES:
        return lambda cell: canonical.day_of(cell)[0]
    if name == columns.CREATED:
        return lambda cell: date.fromisoformat(cell)
    return lambda cell: cell or None


def _is_date(cell: str) -> bool:
    try:
        return bool(date.fromisoformat(cell))
    except ValueError:
        return False


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _answer(sums: Sums, task: dict[str, Any] | None) -> dict[str, Any]:
    if task is None:
        return {"groups": sums.groups()}
    part, day = _packed(task["part"]), date.fromisoformat(task["day"])
    try:
        data = archive.raw(Path(task["path"]), part)
        rows, lost = sums.add(data, day, task["version"])
    except archive.PartError as error:
        return {"rows": 0, "damaged": [{"name": part.name, "reason": str(error)}]}
    damaged = [{"name": part.name, "reason": reason, "rows": many} for reason, many in Counter(lost).items()]
    return {"rows": rows, "damaged": damaged}


def main(by: Sequence[str]) -> None:
    """Answer line by line until told to end."""
    sums = Sums(by)
    for line in sys.stdin:
        task = json.loads(line)
        try:
            answer = _answer(sums, task)
        except ModuleNotFoundError as error:
            answer = {"missing": str(error)}
        except (OSError, MemoryError) as error:
            answer = {"failed": f"{task['path']}: {error}"}
        print(json.dumps(answer), flush=True)
        if task is None:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
