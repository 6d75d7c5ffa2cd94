"""Counting the facts of a period in one pass, in memory that does not grow with the number of cases but for
four bytes for each action and each answered complaint, of which the exact median is made."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from fairnotice.cases.counting import facts
from fairnotice.cases.counting.definitions import DEFINITIONS, RESTRICTION
from fairnotice.cases.counting.period import Period
from fairnotice.cases.counting.rows import finest, own_row, row_of
from fairnotice.law.trusted import TRUSTED

_ON_NOTICE = ("SOURCE_ARTICLE_16", TRUSTED)
_OUTCOMES = {"upheld": "upheld", "partly_reversed": "partially_reversed", "reversed": "reversed"}
_FULLY, _NOT = "AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_NOT_AUTOMATED"
#: About four billion seconds fit: a notice that waited longer than a lifetime counts as that.
_MOST = 2**32 - 1
#: Said each so many facts, to whoever watches.
STEP = 10_000
Told = Callable[[int], None]

#: (definition, row): the row is "" for one that stands alone.
Cell = tuple[str, str]


@dataclass(slots=True)
class Counts:
    """`counts`: cell -> number, of the finest rows alone (sub-categories, and what has none); what is
    missing is 0. `seconds`: cell of a median -> each duration, unordered."""

    counts: Counter[Cell] = field(default_factory=Counter)
    seconds: defaultdict[Cell, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("I")))

    def table(self) -> dict[str, dict[str, int]]:
        """Definition -> row -> count, without zeros: what a tally commits to."""
        found: dict[str, dict[str, int]] = {}
        for (definition, row), number in sorted(self.counts.items()):
            if number:
                found.setdefault(definition, {})[row] = number
        return found

    def count(self, definition: str, row: str = "") -> int:
        """The count of a row at any height: TOTAL, a category, a sub-category."""
        return sum(self.counts[definition, fine] for fine in finest(DEFINITIONS[definition].part, row))

    def durations(self, definition: str, row: str = "") -> array[int]:
        """Each duration in whole seconds behind a median, at any height."""
        found = array("I")
        for fine in finest(DEFINITIONS[definition].part, row):
            found.extend(self.seconds.get((definition, fine), ()))
        return found


def count(period: Period, told: Told | None = None) -> Counts:
    """Count everything of a period. `told` is called with the number of facts read so far."""
    made = Counts()
    start, end = period.start, period.end
    read = 0

    def seen() -> None:
        nonlocal read
        read += 1
        if told is not None and read % STEP == 0:
            told(read)

    for notice in facts.notices(start, end):
        _notice(made, notice)
        seen()
    for measure in facts.measures(start, end):
        _measure(made, measure)
        seen()
    for appeal in facts.appeals_received(start, end):
        for basis in _kinds(appeal.basis):
            made.counts[f"{basis}.total", ""] += 1
        seen()
    for appeal in facts.appeals_decided(start, end):
        for basis in _kinds(appeal.basis):
            made.counts[f"{basis}.{_OUTCOMES[appeal.outcome]}", ""] += 1
            made.seconds[f"{basis}.median", ""].append(min(appeal.seconds, _MOST))
        seen()
    made.counts["complaints.omitted", ""] = facts.appeals_withdrawn(start, end)
    made.counts["new_restrictions.total", ""] = facts.imposed(start, end)
    if told is not None:
        told(read)
    return made


def _kinds(basis: str) -> tuple[str, ...]:
    """The rows of part 7 that a complaint counts in: a trusted flagger's is one about a notice as well."""
    return ("complaints", "no_action", basis) if basis == "no_action_tf" else ("complaints", basis)


def _notice(made: Counts, fact: facts.NoticeFact) -> None:
    if fact.other:
        return
    row = row_of(4, fact.category, fact.keyword)
    for suffix, scope in (("", "notices"), *((("_tf", "notices_tf"),) if fact.trusted else ())):
        made.counts[f"notices.received{suffix}", row] += fact.notices
        made.counts[f"notices.items{suffix}", row] += fact.items
        made.counts[f"automated.{scope}.not", ""] += fact.notices


def _measure(made: Counts, fact: facts.MeasureFact) -> None:
    on_notice = fact.source in _ON_NOTICE
    ground = "law" if fact.ground == "law" else "terms"
    if on_notice:
        row = row_of(4, fact.notice_category, fact.notice_keyword)
        for suffix in ("", "_tf") if fact.source == TRUSTED else ("",):
            made.counts[f"notices.{ground}{suffix}", row] += 1
            if fact.seconds is not None:
                made.seconds[f"notices.median{suffix}", row].append(min(fact.seconds, _MOST))
    else:
        _own(made, fact)
    if fact.automated_decision in (_FULLY, _NOT):
        how = "solely" if fact.automated_decision == _FULLY else "not"
        for scope in ("total",) if on_notice else ("total", "own"):
            made.counts[f"automated.{scope}.{how}", ""] += 1


def _own(made: Counts, fact: facts.MeasureFact) -> None:
    part, row = own_row(fact.ground, fact.category, fact.keywords)
    name = "own_illegal" if part == 5 else "own_terms"
    made.counts[f"{name}.measures", row] += 1
    made.counts[f"{name}.{RESTRICTION[fact.kind]}", row] += 1
    if fact.automated_detection:
        made.counts[f"{name}.automated", row] += 1
