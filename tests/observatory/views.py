"""A store of some weeks for the ready-made views, and the statements that it was made of, to count them again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from fairnotice.law.enums import TERRITORIES
from fairnotice.observatory.ingest.building import build
from fairnotice.observatory.store import Store
from tests.observatory import made
from tests.observatory.made import Row

FIRST = date(2025, 7, 2)
DAYS, MISSING, SILENT = 26, 10, 23
"""So many days; one of them was never read; on another one platform sends nothing. Counted from FIRST."""
QUIET = "Quill & Sons"
OTHER = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"


@dataclass
class Told:
    """`rows`: every statement in the store, by its day."""

    store: Store
    rows: dict[date, list[Row]] = field(default_factory=dict)

    def all(self, keep: Callable[[Row], bool] = lambda _row: True) -> list[Row]:
        """The statements that are so."""
        return [row for some in self.rows.values() for row in some if keep(row)]

    @property
    def platforms(self) -> set[str]:
        return {row["platform_name"] for row in self.all()}


def weeks(folder: Path, *, days: int = DAYS, kind: str = "full") -> Told:
    """The store, made by reading dumps."""
    told = Told(Store(folder / "observatory"))
    for place in range(days):
        day = FIRST + timedelta(place)
        if place == MISSING:
            continue
        some = list(_of(day, place))
        build(told.store, made.of_rows(folder / "dumps", some, day, kind=kind, by=200))
        told.rows[day] = some
    return told


def _of(day: date, place: int) -> Iterator[Row]:
    for number in range(30 + (30 if place >= 20 else 0)):
        row = made.row(number, day, created_at=f"{day} 10:00:{number % 3:02}")
        if place == SILENT and row["platform_name"] == QUIET:
            continue
        changed: dict[str, str] = {}
        if number % 10 == 0:
            changed = {
                "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
                "illegal_content_legal_ground": "Section 3" if number % 20 else "",
                "illegal_content_explanation": "So it is.",
                "incompatible_content_ground": "",
                "incompatible_content_explanation": "",
            }
        if number % 7 == 0:
            changed["decision_visibility"] = json.dumps(
                ["DECISION_VISIBILITY_CONTENT_DISABLED", "DECISION_VISIBILITY_OTHER"]
            )
        if number % 11 == 0:
            changed["decision_account"] = "DECISION_ACCOUNT_SUSPENDED"
        if number % 13 == 0:
            changed["content_date"] = f"{day + timedelta(1)} 00:00:00"
        if number % 6 == 0:
            changed["territorial_scope"] = json.dumps(union())
        if number % 8 == 0:
            changed["category_specification"] = '["KEYWORD_OTHER","KEYWORD_CYBER_STALKING"]'
        yield row | changed


def union() -> list[str]:
    """The 27 Member States, in another order than that of the alphabet."""
    return [code for code in reversed(TERRITORIES) if code not in ("IS", "LI", "NO")]
