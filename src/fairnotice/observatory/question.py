"""A question to the observatory: what is counted, by what, of which statements, in which days. Pure.

    Question(by=("platform", "week"), where=(Condition("category", "is", ("STATEMENT_CATEGORY_VIOLENCE",)),))

Written as JSON it is part of every result, so that anybody can ask it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from fairnotice.observatory import columns

Test = Literal["is", "not", "has", "lacks"]

EACH: Final = ".each"
"""Behind a column of LISTS: one row for each code instead of one for each combination; a statement with two
codes counts under both, so such rows do not add up to all statements."""

PERIODS: Final = ("week", "month", "year")
"""Dimensions made of `day`: the Monday of its ISO 8601 week, the first of its month, of its year."""

MEASURES: Final[dict[str, str]] = {
    "statements": "how many statements",
    "delay_decision": "days from the content to the decision",
    "delay_publication": "days from the decision to its publication",
    columns.PER_SECOND: "how many statements in one second, by one platform and one way of deciding",
}
"""What can be asked for. A delay answers `statements` (those that have one), `negative` (those below zero,
which take no part in the figures that follow), `median`, `p90` (nearest rank) and `mean`, in days.
`per_second` answers the statements of all seconds that had as many, by `per_second`."""

DIMENSIONS: Final = (
    *columns.ABOUT,
    *PERIODS,
    *columns.CHOICES,
    *columns.LISTS,
    *(name + EACH for name in columns.LISTS),
    *columns.DATES,
    *columns.DELAYS,
    columns.SAID,
    columns.PER_SECOND,
)

#: Python reads no number of some thousand digits, and no column holds one of twenty.
_LONGEST_NUMBER: Final = 100

NOTHING: Final = ""
"""In a condition: the column has no value."""


class QuestionError(ValueError):
    """A question that cannot be asked; the message says in one sentence what is wrong, and what there is."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Of one column. "is" and "not" compare whole values with any of `values`, "has" and "lacks" ask a column
    of LISTS for any of them. Values are texts: codes, names, dates as YYYY-MM-DD; `NOTHING` for none."""

    column: str
    test: Test
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`since` and `until` are days, both included; None: from the first, to the last. `top`: only so many of
    the largest; otherwise rows come in the order of their dimensions. Raises QuestionError."""

    by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    measure: str = "statements"
    since: date | None = None
    until: date | None = None
    top: int | None = None

    def __post_init__(self) -> None:
        for name in self.by:
            if name not in DIMENSIONS:
                raise QuestionError(f"there is no {name!r} to group by; there are: {', '.join(DIMENSIONS)}")
        if len(set(self.by)) != len(self.by):
            raise QuestionError("a dimension stands twice in what to group by")
        if sum(name.endswith(EACH) for name in self.by) > 1:
            raise QuestionError(f"only one dimension can be taken apart with {EACH}")
        if self.measure not in MEASURES:
            raise QuestionError(f"there is no measure {self.measure!r}; there are: {', '.join(MEASURES)}")
        for one in self.where:
            _check(one)
        if self.since and self.until and self.since > self.until:
            raise QuestionError(f"the period ends ({self.until}) before it begins ({self.since})")
        if self.top is not None and self.top < 1:
            raise QuestionError("top must be at least 1")
        if columns.PER_SECOND in self.columns():
            beside = self.columns() - set(columns.CUBES["pace"])
            if beside:
                raise QuestionError(
                    f"{columns.PER_SECOND} can be asked by {', '.join(columns.CUBES['pace'])} only, "
                    f"not by {', '.join(sorted(beside))}"
                )

    def columns(self) -> frozenset[str]:
        """The columns that answering needs."""
        named = {name.removesuffix(EACH) for name in self.by} | {one.column for one in self.where}
        if self.measure != "statements":
            named.add(self.measure)
        return frozenset("day" if name in PERIODS else name for name in named)

    def to_json(self) -> dict[str, object]:
        """As plain JSON values; `question_of` reads it."""
        return {
            "by": list(self.by),
            "where": [{"column": o.column, "test": o.test, "values": list(o.values)} for o in self.where],
            "measure": self.measure,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "top": self.top,
        }


def question_of(found: Mapping[str, object]) -> Question:
    """The question that `to_json` wrote. Raises QuestionError for anything else."""
    try:
        by, where, top = found.get("by", []), found.get("where", []), found.get("top")
        since, until = found.get("since"), found.get("until")
        if not isinstance(by, list) or not isinstance(where, list) or not isinstance(top, int | None):
            raise TypeError
        return Question(
            by=tuple(str(name) for name in by),
            where=tuple(
                Condition(str(one["column"]), one["test"], tuple(str(value) for value in one["values"]))
                for one in where
            ),
            measure=str(found.get("measure", "statements")),
            since=date.fromisoformat(str(since)) if since else None,
            until=date.fromisoformat(str(until)) if until else None,
            top=top,
        )
    except QuestionError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionError("this is not a question as `ask --format json` writes it") from error


def _check(condition: Condition) -> None:
    name = condition.column
    if name not in DIMENSIONS or name.endswith(EACH):
        known = ", ".join(one for one in DIMENSIONS if not one.endswith(EACH))
        raise QuestionError(f"there is no column {name!r} to ask about; there are: {known}")
    if condition.test not in ("is", "not", "has", "lacks"):
        raise QuestionError(f"there is no test {condition.test!r}; there are: is, not, has, lacks")
    if condition.test in ("has", "lacks") and name not in columns.LISTS:
        raise QuestionError(f"{name} is no list: ask with = or != (in Python with 'is' or 'not')")
    if not condition.values:
        raise QuestionError(f"a condition on {name} names no value")
    if name in (*columns.DATES, "day", *PERIODS):
        for value in condition.values:
            if value and not _is_date(value):
                raise QuestionError(f"{value!r} is not a date for {name}: write YYYY-MM-DD")
    if name in (*columns.DELAYS, columns.SAID, columns.PER_SECOND):
        for value in condition.values:
            if len(value) > _LONGEST_NUMBER:
                raise QuestionError(f"{value[:20]}... is longer than any number of {name}")
            if value and not (value.isascii() and value.removeprefix("-").isdigit()):
                raise QuestionError(f"{value!r} is not a whole number for {name}")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
