"""A report as the checks see it: rows with the keys of the template, cells with the numbers that are
meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fairnotice.harmonised import categories, indicators, numbers
from fairnotice.harmonised.cells import plain
from fairnotice.harmonised.faults import Fault
from fairnotice.harmonised.indicators import INDICATORS, VLOP, VLOP_VLOSE, ValueKind
from fairnotice.harmonised.parts import PARTS, Part
from fairnotice.harmonised.report import Report
from fairnotice.harmonised.rules import fault
from fairnotice.law.taxonomy import OTHER

#: Parts whose rows are categories.
BY_CATEGORY = (3, 4, 5, 6)
_HIGH = set(categories.HIGH_LEVEL)
_KNOWN = {one.code for one in categories.ALL}
_HOME = {one.code: one.high for one in categories.ALL if one.sub and one.code != OTHER}
#: (part, plain indicator, plain scope) -> our row.
_ROWS = {
    (number, plain(one.indicator), plain(one.scope)): one
    for number, found in INDICATORS.items()
    for one in found
    if not one.key.startswith(("language:", "state:"))
}
_LANGUAGE_MEANS = {plain(one.indicator): one for one in indicators.automated_of_language("xx")}
_LANGUAGE_PEOPLE = plain(indicators.people_of_language("xx").indicator)
_RECIPIENTS = plain(indicators.recipients_of("xx").indicator)


@dataclass(slots=True)
class Row:
    """One row. `key` is the template's ("" where the row is not in it); `code` its category, `high` the
    high-level one that it belongs to, `under` the one that it stands under; `scope` the scope of parts 3
    and 7 to 10 as it is written; `kind` what its value is, in parts 7 to 10."""

    part: Part
    line: int
    cells: list[str]
    key: str = ""
    code: str = ""
    high: str = ""
    under: str = ""
    scope: str = ""
    kind: ValueKind | None = None
    values: dict[str, numbers.Value] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """The cell under our column key, without blanks around it."""
        return self.cells[self.part.at(key)].strip()

    def value(self, key: str = "value") -> float | None:
        """The number that is meant there; None where it is blank or none."""
        return self.values.get(key, numbers.BLANK).value

    def filled(self) -> bool:
        """True where any cell for numbers is not blank."""
        return any(value.value is not None or value.rule for value in self.values.values())


class View:
    """The rows of one part, and a place to put faults."""

    def __init__(self, report: Report, number: int) -> None:
        self.report, self.number, self.part = report, number, PARTS[number]
        self.file = report.file(number)
        self.rows: list[Row] = []
        self.faults: list[Fault] = []
        width = len(self.part.columns)
        for place, cells in enumerate(report.parts[number]):
            # A hand-made report may have rows that are too short or too long.
            full = [*cells[:width], *[""] * (width - len(cells))]
            self.rows.append(Row(self.part, report.line(number, place), full))
        _name_rows(self)
        for row in self.rows:
            _read_numbers(row)

    def fault(
        self, rule: str, row: Row | int, key: str = "", found: str | None = None, suggestion: str = ""
    ) -> None:
        """Note one: `key` names the column, whose cell is `found` unless something else is said."""
        line = row if isinstance(row, int) else row.line
        header = self.part.columns[self.part.at(key)].header.strip() if key else ""
        if found is None:
            found = row.text(key) if isinstance(row, Row) and key else ""
        self.faults.append(fault(rule, self.file, line, header, found, suggestion))

    def by_key(self) -> dict[str, Row]:
        """The first row of each key."""
        found: dict[str, Row] = {}
        for row in self.rows:
            if row.key:
                found.setdefault(row.key, row)
        return found

    def blocks(self) -> Iterator[tuple[str, list[Row]]]:
        """Part 3: (scope, rows) for each scope; other parts: all rows at once."""
        if self.number != 3:
            yield "", self.rows
            return
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.scope.upper(), []).append(row)
        yield from found.items()


@dataclass(slots=True)
class Reach:
    """Whom the report is by, as far as what it fills in tells."""

    hosting: bool = False
    platform: bool = False
    very_large: bool = False

    def applies(self, applicability: str) -> bool:
        """True where a row with this (the template's words) is for such a provider."""
        if applicability == indicators.HOSTING:
            return self.hosting
        if applicability == indicators.PLATFORMS:
            return self.platform
        return self.very_large if applicability in (VLOP, VLOP_VLOSE) else True


def reach_of(views: dict[int, View]) -> Reach:
    """What the filled rows tell."""
    reach = Reach()
    for view in views.values():
        for row in view.rows:
            one = template_of(row)
            filled = row.filled() if view.number != 11 else _written(row)
            if one is None or not filled:
                reach.hosting = reach.hosting or (filled and view.number == 4)
                continue
            reach.very_large = reach.very_large or one.applicability in (VLOP, VLOP_VLOSE)
            reach.platform = reach.platform or one.applicability == indicators.PLATFORMS
            reach.hosting = reach.hosting or one.applicability == indicators.HOSTING
    reach.platform = reach.platform or reach.very_large
    reach.hosting = reach.hosting or reach.platform
    return reach


def template_of(row: Row) -> indicators.Indicator | None:
    """The template's row in parts 1 and 7 to 11."""
    number = row.part.number
    if number not in INDICATORS or not row.key:
        return None
    if number == 8 and row.key.startswith("language:"):
        return _LANGUAGE_MEANS.get(plain(row.text("indicator")))
    if number == 9 and row.key.startswith("language:"):
        return indicators.people_of_language(row.scope)
    if number == 10:
        return indicators.recipients_of(row.scope)
    scope = row.text("scope") if number in (7, 8, 9) else ""
    return _ROWS.get((number, plain(row.text("indicator")), plain(scope)))


def _written(row: Row) -> bool:
    return bool(row.text("value")) and plain(row.text("value")) != plain(indicators.FREE_TEXT)


def _name_rows(view: View) -> None:
    if view.number in (2, *BY_CATEGORY):
        _name_categories(view)
        return
    for row in view.rows:
        text = plain(row.text("indicator"))
        if view.number in (7, 8, 9, 10):
            row.scope = row.text("scope")
        one = _ROWS.get((view.number, text, plain(row.scope)))
        if one is not None:
            row.key, row.kind = one.key, one.kind
        elif view.number == 8 and text in _LANGUAGE_MEANS:
            what = _LANGUAGE_MEANS[text]
            row.key = f"language:{row.scope}.{what.key.rpartition('.')[2]}"
            row.kind = what.kind
        elif view.number == 9 and text == _LANGUAGE_PEOPLE:
            row.key, row.kind = f"language:{row.scope}", "number"
        elif view.number == 10 and text == _RECIPIENTS:
            row.key, row.kind = f"state:{row.scope}", "count"


def _name_categories(view: View) -> None:
    # For each scope of part 3 for itself: some sort their rows by category first, then by state.
    under: dict[str, str] = {}
    for row in view.rows:
        row.code = row.text("category").upper()
        row.scope = row.text("scope") if view.number == 3 else ""
        row.under = under.get(row.scope, "")
        if row.code == categories.TOTAL:
            row.key = row.high = categories.TOTAL
            under[row.scope] = ""
        elif row.code in _HIGH:
            under[row.scope] = row.key = row.high = row.code
        elif row.code in _KNOWN:
            # Rows that stand elsewhere still belong where their keyword says; "other" says nothing.
            row.high = _HOME.get(row.code, row.under)
            row.key = f"{row.high}/{row.code}" if row.high else ""


def _read_numbers(row: Row) -> None:
    for column, cell in zip(row.part.columns, row.cells, strict=True):
        if column.kind in ("count", "hours"):
            row.values[column.key] = numbers.read(cell, column.kind)
        elif column.kind == "value" and row.kind in ("count", "hours", "share", "number"):
            row.values[column.key] = numbers.read(cell, row.kind)
