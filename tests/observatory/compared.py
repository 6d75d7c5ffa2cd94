"""A report and the statements that it would be made from: each measure is written into both, by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from fairnotice.harmonised.categories import COMMON
from fairnotice.harmonised.columns import RESTRICTIONS
from fairnotice.harmonised.parts import PARTS
from fairnotice.harmonised.views import View
from fairnotice.harmonised.writing import csv_files
from fairnotice.observatory.comparing.measures import LAW, TERMS
from fairnotice.observatory.ingest.building import build
from fairnotice.observatory.store import Store
from tests.harmonised.right import SERVICE, right
from tests.observatory import made

SINCE, UNTIL = date(2026, 1, 1), date(2026, 1, 3)
DAYS = tuple(SINCE + timedelta(days=number) for number in range(3))
PEERS = ("Harbour", "Meadow")
#: Column of parts 5 and 6 -> a restriction that counts there.
KINDS = {
    "visibility_removal": "DECISION_VISIBILITY_CONTENT_REMOVED",
    "visibility_disable": "DECISION_VISIBILITY_CONTENT_DISABLED",
    "visibility_demoted": "DECISION_VISIBILITY_CONTENT_DEMOTED",
    "visibility_age": "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    "visibility_interaction": "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
    "visibility_labelled": "DECISION_VISIBILITY_CONTENT_LABELLED",
    "visibility_other": "DECISION_VISIBILITY_OTHER",
    "monetary_suspension": "DECISION_MONETARY_SUSPENSION",
    "monetary_termination": "DECISION_MONETARY_TERMINATION",
    "monetary_other": "DECISION_MONETARY_OTHER",
    "service_suspension": "DECISION_PROVISION_PARTIAL_SUSPENSION",
    "service_termination": "DECISION_PROVISION_TOTAL_TERMINATION",
    "account_suspension": "DECISION_ACCOUNT_SUSPENDED",
    "account_termination": "DECISION_ACCOUNT_TERMINATED",
}
_HOW = ("AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_NOT_AUTOMATED", "AUTOMATED_DECISION_PARTIALLY")
_SCOPES = {"AUTOMATED_DECISION_FULLY": "solely", "AUTOMATED_DECISION_NOT_AUTOMATED": "not"}


class Both:
    """A report that begins with zeros, and its statements by day."""

    def __init__(self) -> None:
        self.report = right()
        self._places: dict[int, dict[str, int]] = {}
        self.statements: dict[date, list[made.Row]] = {day: [] for day in DAYS}
        for number in (4, 5, 6):
            part = PARTS[number]
            for row in self.report.parts[number]:
                for place, column in enumerate(part.columns):
                    if column.kind == "count":
                        row[place] = "0"
        for one in View(self.report, 8).rows:
            if one.key.endswith((".solely", ".not")):
                self.set(8, one.key, "value", "0")
        self.set(1, "start", "value", SINCE.isoformat())
        self.set(1, "end", "value", UNTIL.isoformat())
        self._measures()

    def set(self, number: int, key: str, column: str, text: str) -> None:
        """Write one cell of the report."""
        self.report.parts[number][self._place(number, key)][PARTS[number].at(column)] = text

    def get(self, number: int, key: str, column: str) -> int:
        """Read one."""
        return int(self.report.parts[number][self._place(number, key)][PARTS[number].at(column)])

    def add(self, number: int, key: str, column: str) -> None:
        """One more, also in the total."""
        for row in (key,) if number == 8 else ("TOTAL", key):
            self.set(number, row, column, str(self.get(number, row, column) + 1))

    def _place(self, number: int, key: str) -> int:
        if number not in self._places:
            rows = View(self.report, number).rows
            self._places[number] = {row.key: place for place, row in reversed(list(enumerate(rows)))}
        return self._places[number][key]

    def write(self, folder: Path) -> Path:
        """The report's CSV files."""
        folder.mkdir()
        for name, content in csv_files(self.report):
            (folder / name).write_bytes(content)
        return folder

    def _measures(self) -> None:
        for place, category in enumerate(COMMON):
            how, found = _HOW[place % 3], place % 2 == 0
            common = {
                "category": category,
                "automated_decision": how,
                "automated_detection": "Yes" if found else "No",
            }
            for number, ground in ((5, LAW), (6, TERMS)):
                column = RESTRICTIONS[(place + number) % len(RESTRICTIONS)]
                self._state(column, ground, "SOURCE_VOLUNTARY", common)
                for one in ("measures", column, *(["automated"] if found else [])):
                    self.add(number, category, one)
                self._automated(how, "total", "own")
            for ground, column in ((LAW, "law"), (TERMS, "terms")):
                flagged = place % 4 == 0
                source = "SOURCE_TRUSTED_FLAGGER" if flagged else "SOURCE_ARTICLE_16"
                self._state("visibility_disable", ground, source, common)
                for one in (column, *([f"{column}_tf"] if flagged else [])):
                    self.add(4, category, one)
                self._automated(how, "total")

    def _automated(self, how: str, *scopes: str) -> None:
        for scope in scopes if how in _SCOPES else ():
            self.add(8, f"{scope}.{_SCOPES[how]}", "value")

    def _state(self, column: str, ground: str, source: str, common: dict[str, str]) -> None:
        number = sum(len(rows) for rows in self.statements.values())
        day = DAYS[number % 3]
        cells = {**common, "decision_ground": ground, "source_type": source, **restriction(KINDS[column])}
        self.statements[day].append(made.row(number, day, **cells, platform_name=SERVICE))


def restriction(kind: str) -> dict[str, str]:
    """The cells of a statement that names this one alone."""
    family = kind.split("_")[1]
    field = f"decision_{family.lower()}"
    if family == "VISIBILITY":
        return {field: f'["{kind}"]'}
    return {"decision_visibility": "", field: kind}


def store(folder: Path, both: Both) -> Store:
    """Its statements, and those of two peers with 120 statements each."""
    found = Store(folder / "observatory")
    for place, day in enumerate(DAYS):
        rows = list(both.statements[day])
        for number, name in enumerate(PEERS):
            rows += made.rows(40, day, 1000 * number + 100 * place, platform_name=name)
        build(found, made.of_rows(folder / "dumps", rows, day, by=200))
    return found


def with_reports(folder: Path) -> Store:
    """The same with two reports beside it: `right` agrees with the statements, `other` does not everywhere."""
    both = Both()
    found = store(folder, both)
    (found.path / "reports").mkdir()
    both.write(found.path / "reports" / "right")
    both.set(5, "TOTAL", "measures", "20")
    both.set(4, "TOTAL", "terms", "15")
    both.set(6, "TOTAL", "measures", "")
    both.write(found.path / "reports" / "other")
    return found
