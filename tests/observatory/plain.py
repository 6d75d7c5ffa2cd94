"""The answer to a question as anybody would work it out: statement by statement, with lists and dictionaries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from fairnotice.observatory.columns import DELAYS, PER_SECOND
from fairnotice.observatory.question import EACH, Condition, Question
from fairnotice.observatory.store import Store

Statement = dict[str, Any]


def statements(store: Store) -> list[Statement]:
    """Every row of the store, with what rows do not have beside it."""
    import polars as pl

    files = [file for day in store.days() for file in day.rows()]
    found: list[Statement] = pl.concat([pl.read_parquet(file) for file in files]).to_dicts()
    seconds = Counter(_second(one) for one in found)
    for one in found:
        created = one["created_at"].date() if one["created_at"] else None
        one["delay_decision"] = _between(one["content_date"], one["application_date"])
        one["delay_publication"] = _between(one["application_date"], created)
        one[PER_SECOND] = seconds[_second(one)]
    return found


def answer(question: Question, every: list[Statement]) -> list[tuple[Any, ...]]:
    """The rows of the result."""
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for one in every:
        inside = (question.since or date.min) <= one["day"] <= (question.until or date.max)
        if inside and all(holds(condition, one) for condition in question.where):
            measured = one["day"] if question.measure == "statements" else one[question.measure]
            if measured is not None:
                for group in _groups(question, one):
                    groups[group].append(measured)
    if not question.by and not groups:
        groups[()] = []
    found = [row for group, values in groups.items() for row in _rows(question, group, values)]
    found.sort(
        key=lambda row: [(cell is None, cell or 0 if not isinstance(cell, str) else cell) for cell in row]
    )
    if question.top is not None:
        count = -5 if question.measure in DELAYS else -1
        found = sorted(found, key=lambda row: -row[count])[: question.top]
    return found


def holds(condition: Condition, one: Statement) -> bool:
    """Whether a condition holds for a statement."""
    value = _value(condition.column, one)
    wanted = set(condition.values)
    if condition.column in ("week", "month", "year"):
        wanted = {str(_period(condition.column, date.fromisoformat(text))) for text in wanted if text}
    if condition.column in (*DELAYS, "said", PER_SECOND):
        wanted = {str(int(text)) if text else "" for text in wanted}
    parts = str(value).split("|") if condition.test in ("has", "lacks") else [str(value)]
    there = "" in wanted if value is None else any(part in wanted for part in parts if part)
    return there if condition.test in ("is", "has") else not there


def _groups(question: Question, one: Statement) -> Iterator[tuple[Any, ...]]:
    apart = [name for name in question.by if name.endswith(EACH)]
    whole = _value(apart[0].removesuffix(EACH), one) if apart else None
    for piece in whole.split("|") if whole else [None]:
        yield tuple(piece if name in apart else _value(name, one) for name in question.by)


def _rows(question: Question, group: tuple[Any, ...], values: list[Any]) -> list[tuple[Any, ...]]:
    if question.measure in DELAYS:
        counting = sorted(value for value in values if value >= 0)
        negative = len(values) - len(counting)
        if not counting:
            return [(*group, negative, negative, None, None, None)]
        # The smallest value that half (nine tenths) of them do not exceed.
        median = next(v for at, v in enumerate(counting, 1) if 2 * at >= len(counting))
        p90 = next(v for at, v in enumerate(counting, 1) if 10 * at >= 9 * len(counting))
        mean = sum(counting) / len(counting)
        return [(*group, len(values), negative, median, p90, mean)]
    if question.measure == PER_SECOND and PER_SECOND not in question.by:
        return [(*group, many, count) for many, count in Counter(values).items()]
    return [(*group, len(values))]


def _value(name: str, one: Statement) -> Any:
    return _period(name, one["day"]) if name in ("week", "month", "year") else one[name]


def _period(name: str, day: date) -> date:
    if name == "week":
        return day - timedelta(days=day.isoweekday() - 1)
    return date(day.year, day.month if name == "month" else 1, 1)


def _between(first: date | None, last: date | None) -> int | None:
    return None if first is None or last is None else (last - first).days


def _second(one: Statement) -> tuple[Any, ...]:
    return one["day"], one["version"], one["platform"], one["automated_decision"], one["created_at"]
