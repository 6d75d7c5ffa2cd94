"""A question answered straight from daily dumps, without a store: for one question nothing has to be kept.

`direct` counts by whole columns in worker processes; conditions, delays and the rest are settled here and in
`folding`, so the answer is the one that a store of the same dumps would give. Pure; loads the extra `data`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fairnotice import __version__
from fairnotice.observatory import columns, direct
from fairnotice.observatory.asking.days import Chosen, NoDays, beyond_days, lies_in
from fairnotice.observatory.asking.engines import Progress
from fairnotice.observatory.asking.folding import fold, keys_of, pieces
from fairnotice.observatory.asking.notes import notes
from fairnotice.observatory.ingest import archive, building
from fairnotice.observatory.question import NOTHING, Condition, Question, QuestionError
from fairnotice.observatory.result import Cell, Result
from fairnotice.observatory.store import GLOBAL, Day, Manifest
from fairnotice.transparencydb.dump import NOT_IN_LIGHT
from fairnotice.transparencydb.schema import V2_SINCE

_OF_DELAY = {
    "delay_decision": ("content_date", "application_date"),
    "delay_publication": ("application_date", columns.CREATED),
}


class DumpsError(Exception):
    """A file cannot be used as a dump; the message is one sentence that names it."""


@dataclass(frozen=True, slots=True)
class _Dump:
    path: Path
    named: archive.Named
    size: int


def ask_dumps(
    paths: Sequence[Path],
    question: Question,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """The answer from dumps that are named as the database names them. Their sha1 is taken, and held to the
    `.sha1` beside them. `workers`: processes, by default one for each core.

    Raises QuestionError for what cannot be asked of dumps, NoDays where none lies in the question's period,
    DumpsError for a file that is no dump or would be counted twice, OSError.
    """
    started = time.perf_counter()
    by = _columns(question)
    dumps = _chosen(paths, question)
    told = _told(dumps, progress)
    counted: list[tuple[Any, ...]] = []
    manifests = []
    for one in dumps:
        try:
            sha1, published = building.checked(one.path)
            found = direct.count([one.path], by, workers, told)
        except (archive.DumpError, direct.DirectError) as error:
            raise DumpsError(f"{one.path.name}: {error}") from error
        counted += _left(question, by, found.groups)
        manifests.append(_manifest(one, found, sha1, published))
    folded = fold(question, counted)
    days = tuple(Day(one.path, one.named.day, one.named.scope) for one in dumps)
    chosen = Chosen(days, tuple(manifests), ())
    return Result(
        question=question,
        columns=folded.columns,
        rows=folded.rows,
        inputs=chosen.inputs(),
        answered_from="dumps",
        engine="direct",
        notes=notes(question, chosen, folded),
        taxonomies=chosen.taxonomies(),
        program=f"Fair Notice {__version__}",
        seconds=time.perf_counter() - started,
    )


def holds(condition: Condition, value: Cell) -> bool:
    """Whether a condition holds for a value of its column."""
    if value is None:
        there = NOTHING in condition.values
    elif condition.test in ("has", "lacks"):
        there = not set(str(value).split(columns.SEPARATOR)).isdisjoint(condition.values)
    elif isinstance(value, int):
        there = value in {int(one) for one in condition.values if one != NOTHING}
    else:
        there = str(value) in condition.values
    return there == (condition.test in ("is", "has"))


def _columns(question: Question) -> tuple[str, ...]:
    """What the dumps have to be counted by. Raises QuestionError."""
    needed = sorted(question.columns())
    cannot = [name for name in needed if name in (columns.SAID, columns.PER_SECOND)]
    if cannot:
        raise QuestionError(f"{cannot[0]} can be asked of a store only: fairnotice observatory ingest")
    return tuple(dict.fromkeys(one for name in needed for one in _OF_DELAY.get(name, (name,))))


def _chosen(paths: Sequence[Path], question: Question) -> list[_Dump]:
    found: dict[tuple[date, str], _Dump] = {}
    for path in paths:
        named = archive.named(path.name)
        if named is None:
            raise DumpsError(f"{path.name} is not named as a dump: sor-SCOPE-YYYY-MM-DD-full.zip")
        if not lies_in(question, named.day):
            continue
        others = [scope for day, scope in found if day == named.day]
        if named.scope in others or (others and GLOBAL in (named.scope, *others)):
            raise DumpsError(
                f"{path.name}: statements of {named.day} would be counted twice; leave one file out"
            )
        try:
            size = sum(part.size for part in archive.contents(path).csvs)
        except archive.DumpError as error:
            raise DumpsError(f"{path.name}: {error}") from error
        found[named.day, named.scope] = _Dump(path, named, size)
    if not found:
        raise NoDays("no dump lies in the period that was asked for")
    return [found[key] for key in sorted(found)]


def _told(dumps: Sequence[_Dump], progress: Progress | None) -> direct.Progress:
    whole, done = max(sum(one.size for one in dumps), 1), 0

    def told(_rows: int, size: int) -> None:
        nonlocal done
        done += size
        if progress is not None:
            progress(min(100 * done / whole, 100.0))

    return told


def _left(question: Question, by: Sequence[str], groups: Mapping[Any, int]) -> Iterator[tuple[Any, ...]]:
    """The counts as an engine would give them, where the conditions hold."""
    keys, conditions = keys_of(question), beyond_days(question)
    for cells, count in groups.items():
        value: dict[str, Any] = dict(zip(by, cells, strict=True))
        for name, (first, last) in _OF_DELAY.items():
            if first in value and last in value:
                begin, end = value[first], value[last]
                value[name] = None if begin is None or end is None else (end - begin).days
        if all(holds(one, value[one.column]) for one in conditions):
            yield (*(value[name] for name in keys), count)


def _unknown(found: direct.Counted, version: str) -> dict[str, dict[str, int]]:
    """The codes that no list of this version knows, as an ingest tells them, of the columns read."""
    renamed = columns.renamed() if version == "v1" else {}
    told: dict[str, Counter[str]] = {}
    for place, name in enumerate(found.by):
        if name not in (*columns.CHOICES, *columns.LISTS):
            continue
        known = {renamed.get(code, code) for code in columns.allowed(name, version)}
        for cells, many in found.groups.items():
            for code in pieces(cells[place]) if name in columns.LISTS else cells[place : place + 1]:
                if code is not None and code not in known:
                    told.setdefault(name, Counter())[str(code)] += many
    return {name: dict(codes) for name, codes in told.items()}


def _manifest(dump: _Dump, found: direct.Counted, sha1: str, published: bool) -> Manifest:
    version = "v2" if dump.named.day.isoformat() >= V2_SINCE else "v1"
    return Manifest(
        day=dump.named.day,
        scope=dump.named.scope,
        kind=dump.named.kind,
        version=version,
        dump=dump.path.name,
        sha1=sha1,
        sha1_published=published,
        bytes=dump.path.stat().st_size,
        rows=found.rows,
        members=(),
        damaged=found.damaged,
        unknown=_unknown(found, version),
        absent=tuple(sorted(NOT_IN_LIGHT)) if dump.named.kind == "light" else (),
    )
