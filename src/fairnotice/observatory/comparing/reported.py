"""What a transparency report says, as figures that can be laid beside others. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from fairnotice.harmonised import dates, reading
from fairnotice.harmonised.cells import plain
from fairnotice.harmonised.files import Entry, entries_of
from fairnotice.harmonised.parts import PARTS
from fairnotice.harmonised.report import Report
from fairnotice.harmonised.views import View
from fairnotice.observatory.comparing.definitions import COMPARED, Compared
from fairnotice.observatory.comparing.measures import Cell

_PARTS = (1, *sorted({one.part for one in COMPARED}))


class NoReport(ValueError):
    """Nothing there can be compared; the message says why in one sentence."""


@dataclass(slots=True)
class Reported:
    """The figures of one side. `name`: whose they are, to be shown; `services`: the names that the report
    gives its service and provider; `since` and `until`: the days of its period, None where it does not say.
    A cell that is blank, or no number, is missing from `figures`. `files`: name -> SHA-256 in hex. `notes`:
    what to know of it, a sentence each."""

    name: str
    services: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    figures: dict[Cell, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def reported(report: Report, name: str) -> Reported:
    """The figures of a harmonised report, also of one that has only some of the parts. Never raises for what
    stands in the cells."""
    views = {number: View(report, number) for number in _PARTS if number in report.parts}
    since, until = _period(views)
    found = Reported(name, _services(views), since, until)
    for one in COMPARED:
        if one.part in views:
            _fill(found.figures, views[one.part], one)
    return found


def read_path(path: Path) -> Reported:
    """The report in a folder, a ZIP, a CSV file or a workbook. Raises OSError, and NoReport where it cannot
    be read or has no figure that the statements have too."""
    return of_entries(entries_of(path), path.name)


def of_entries(entries: Iterable[Entry], name: str) -> Reported:
    """The same of files that were read already. Raises NoReport."""
    entries = list(entries)
    read = reading.read(entries)
    found = reported(read.report, name)
    if not found.figures:
        for one in read.faults:
            if one.rule == "file-unreadable" and one.file == name:
                raise NoReport((one.found or one.message).rstrip("."))
        parts = ", ".join(PARTS[number].slug for number in _PARTS[1:])
        raise NoReport(f"no figure that the statements have too was found in it (parts {parts})")
    found.files = {one.name: hashlib.sha256(one.data).hexdigest() for one in entries if not one.why}
    notes = [f"{one.file}: {one.message}" for one in read.faults if one.rule == "file-unreadable"]
    notes += [f"Tables about {what} stand beside it and were left out." for what in sorted(read.siblings)]
    found.notes = tuple(notes)
    return found


def _fill(figures: dict[Cell, int], view: View, one: Compared) -> None:
    rows = view.by_key()
    for key in one.rows:
        value = rows[key].value(one.column) if key in rows else None
        if value is not None and value == int(value):
            figures[one.id, key if one.part != 8 else ""] = int(value)


def _services(views: dict[int, View]) -> tuple[str, ...]:
    """Every name that it gives itself, each once: of the provider, and of the service."""
    found: dict[str, str] = {}
    for view in views.values():
        rows = view.by_key()
        if view.number == 1 and "name" in rows:
            name = rows["name"].text("value")
            found.setdefault(plain(name), name)
        for row in view.rows:
            name = row.text("service")
            found.setdefault(plain(name), name)
    return tuple(name for key, name in found.items() if key and key != "text")


def _period(views: dict[int, View]) -> tuple[date | None, date | None]:
    """Of part 1; otherwise the first one that stands beside a figure."""
    if 1 in views:
        rows = views[1].by_key()
        since, until = (
            dates.meant(rows[key].text("value")) if key in rows else None for key in ("start", "end")
        )
        if since and until and since <= until:
            return since, until
    for view in views.values():
        for row in view.rows if view.number != 1 else ():
            if (span := dates.period(row.text("period"))) and span[0] <= span[1]:
                return span
    return None, None
