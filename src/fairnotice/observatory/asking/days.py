"""Which days of the store a question is about, and what their manifests say. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from fairnotice.observatory.asking.folding import period
from fairnotice.observatory.question import PERIODS, Condition, Question
from fairnotice.observatory.result import Input
from fairnotice.observatory.store import Day, Manifest, Store, StoreError, manifest_of

_BY_DAY = ("day", *PERIODS)
_Stamp = tuple[int, int, int]


class NoDays(StoreError):
    """The store has no day that the question is about."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """`manifests` belong to `days`, one each; `members` is left out of them."""

    days: tuple[Day, ...]
    manifests: tuple[Manifest, ...]
    stamps: tuple[_Stamp, ...]

    def unchanged(self) -> bool:
        """Whether every day is still the one whose manifest was read: an ingest may replace it meanwhile."""
        try:
            return self.stamps == tuple(_stamp(day) for day in self.days)
        except StoreError:
            return False

    def inputs(self) -> tuple[Input, ...]:
        """What an answer from these days rests on."""
        return tuple(
            Input(one.day, one.scope, one.kind, one.dump, one.sha1, one.rows, one.version, one.whole)
            for one in self.manifests
        )

    def taxonomies(self) -> tuple[str, ...]:
        """The versions of the codes among them."""
        return tuple(sorted({one.version for one in self.manifests}))


def choose(store: Store, question: Question) -> Chosen:
    """The days of the question's period that its conditions on days leave. Raises NoDays; StoreError where a
    manifest cannot be read."""
    days = tuple(day for day in store.days(question.since, question.until) if lies_in(question, day.day))
    if not days:
        raise NoDays(_nothing(store, question))
    stamps = tuple(_stamp(day) for day in days)
    manifests = tuple(_manifest(str(day.folder), stamp) for day, stamp in zip(days, stamps, strict=True))
    return Chosen(days, manifests, stamps)


def lies_in(question: Question, day: date) -> bool:
    """Whether the question is about this day."""
    if (question.since and day < question.since) or (question.until and day > question.until):
        return False
    return all(fits(one, day) for one in question.where if one.column in _BY_DAY)


def fits(condition: Condition, day: date) -> bool:
    """Whether a condition on day, week, month or year leaves a day. Any day of a week stands for it."""
    named = {period(condition.column, date.fromisoformat(value)) for value in condition.values if value}
    return (period(condition.column, day) in named) == (condition.test == "is")


def beyond_days(question: Question) -> tuple[Condition, ...]:
    """The conditions that choosing days does not settle."""
    return tuple(one for one in question.where if one.column not in _BY_DAY)


def ranges(days: Iterable[date]) -> str:
    """Days in words: `2025-07-01 to 2025-07-04, 2025-07-09`; of many ranges the first six."""
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and day.toordinal() == runs[-1][1].toordinal() + 1:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    words = [f"{first} to {last}" if first != last else f"{first}" for first, last in runs]
    more = f" and {len(words) - 6} more stretches" if len(words) > 6 else ""
    return ", ".join(words[:6]) + more


def _stamp(day: Day) -> _Stamp:
    try:
        found = (day.folder / "manifest.json").stat()
    except OSError as error:
        raise StoreError(
            f"{day.folder.name} has no manifest.json: ingest that day again with --replace"
        ) from error
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=8192)
def _manifest(folder: str, _stamp_of_it: _Stamp) -> Manifest:
    """Read once for each state of the file. The list of members is long and needed by nobody here."""
    try:
        text = (Path(folder) / "manifest.json").read_text("utf-8")
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{Path(folder).name} has no manifest.json that can be read: ingest that day again with --replace"
        ) from error
    try:
        return manifest_of(text, members=False)
    except StoreError as error:
        raise StoreError(f"{Path(folder).name}: {error}") from error


def _nothing(store: Store, question: Question) -> str:
    there = store.days()
    if not there:
        return "the observatory's store has no days yet: fairnotice observatory ingest DIR"
    days = f"{there[0].day} to {there[-1].day}"
    conditions = " and fit the conditions" if any(one.column in _BY_DAY for one in question.where) else ""
    period_words = f"from {question.since or 'the first'} to {question.until or 'the last'}"
    return f"the store has no days that lie {period_words}{conditions}; its days lie from {days}"
