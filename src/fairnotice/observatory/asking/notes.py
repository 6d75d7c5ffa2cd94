"""What whoever reads an answer has to know of the days that it rests on, a sentence each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from fairnotice.observatory import columns
from fairnotice.observatory.asking.days import Chosen, lies_in, ranges
from fairnotice.observatory.asking.folding import Folded
from fairnotice.observatory.question import EACH, Question
from fairnotice.observatory.store import GLOBAL, Manifest

_LONGEST: Final = 40_000  # days: what is longer is no period of these data, and is not looked through
_CODES: Final = 5


def notes(question: Question, chosen: Chosen, folded: Folded) -> tuple[str, ...]:
    """The sentences, without a full stop."""
    return tuple(
        note
        for part in (
            _missing(question, chosen),
            _single_platforms(chosen),
            _damaged(chosen.manifests),
            _absent(question, chosen.manifests),
            _unknown(question, chosen.manifests),
            _two_versions(question, chosen),
            _of_the_question(question, folded),
        )
        for note in part
    )


def _missing(question: Question, chosen: Chosen) -> Iterator[str]:
    there = {one.day for one in chosen.days}
    first, last = question.since or min(there), question.until or max(there)
    if (last - first).days > _LONGEST:
        first, last = min(there), max(there)
    asked = (first + timedelta(days=number) for number in range((last - first).days + 1))
    missing = [day for day in asked if day not in there and lies_in(question, day)]
    if missing:
        yield f"{_days(len(missing))} of the period {_are(len(missing))} not there: {ranges(missing)}"


def _single_platforms(chosen: Chosen) -> Iterator[str]:
    by_scope: dict[str, set[date]] = {}
    for one in chosen.days:
        if one.scope != GLOBAL:
            by_scope.setdefault(one.scope, set()).add(one.day)
    if not by_scope:
        return
    every = set().union(*by_scope.values())
    names = ", ".join(sorted(by_scope))
    days_are = f"{_days(len(every))} {_are(len(every))}"
    yield f"{days_are} made of the dumps of single platforms ({names}), not of all"
    for scope, days in sorted(by_scope.items()):
        if lacking := every - days:
            yield f"the dump of {scope} is not there for {ranges(lacking)}"


def _damaged(manifests: Iterable[Manifest]) -> Iterator[str]:
    parts = {f"{one.day}": len(one.damaged) for one in manifests if one.damaged}
    if parts:
        count = sum(parts.values())
        said = ", ".join(f"{day} ({number})" for day, number in list(parts.items())[:6])
        more = ", ..." if len(parts) > 6 else ""
        yield (
            f"{count} part{'s' if count != 1 else ''} of the dumps could not be read and {_are(count)} "
            f"not counted: {said}{more}"
        )


def _absent(question: Question, manifests: Iterable[Manifest]) -> Iterator[str]:
    needed = question.columns()
    days: dict[str, set[date]] = {}
    for one in manifests:
        for name in one.absent:
            if name in needed or (columns.SAID in needed and name in columns.SAID_OF):
                days.setdefault(name, set()).add(one.day)
    for name, lacking in sorted(days.items()):
        days_have = f"the dumps of {ranges(lacking)} have no {name}"
        yield f"{days_have} (light dumps do not): it counts as not given there"


def _unknown(question: Question, manifests: Iterable[Manifest]) -> Iterator[str]:
    needed = question.columns()
    found: dict[str, Counter[str]] = {}
    for one in manifests:
        for name, codes in one.unknown.items():
            if name in needed:
                found.setdefault(name, Counter()).update(codes)
    for name, codes in sorted(found.items()):
        shown = ", ".join(repr(code) for code, _count in sorted(codes.items())[:_CODES])
        more = ", ..." if len(codes) > _CODES else ""
        yield (
            f"{name} holds {len(codes)} code{'s' if len(codes) != 1 else ''} that the published list does "
            f"not know, kept as they came: {shown}{more}"
        )


def _two_versions(question: Question, chosen: Chosen) -> Iterator[str]:
    coded = question.columns() & {*columns.CHOICES, *columns.LISTS}
    changed = any(columns.allowed(name, "v1") != columns.allowed(name, "v2") for name in coded)
    if len(chosen.taxonomies()) > 1 and changed:
        yield (
            "the period has codes of both versions, v1 and v2: renamed ones have their names of v2, others "
            "began or ended with v2"
        )


def _of_the_question(question: Question, folded: Folded) -> Iterator[str]:
    if any(name.endswith(EACH) for name in question.by):
        yield "a statement with several codes counts under each, so the rows add up to more than there are"
    if folded.without:
        yield f"{folded.without:,} of {folded.asked:,} statements take no part: they lack one of the dates"
    if len(folded.rows) < folded.groups:
        shown = "the largest is" if len(folded.rows) == 1 else f"the {len(folded.rows):,} largest are"
        yield f"{folded.groups:,} rows were found, {shown} shown"


def _days(count: int) -> str:
    return f"{count:,} day{'s' if count != 1 else ''}"


def _are(count: int) -> str:
    return "are" if count != 1 else "is"
