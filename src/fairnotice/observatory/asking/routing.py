"""Which files answer a question: the smallest cube that has all its columns, otherwise the rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairnotice.observatory import columns
from fairnotice.observatory.question import Question
from fairnotice.observatory.store import Day, StoreError

ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class Source:
    """`name`: ROWS, or a key of `columns.CUBES`."""

    name: str
    files: tuple[Path, ...]

    @property
    def cube(self) -> bool:
        """Whether counts are added up there, not rows counted."""
        return self.name != ROWS

    def __str__(self) -> str:
        return f"cube {self.name}" if self.cube else ROWS


def source_of(question: Question, days: Sequence[Day], *, rows_only: bool = False) -> Source:
    """Raises StoreError where neither a cube nor the rows of every day are there."""
    if not rows_only:
        sizes = {name: _size(name, days) for name in cubes_for(question)}
        there = {name: size for name, size in sizes.items() if size is not None}
        if there:
            name = min(there, key=lambda one: (there[one], one))
            return Source(name, tuple(day.cube(name) for day in days))
    files: list[Path] = []
    for day in days:
        found = day.rows()
        if not found and day.manifest().rows:
            raise StoreError(
                f"{day.folder.name} has no rows, which this question needs: ingest that day again "
                "with --replace"
            )
        files += found
    return Source(ROWS, tuple(files))


def cubes_for(question: Question) -> tuple[str, ...]:
    """The cubes that have all columns of a question."""
    needed = question.columns()
    return tuple(
        name
        for name, there in columns.CUBES.items()
        if needed <= set(there) and (name != "pace" or columns.PER_SECOND in needed)
    )


def _size(name: str, days: Sequence[Day]) -> int | None:
    """Bytes of a cube in all days; None where one has none."""
    try:
        return sum(day.cube(name).stat().st_size for day in days)
    except OSError:
        return None
