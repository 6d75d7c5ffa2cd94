"""JSON files of statements checked: an object, a list, `{"statements": [...]}`, or an object on each line."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from fairnotice.transparencydb import check, values
from fairnotice.transparencydb.bulk import Wanted, number_of
from fairnotice.transparencydb.seen import Seen
from fairnotice.transparencydb.survey import Place, Progress, Survey, Unusable

# Read at once; a larger file has to have an object on each line.
MOST_AT_ONCE: Final = 1 << 26
_BOM = b"\xef\xbb\xbf"


def is_json(path: Path) -> bool:
    """Whether the file begins as JSON does. Raises OSError where it cannot be opened."""
    with path.open("rb") as file:
        return file.read(4096).removeprefix(_BOM).lstrip()[:1] in (b"{", b"[")


def of_json(
    path: Path, wanted: Wanted = "auto", most: int = 5, progress: Progress = lambda _rows, _bytes: None
) -> Survey:
    """Check a JSON file, statement by statement. The row of a place is the statement's, the first being 1; in
    a file with an object on each line it is the line.

    Raises OSError where the file cannot be opened, Unusable where it holds no statement at all.
    """
    survey = Survey(path.name, "plain")
    whole = _whole(path)
    # An object with this list is a call of the API, and held to what a call may be.
    call = isinstance(whole, Mapping) and isinstance(whole.get("statements"), list)
    with Seen() as seen:
        checker = _Check(survey, wanted, most, seen, call=call)
        checker.all(_lines(path) if whole is None else enumerate(_statements(whole), 1), progress)
    if survey.rows == survey.bad and not call:
        if path.stat().st_size > MOST_AT_ONCE:
            raise Unusable("a file this large (more than 64 MB) has to have one statement on each line")
        raise Unusable("this is no JSON with statements")
    return survey


def _whole(path: Path) -> object:
    """What the file holds, or None where it is too large or not one JSON text."""
    if path.stat().st_size > MOST_AT_ONCE:
        return None
    return _read(path.read_bytes().removeprefix(_BOM))


def _read(data: bytes) -> object:
    try:
        # NaN and Infinity are Python's own: the database takes a call that has one for no JSON.
        return json.loads(data, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None


def _refused(name: str) -> object:
    raise ValueError(name)


def _statements(whole: object) -> list[object]:
    if isinstance(whole, Mapping):
        held = whole.get("statements")
        return list(held) if isinstance(held, list) else [whole]
    return whole if isinstance(whole, list) else [whole]


def _lines(path: Path) -> Iterator[tuple[int, object]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MOST_AT_ONCE):
            number += 1
            if len(line) == MOST_AT_ONCE and not line.endswith(b"\n"):
                # A large file in one line would come into memory whole.
                while line and not line.endswith(b"\n"):
                    line = file.readline(MOST_AT_ONCE)
                yield number, None
            elif line.strip():
                yield number, _read(line.removeprefix(_BOM) if number == 1 else line)


class _Check:
    def __init__(self, survey: Survey, wanted: Wanted, most: int, seen: Seen, *, call: bool) -> None:
        self._survey, self._wanted, self._most, self._seen, self._call = survey, wanted, most, seen, call

    def all(self, statements: Iterable[tuple[int, object]], progress: Progress) -> None:
        """Check one after the other, then what can only be said of all."""
        for row, statement in statements:
            self._one(row, statement)
            progress(1, 0)
        for _part, row in self._seen.twice():
            self._survey.count("puid_twice", Place(self._survey.file, row, ""), self._most)
        if self._call and not 1 <= self._survey.rows <= check.MOST_IN_A_CALL:
            place = Place(self._survey.file, 0, str(self._survey.rows))
            self._survey.count("call_size", place, self._most)

    def _one(self, row: int, statement: object) -> None:
        survey, file = self._survey, self._survey.file
        survey.rows += 1
        if not isinstance(statement, Mapping):
            reason = "no JSON" if statement is None else check.WHOLE["no_object"].message
            survey.refuse(iter([Place(file, row, reason)]), self._most)
            return
        version = check.version_of(statement) if self._wanted == "auto" else self._wanted
        survey.versions[version] += 1
        faults = check.in_a_call(statement, version) if self._call else check.check_one(statement, version)
        survey.faulty += bool(faults)
        for fault in faults:
            alone = fault.rule in check.WHOLE
            key = fault.rule if alone else f"{fault.rule}/{fault.field}"
            survey.count(key, Place(file, row, fault.field if alone else fault.found), self._most)
        puid = values.text(statement.get("puid"))
        if not values.missing(puid):
            self._seen.add(0, array("Q", [number_of("", puid)]), array("Q", [row]))
