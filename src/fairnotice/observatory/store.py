"""Where the observatory keeps what it read: one folder for each day and sender, whole or absent.

    days/2025/07/2025-07-01.global/            or .platform-slug/
        manifest.json                          what it was made from, and what is in it
        rows-00000.parquet ...                 `columns.ROWS`, by platform and time
        cube-practice.parquet ...              one for each of `columns.CUBES`
        texts-00000.parquet ...                only with --keep-text: `columns.TEXTS`, row for row
    aside/2025-07-01.global/                   parts that could not be read, as they came, with the reason
    work/                                      what an ingest is at; dropped if it lies here after a stop

A folder of a day is written in `work` and moved to its place at the end. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

FORMAT: Final = 1
"""The layout described here. A store of another number is refused, not guessed at."""

GLOBAL: Final = "global"
_FOLDER = re.compile(r"(\d{4}-\d\d-\d\d)\.([a-z0-9][a-z0-9-]*)", re.ASCII)


class StoreError(Exception):
    """The store cannot be used so; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Member:
    """One CSV of a dump that was read. `crc`: of its bytes, as the zip has it, in hexadecimal."""

    name: str
    crc: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Damaged:
    """A part, or some rows of one, that could not be read. `kept`: its file below `aside`, "" for none."""

    name: str
    reason: str
    rows: int | None = None
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one folder of a day was made from and holds.

    `scope`: "global" or the platform's slug. `kind`: "full" or "light". `sha1`: of the dump's file, in
    hexadecimal; `sha1_published`: whether a `.sha1` beside it said the same. `unknown`: column -> code ->
    rows. `absent`: columns of a full dump that this one did not have. `more`: columns that no dump had when
    this was written; they are not kept. `tolerant`: CSVs in which something was amiss, so that they were read
    record by record; what could not be read is in `damaged`.
    """

    day: date
    scope: str
    kind: str
    version: str
    dump: str
    sha1: str
    sha1_published: bool
    bytes: int
    rows: int
    members: tuple[Member, ...]
    damaged: tuple[Damaged, ...] = ()
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    tolerant: int = 0
    texts: bool = False
    taxonomy: str = ""
    program: str = ""
    format: int = FORMAT

    @property
    def whole(self) -> bool:
        """Whether everything that the dump holds could be read."""
        return not self.damaged

    def to_json(self) -> str:
        """The text of `manifest.json`."""
        return json.dumps(asdict(self) | {"day": self.day.isoformat()}, indent=1, ensure_ascii=False) + "\n"


def manifest_of(text: str, *, members: bool = True) -> Manifest:
    """The manifest that `to_json` wrote; without its members, which are many, where nobody needs them. Raises
    StoreError for any other text."""
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise StoreError(
                f"the store has format {found['format']}, this version reads {FORMAT}: ingest the dumps "
                "again with --replace"
            )
        found["day"] = date.fromisoformat(found["day"])
        found["members"] = tuple(Member(**one) for one in found["members"]) if members else ()
        found["damaged"] = tuple(Damaged(**one) for one in found["damaged"])
        found["absent"] = tuple(found["absent"])
        found["more"] = tuple(found["more"])
        return Manifest(**found)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "a manifest.json of the store is not readable: ingest that day again with --replace"
        ) from error


@dataclass(frozen=True, slots=True)
class Day:
    """One folder of the store."""

    folder: Path
    day: date
    scope: str

    def manifest(self) -> Manifest:
        """Raises StoreError where it is missing or not readable."""
        try:
            return manifest_of((self.folder / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self.folder.name} has no manifest.json that can be read: ingest that day again "
                "with --replace"
            ) from error
        except StoreError as error:
            raise StoreError(f"{self.folder.name}: {error}") from error

    def rows(self) -> list[Path]:
        """The files of its rows, in order."""
        return sorted(self.folder.glob("rows-*.parquet"))

    def texts(self) -> list[Path]:
        """The files of its texts, in the order of the rows; none without --keep-text."""
        return sorted(self.folder.glob("texts-*.parquet"))

    def cube(self, name: str) -> Path:
        """The file of a cube of `columns.CUBES`."""
        return self.folder / f"cube-{name}.parquet"


@dataclass(frozen=True, slots=True)
class Store:
    """A folder that holds days. It need not exist yet."""

    path: Path

    def days(self, since: date | None = None, until: date | None = None) -> list[Day]:
        """The days that are there, from `since` to `until`, both included; by day and sender. Raises OSError
        where a folder cannot be read."""
        return sorted(self._found(since, until), key=lambda one: (one.day, one.scope))

    def _found(self, since: date | None, until: date | None) -> Iterator[Day]:
        months = (month for year in _inside(self.path / "days") for month in _inside(year))
        for folder in (one for month in months for one in _inside(month)):
            match = _FOLDER.fullmatch(folder.name)
            day = _day_of(match[1]) if match else None
            if match and day and (since or day) <= day <= (until or day):
                yield Day(folder, day, match[2])

    def place(self, day: date, scope: str) -> Day:
        """Where a day of one sender has its place, whether or not it is there."""
        return Day(self.path / "days" / f"{day:%Y}" / f"{day:%m}" / f"{day}.{scope}", day, scope)

    @property
    def work(self) -> Path:
        """Where an ingest writes before a day is whole."""
        return self.path / "work"

    @property
    def aside(self) -> Path:
        """Where parts lie that could not be read."""
        return self.path / "aside"


def _inside(folder: Path) -> list[Path]:
    """What is in it; nothing where it is no folder, or was taken out meanwhile. Raises OSError where it is
    closed to us: such a store is not an empty one."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def missing_days(days: Iterable[date]) -> list[date]:
    """The days between the first and the last that are not among them."""
    there = sorted(set(days))
    if not there:
        return []
    between = range(there[0].toordinal(), there[-1].toordinal())
    return [date.fromordinal(one) for one in between if date.fromordinal(one) not in set(there)]
