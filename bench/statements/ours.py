"""Our engine with polars; see `child`."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

from fairnotice.transparencydb.bulk import Plain
from fairnotice.transparencydb.reading import blocks, header
from fairnotice.transparencydb.seen import Seen
from fairnotice.transparencydb.vector import Vector


class Checker:
    """As `fairnotice statements check` does it."""

    engine: type[Vector] | type[Plain] = Vector

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._seen = Seen()
        self._parts = 0

    def file(self, path: Path) -> int:
        """Check one CSV; gives the number of rows."""
        rows = 0
        with path.open("rb") as file:
            pieces = blocks(file)
            columns, rest = header(next(pieces))
            engine = self.engine(columns, "v2", 3)
            for outcome in engine.outcomes(chain([rest], pieces)):
                rows += outcome.rows
                self.counts += outcome.counts
                self._seen.add(self._parts, outcome.used, outcome.used_rows)
        self._parts += 1
        return rows

    def finish(self) -> None:
        """What can be said only of all files."""
        self.counts["puid_twice"] = sum(1 for _ in self._seen.twice())


class PlainChecker(Checker):
    """The same with our plain engine."""

    engine = Plain
