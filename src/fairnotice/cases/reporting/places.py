"""The cells that people write: contextual notes, descriptions, qualitative texts, figures that no case holds.

A place is named `part:row:column` with the keys of `harmonised.parts`, such as `4:TOTAL:note_notices`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fairnotice.cases.counting.definitions import OF_ROW
from fairnotice.harmonised import indicators
from fairnotice.harmonised.categories import TOTAL
from fairnotice.harmonised.dates import iso
from fairnotice.harmonised.parts import PARTS, indicator_row
from fairnotice.law.taxonomy import OTHER
from fairnotice.law.words import gettext_noop

#: What Annex II allows for one value.
MOST = 5000
# fmt: off
LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr",
    "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
)
#: As the templates spell them: EL for Greece.
STATES = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)
# fmt: on
_NUMBER = {
    "count": re.compile(r"\d{1,12}", re.ASCII),
    "hours": re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII),
    "number": re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII),
    "share": re.compile(r"0(\.\d{1,6})?|1(\.0{1,6})?", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One cell that is written by people. `kind` is text, count, hours, number, share or date; `label` and
    `column` are the template's own English."""

    key: str
    part: int
    row: str
    column: str
    kind: str
    label: str
    header: str
    applicability: str


def rows_of(number: int, profile: str) -> list[tuple[str, tuple[str, ...]]]:
    """(our key, the row as the blank has it) for each row of a part as it is written.

    For a very large platform the sample rows of languages and states become one for each. Part 3's sample
    block for Member States is left out: it becomes one block for each state that gave an order, and none is
    registered.
    """
    part = PARTS[number]
    if number == 3:
        return [
            (key, row) for key, row in zip(part.keys, part.rows, strict=True) if not key.startswith("state:")
        ]
    if profile != "vlop" or number not in (8, 9, 10):
        # The blank repeats some keys among its sample rows; what stands twice is no place to write in.
        return list(zip(part.keys, part.rows, strict=True))
    kept = [
        (key, row)
        for key, row in zip(part.keys, part.rows, strict=True)
        if not key.startswith(("language:", "state:")) or key == f"state:{TOTAL}"
    ]
    return [*kept, *((one.key, indicator_row(number, one)) for one in _each(number))]


def _each(number: int) -> Iterator[indicators.Indicator]:
    if number == 8:
        for code in LANGUAGES:
            yield from indicators.automated_of_language(code)
    elif number == 9:
        yield from (indicators.people_of_language(code) for code in LANGUAGES)
    else:
        yield from (indicators.recipients_of(state) for state in STATES)


@cache
def places() -> dict[str, Place]:
    """Key -> place, for every profile together."""
    found: dict[str, Place] = {}
    for number, part in PARTS.items():
        for row, cells in rows_of(number, "vlop"):
            for position, column in enumerate(part.columns):
                kind = _kind(number, row, column.key, column.kind)
                if not kind:
                    continue
                label = _label(number, cells)
                applicability = cells[0] if number != 2 else indicators.ALL
                key = f"{number}:{row}:{column.key}"
                header = part.columns[position].header.strip()
                found[key] = Place(key, number, row, column.key, kind, label, header, applicability)
    return found


def _kind(number: int, row: str, column: str, kind: str) -> str:
    """What people may write there, "" for nothing."""
    if kind == "note":
        return "text"
    if kind == "other":
        return "text" if row.endswith(f"/{OTHER}") else ""
    if column != "value":
        return ""
    if number == 1:
        return "date" if row == "previous" else ""
    if number in (9, 10, 11):
        return _VALUES[number].get(row, "number" if number == 9 else "count")
    known = OF_ROW.get((number, row))
    if known is not None and known.kind != "entered":
        return ""
    return _VALUES[number].get(row, "share" if row.endswith(("accuracy", "precision", "recall")) else "count")


_VALUES = {number: {one.key: one.kind for one in rows} for number, rows in indicators.INDICATORS.items()}


def _label(number: int, cells: tuple[str, ...]) -> str:
    if number == 2:
        return f"{cells[0]}: {cells[1].strip()}"
    if number in (3, 4, 5, 6):
        return cells[3]
    if number in (1, 11):
        return cells[-2].strip()
    return " – ".join(text.strip() for text in cells[4:6] if text.strip())


def fault_of(place: Place, text: str) -> str:
    """What is wrong with a text for this place, in plain English, or ""."""
    if len(text) > MOST:
        return gettext_noop("At most 5000 characters fit in one cell.")
    if not text or place.kind == "text":
        return ""
    if place.kind == "date":
        return "" if iso(text) else gettext_noop("A day is written as 2026-02-28.")
    if not _NUMBER[place.kind].fullmatch(text):
        return _WRONG[place.kind]
    return ""


_WRONG = {
    "count": gettext_noop("A count is a whole number in digits, such as 12."),
    "hours": gettext_noop("Hours are a number in digits, such as 12 or 12.5."),
    "number": gettext_noop("This is a number in digits, such as 12 or 12.5."),
    "share": gettext_noop("A share is a number from 0 to 1, such as 0.95."),
}
