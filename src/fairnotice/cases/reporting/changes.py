"""What differs between two versions of a report, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

from fairnotice.harmonised.parts import PARTS, file_name

Parts = dict[int, list[list[str]]]
_LABELS = ("applicability", "service", "period", "category", "scope", "section", "indicator", "label", "name")
_NAMING = ("category", "section", "indicator", "scope", "label")


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: `row` is the row's own label, `column` the header."""

    file: str
    row: str
    column: str
    before: str
    now: str


def changes(before: Parts, now: Parts) -> list[Change]:
    """Every cell that says something else, in the report's order. Rows meet by their labels."""
    found = []
    for number, part in PARTS.items():
        old = _by_label(number, before.get(number, []))
        new = _by_label(number, now.get(number, []))
        for label in dict.fromkeys([*old, *new]):
            blank = [""] * len(part.columns)
            for column, was, is_now in zip(
                part.columns, old.get(label, blank), new.get(label, blank), strict=True
            ):
                if was != is_now and column.kind not in _LABELS:
                    found.append(Change(file_name(part), label[0], column.header.strip(), was, is_now))
    return found


def _by_label(number: int, rows: list[list[str]]) -> dict[tuple[str, int], list[str]]:
    """(label, how often it stood before) -> row: some rows of the blanks are there more than once."""
    seen: dict[str, int] = {}
    found: dict[tuple[str, int], list[str]] = {}
    category = ""
    for row in rows:
        label = label_of(number, row)
        # A sub-category is named with its category: KEYWORD_OTHER stands in all of them.
        if label.startswith("KEYWORD_"):
            label = f"{category}/{label}"
        else:
            category = label
        seen[label] = seen.get(label, -1) + 1
        found[label, seen[label]] = row
    return found


def label_of(number: int, row: list[str]) -> str:
    """What a row is about, in the template's own words."""
    columns = PARTS[number].columns
    named = [cell.strip() for column, cell in zip(columns, row, strict=True) if column.kind in _NAMING]
    if number in (3, 4, 5, 6):
        return named[0]
    return " / ".join(text for text in named if text)
