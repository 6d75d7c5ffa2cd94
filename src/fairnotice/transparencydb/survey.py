"""A whole file of statements checked: how many rows, which rules are broken how often, and where first."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

from fairnotice.transparencydb import dump, reading
from fairnotice.transparencydb.bulk import Engine, Outcome, Plain, Wanted
from fairnotice.transparencydb.check import WHOLE
from fairnotice.transparencydb.rule import Level
from fairnotice.transparencydb.rules import table
from fairnotice.transparencydb.schema import SCHEMAS, Version
from fairnotice.transparencydb.seen import Seen

Chosen = Literal["auto", "plain", "polars"]
Progress = Callable[[int, int], None]


class Unusable(ValueError):
    """The file is neither a dump nor JSON with statements; the message quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """One row: the file (of a zip, the one inside), the row after the header, what stands there or why."""

    file: str
    row: int
    found: str


@dataclass(slots=True)
class Broken:
    """One rule, and how often it is broken."""

    rule: str
    field: str
    level: Level
    message: str
    source: str
    count: int = 0
    examples: list[Place] = dataclasses.field(default_factory=list)


@dataclass(slots=True)
class Survey:
    """What was found in a file. `rows` counts the unreadable ones (`bad`) too; `faulty`: rows that were read
    and break a rule of the table. `notes`: what whoever reads the numbers has to know."""

    file: str
    engine: str
    rows: int = 0
    faulty: int = 0
    versions: Counter[Version] = dataclasses.field(default_factory=Counter)
    broken: dict[str, Broken] = dataclasses.field(default_factory=dict)
    bad: int = 0
    bad_examples: list[Place] = dataclasses.field(default_factory=list)
    unreadable: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Nothing amiss at all."""
        return not (self.broken or self.bad or self.unreadable)

    def count(self, key: str, place: Place | None, most: int, times: int = 1) -> None:
        """Count a broken rule by its key, and keep the place as an example while there are few."""
        if key not in self.broken:
            self.broken[key] = _broken(key)
        self.broken[key].count += times
        if place is not None and len(self.broken[key].examples) < most:
            self.broken[key].examples.append(place)

    def refuse(self, places: Iterator[Place], most: int) -> None:
        """Count records that could not be read."""
        for place in places:
            self.bad += 1
            if len(self.bad_examples) < most:
                self.bad_examples.append(place)


def _broken(key: str) -> Broken:
    if key in WHOLE:
        whole = WHOLE[key]
        return Broken(whole.id, "", whole.level, whole.message, whole.source)
    for version in SCHEMAS:
        for rule in table(version):
            if rule.key == key:
                return Broken(rule.id, rule.field, rule.level, rule.message, rule.source)
    raise KeyError(key)


def engine_for(chosen: Chosen, columns: tuple[str, ...], wanted: Wanted, most: int) -> Engine:
    """The fast engine where polars is installed, the plain one otherwise or where it is asked for.

    Raises ImportError where "polars" is asked for and is not there.
    """
    if chosen != "plain":
        try:
            from fairnotice.transparencydb.vector import Vector
        except ImportError:
            if chosen == "polars":
                raise
        else:
            return Vector(columns, wanted, most)
    return Plain(columns, wanted, most)


def of_dump(
    path: Path,
    wanted: Wanted = "auto",
    most: int = 5,
    chosen: Chosen = "auto",
    progress: Progress = lambda _rows, _bytes: None,
) -> Survey:
    """Check a CSV, a `.csv.zip` or a daily zip. `most`: examples kept of each fault. `progress` is told the
    rows and bytes (of the file as it lies there) after each block.

    Raises OSError where the file cannot be opened, Unusable where it holds no dump. Never raises for what
    rows hold.
    """
    survey = Survey(path.name, "")
    if reading.sha1_agrees(path) is False:
        survey.unreadable.append((path.name, "it is not the file that its .sha1 names"))
    taken = _Taken()
    names: list[str] = []
    with Seen() as seen:
        for part in reading.parts(path, taken.add):
            names.append(part.name)
            reason = part.reason
            if part.stream is not None:
                reason = _part(
                    survey, part, _Run(wanted, most, chosen, len(names) - 1, seen, progress, taken)
                )
            if reason:
                survey.unreadable.append((part.name, reason))
        for number, row in seen.twice():
            survey.count("puid_twice", Place(names[number], row, ""), most)
    if not survey.rows and (not names or survey.unreadable):
        why = f": {survey.unreadable[-1][1]}" if survey.unreadable else ""
        raise Unusable(f"no rows of a dump could be read{why}")
    if survey.versions["v1"]:
        survey.notes += [f"of v1 it is not known {gap}" for gap in SCHEMAS["v1"].not_known]
    return survey


class _Taken:
    """Bytes taken in since they were last asked for."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, count: int) -> None:
        self._bytes += count

    def take(self) -> int:
        count, self._bytes = self._bytes, 0
        return count


@dataclass(frozen=True, slots=True)
class _Run:
    wanted: Wanted
    most: int
    chosen: Chosen
    number: int
    seen: Seen
    progress: Progress
    taken: _Taken


def _part(survey: Survey, part: reading.Part, run: _Run) -> str:
    """One CSV; gives the reason where it could not be read to its end."""
    assert part.stream is not None  # noqa: S101 - the caller asked
    blocks = reading.blocks(part.stream)
    row = 1
    try:
        first = next(blocks, b"")
        columns, rest = reading.header(first)
        if not dump.TELLING.issubset(columns):
            return "no dump: its first line does not name the columns of one"
        engine = engine_for(run.chosen, columns, run.wanted, run.most)
        _notes(survey, engine, columns)
        for outcome in engine.outcomes(chain([rest], blocks)):
            row += outcome.rows
            _add(survey, part.name, outcome, run.most)
            run.seen.add(run.number, outcome.used, outcome.used_rows)
            run.progress(outcome.rows, run.taken.take())
    except Exception as error:
        reason = reading.trouble(error)
        if reason is None:
            raise
        return f"{reason} (after row {row - 1})"
    return ""


def _notes(survey: Survey, engine: Engine, columns: tuple[str, ...]) -> None:
    survey.engine = engine.name
    known = set(dump.COLUMNS)
    found = [
        f"no column {name}: no rule that needs it was asked" for name in dump.COLUMNS if name not in columns
    ]
    if any(name not in known for name in columns):
        found.append("columns that no dump has were not looked at")
    survey.notes += [note for note in found if note not in survey.notes]


def _add(survey: Survey, name: str, outcome: Outcome, most: int) -> None:
    survey.rows += outcome.rows
    survey.faulty += outcome.faulty
    survey.versions += outcome.versions
    survey.refuse((Place(name, bad.row, bad.reason) for bad in outcome.bad), most)
    for key, times in outcome.counts.items():
        survey.count(key, None, most, times)
        kept = survey.broken[key].examples
        kept += [Place(name, one.row, one.found) for one in outcome.examples[key][: most - len(kept)]]
