"""What the cells of a dump become in a row: codes under today's names, lists sorted, dates read. Pure.

Each function is asked once for each different cell of a part, not for each row.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from fairnotice.observatory import columns

#: A code has at most 67 characters. What is longer is a text that came into the wrong column: texts are not
#: kept, so its length stands for it.
MOST_CODE: Final = 100
_MIDNIGHT: Final = " 00:00:00"
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"[ T]\d\d:\d\d:\d\d", re.ASCII)
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_SHORT: Final = 32


@dataclass(frozen=True, slots=True)
class Codes:
    """What one cell became. `value`: None for nothing. `unknown`: codes that no list of the schema has."""

    value: str | None
    unknown: tuple[str, ...] = ()


@cache
def _lists(column: str, version: str) -> tuple[frozenset[str], dict[str, str]]:
    return columns.allowed(column, version), columns.renamed() if version == "v1" else {}


def choice(cell: str, column: str, version: str) -> Codes:
    """A cell of one of `columns.CHOICES`."""
    if not cell:
        return Codes(None)
    allowed, renamed = _lists(column, version)
    if cell in allowed:
        return Codes(renamed.get(cell, cell))
    kept = _code(cell)
    return Codes(kept, (kept,))


def several(cell: str, column: str, version: str) -> Codes:
    """A cell of one of `columns.LISTS`."""
    if not cell:
        return Codes(None)
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(_is_code(one) for one in found):
        kept = _code(cell)
        return Codes(kept, (kept,))
    if not found:
        return Codes(None)
    allowed, renamed = _lists(column, version)
    items = [str(item) for item in found]
    unknown = tuple(sorted({_code(one) for one in items if one not in allowed}))
    codes = {renamed.get(one, one) if one in allowed else _code(one) for one in items}
    return Codes(columns.SEPARATOR.join(sorted(codes)), unknown)


def day_of(cell: str) -> tuple[date | None, str | None]:
    """A cell of one of `columns.DATES`: the day, and what the column has no place for, as `odd` keeps it."""
    if not cell:
        return None, None
    text, rest = cell[:10], cell[10:]
    try:
        # Nothing but YYYY-MM-DD: fromisoformat reads other forms too.
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or (rest and not _TIME.fullmatch(rest)):
        return None, odd(cell)
    return found, None if rest in ("", _MIDNIGHT) else odd(cell)


def odd(cell: str) -> str:
    """A cell that is not what its column holds, unless it is a text, which is not kept."""
    plain = len(cell) <= _SHORT and not set(cell) & {columns.SEPARATOR, "\n", "\r"}
    return cell if plain else f"({len(cell)} characters)"


def _is_code(item: object) -> bool:
    # JSON can name half of a pair (\ud800), which is no character that a file could hold.
    return (
        isinstance(item, str)
        and item != ""
        and columns.SEPARATOR not in item
        and not _HALF_A_PAIR.search(item)
    )


def _code(cell: str) -> str:
    return cell if len(cell) <= MOST_CODE else f"({len(cell)} characters)"
