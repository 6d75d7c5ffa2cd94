"""A result as one picture: bars, or lines over time where a dimension is a day, week, month or year. Pure.

A picture shows one figure: statements, or the median of a delay. All of it stands in the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from fairnotice.charts import bars, columns, curves, frame
from fairnotice.charts.alone import alone as in_colours
from fairnotice.observatory import columns as stored
from fairnotice.observatory.asking.codes import short
from fairnotice.observatory.asking.folding import period
from fairnotice.observatory.question import EACH, MEASURES, PERIODS
from fairnotice.observatory.result import SOURCE, Cell, Result

MOST_BARS: Final = 25
_MOST_COLUMNS: Final = 31
_LONGEST: Final = 400
_NOT_GIVEN: Final = "not given"


def to_svg(result: Result, *, ident: str = "answer", alone: bool = True) -> str:
    """The picture; "" for a result without rows that can be drawn. `alone`: with heading and colours, for a
    file of its own; otherwise the page has a heading and its style sheet the colours. `ident`: letters,
    digits and hyphens, its own on a page."""
    drawn = _over_time(result, ident) if _time(result) is not None else _bars(result, ident)
    return in_colours(drawn, title(result), SOURCE) if alone and drawn else drawn


def title(result: Result) -> str:
    """What is shown, in words."""
    asked = result.question
    what = "Statements of reasons" if asked.measure == "statements" else f"Median {MEASURES[asked.measure]}"
    if asked.measure == stored.PER_SECOND:
        what = "Statements by how many came in the same second"
    by = [name.removesuffix(EACH).replace("_", " ") for name in asked.by]
    named = f" by {', '.join(by[:-1])}{' and ' if by[:-1] else ''}{by[-1]}" if by else ""
    days = sorted(one.day for one in result.inputs)
    when = f", {days[0]} to {days[-1]}" if days and days[0] != days[-1] else f", {days[0]}" if days else ""
    return what + named + when


def _time(result: Result) -> int | None:
    """The place of the one dimension that is a time."""
    places = [at for at, name in enumerate(result.question.by) if name in ("day", *PERIODS)]
    return places[0] if len(places) == 1 else None


def _figure(result: Result) -> int:
    """The place of the figure that is drawn."""
    name = "median" if result.question.measure in stored.DELAYS else "statements"
    return len(result.columns) - 1 - result.columns[::-1].index(name)


def _points(result: Result) -> Iterable[tuple[Sequence[Cell], float]]:
    at = _figure(result)
    for row in result.rows:
        value = row[at]
        if isinstance(value, int | float):
            yield row, float(value)


def _named(result: Result, row: Sequence[Cell], places: Iterable[int]) -> str:
    words = []
    for at in places:
        cell = short(result.columns[at], row[at])
        name = result.columns[at]
        plain = f"{cell} in one second" if name == stored.PER_SECOND else f"{cell}".replace("|", ", ")
        words.append(_NOT_GIVEN if cell is None else plain)
    return " · ".join(words) or "all"


def _dimensions(result: Result) -> list[int]:
    """The places of what tells rows apart: the question's dimensions, and per_second where it is measured."""
    alone = result.question.measure == stored.PER_SECOND and stored.PER_SECOND not in result.question.by
    return list(range(len(result.question.by) + alone))


def _bars(result: Result, ident: str) -> str:
    unit = " days" if result.question.measure in stored.DELAYS else ""
    places = _dimensions(result)
    found = [(_named(result, row, places), value) for row, value in _points(result)]
    found.sort(key=lambda one: -one[1])
    drawn = [bars.Bar(name, value, f"{value:,.0f}{unit}") for name, value in found[:MOST_BARS]]
    others = [value for _name, value in found[MOST_BARS:]]
    adds_up = not unit and not any(name.endswith(EACH) for name in result.question.by)
    if others and adds_up:
        drawn.append(bars.Bar(f"all {len(others):,} others", sum(others), f"{sum(others):,.0f}", aside=True))
    said = "; ".join(f"{bar.name}: {bar.words}" for bar in drawn)
    if others and not adds_up:
        said += f"; {len(others):,} smaller ones are not drawn"
    return bars.draw(drawn, ident=ident, title=title(result), description=said)


def _over_time(result: Result, ident: str) -> str:
    at = _time(result)
    assert at is not None  # noqa: S101 - the caller asked
    kind = result.columns[at]
    others = [place for place in _dimensions(result) if place != at]
    series: dict[str, dict[date, float]] = {}
    for row, value in _points(result):
        when = row[at]
        if isinstance(when, date):
            series.setdefault(_named(result, row, others), {})[when] = value
    if not series:
        return ""
    read = {period(kind, one.day) for one in result.inputs}
    times = _without_holes(kind, read | {when for line in series.values() for when in line})

    def value_at(line: Mapping[date, float], when: date) -> float | None:
        # A day that was read and has none of them is a zero; a median of none is a gap, as is any other day.
        counts = when in read and result.question.measure not in stored.DELAYS
        return line.get(when, 0.0 if counts else None)

    names = [
        f"{when:%Y-%m}" if kind == "month" else f"{when:%Y}" if kind == "year" else f"{when}"
        for when in times
    ]
    largest = sorted(series, key=lambda name: (-sum(series[name].values()), name))[: curves.MOST]
    said = f"{len(times)} places in time; {', '.join(largest)}"
    if len(series) > len(largest):
        said += f"; {len(series) - len(largest):,} smaller lines are not drawn"
    heading = title(result)
    if not others and len(times) <= _MOST_COLUMNS:
        (line,) = series.values()
        standing = [
            columns.Column(name, value_at(line, when), frame.short(line.get(when, 0.0)))
            for name, when in zip(names, times, strict=True)
        ]
        return columns.draw(standing, ident=ident, title=heading, description=said)
    lines = [curves.Curve(name, tuple(value_at(series[name], when) for when in times)) for name in largest]
    return curves.draw(lines, names, ident=ident, title=heading, description=said)


def _without_holes(kind: str, times: Iterable[date]) -> list[date]:
    """In order, and of days also those between: a day that is missing is a gap, not a shorter way."""
    there = sorted(times)
    whole = (there[-1] - there[0]).days + 1
    if kind != "day" or whole > _LONGEST:
        return there
    return [there[0] + timedelta(days=number) for number in range(whole)]
