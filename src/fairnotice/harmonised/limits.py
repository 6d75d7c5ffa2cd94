"""How much of a report is read: a published one of a very large platform is a tenth of this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`total`: bytes of all files together, unpacked; `file`: of one; `files`: how many; then the sides of
    one table, the characters of one cell, and how many faults of one rule are listed for one file."""

    total: int = 48_000_000
    file: int = 24_000_000
    files: int = 200
    rows: int = 20_000
    columns: int = 200
    cell: int = 60_000
    listed: int = 200


LIMITS = Limits()
