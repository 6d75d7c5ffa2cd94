"""Day by day and week by week: means, what changed, outages, late filing. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Final

from fairnotice.law.words import gettext_noop
from fairnotice.observatory import columns
from fairnotice.observatory.result import Cell, Result
from fairnotice.observatory.store import GLOBAL, missing_days
from fairnotice.observatory.topics import labels, tally
from fairnotice.observatory.topics.model import (
    Choice,
    Head,
    Part,
    Picture,
    Row,
    Table,
    Topic,
    Value,
    Words,
    words,
)

#: A mean over so many days needs at least so many of them in the store.
SEVEN, THIRTY = (7, 5), (30, 21)
#: An outage: less than this share of the median of so many days before, of which so many are in the store,
#: where that median is at least so large.
SILENT, BEFORE, AT_LEAST, USUAL = 0.1, 28, 14, 10
_MOST_GAPS = 100
#: From each of these whole days after the decision to the next; below the first are impossible ones.
_LATE: Final = (0, 2, 8, 31)

_PER_DAY = Head("per_day", Words(gettext_noop("A day")), "mean")
_CHANGE = Head("change", Words(gettext_noop("Change")), "change")


def days_there(results: Sequence[Result]) -> list[date]:
    """The days that the answers rest on, in order."""
    return sorted({one.day for result in results for one in result.inputs})


def whole_days(results: Sequence[Result]) -> list[date]:
    """Those of them that hold every platform: there, no statement means that none was sent."""
    return sorted({one.day for result in results for one in result.inputs if one.scope == GLOBAL})


def by_day(choice: Choice, result: Result) -> dict[date, int]:
    """Statements of each day, in order: 0 where none was sent; left out where nobody knows.

    Days of single platforms' dumps tell of these platforms. Beside days of all they would look like a fall,
    so they count only where one platform was chosen, or where the store has no others.
    """
    counted, whole = tally.counts(result, "day"), set(whole_days([result]))
    single = choice.platform is not None or not whole
    return {day: counted[day] for day in days_there([result]) if day in whole or (single and counted[day])}


def _left_out(counted: Mapping[date, int], there: Sequence[date]) -> tuple[Words, ...]:
    """How many days are there that could not be counted."""
    many = sum(day not in counted for day in there)
    text = gettext_noop("Days that hold other platforms only, or not all of them, and are left out: %(n)s.")
    return (words(text, n=many),) if many else ()


def mean_until(counted: Mapping[date, int], day: date, window: tuple[int, int]) -> float | None:
    """The mean over the days that end with `day`, of those there; None where they are too few."""
    days, least = window
    found = [counted[one] for one in (day - timedelta(back) for back in range(days)) if one in counted]
    return sum(found) / len(found) if len(found) >= least else None


def _missing(there: Sequence[date]) -> tuple[Words, ...]:
    missing = missing_days(there)
    if not missing:
        return ()
    text = gettext_noop("Days of this time that are not in the store: %(n)s, the first of them %(day)s.")
    return (words(text, n=len(missing), day=missing[0]),)


def _days(choice: Choice, results: Sequence[Result]) -> Table:
    there = days_there(results)
    counted = by_day(choice, results[0])
    rows = []
    for back in range((there[-1] - there[0]).days + 1 if there else 0):
        day = there[0] + timedelta(back)
        means = [mean_until(counted, day, window) for window in (SEVEN, THIRTY)]
        rows.append(Row(day.isoformat(), day, (counted.get(day), *means)))
    heads = (
        tally.STATEMENTS,
        Head("mean7", Words(gettext_noop("Mean of 7 days")), "mean"),
        Head("mean30", Words(gettext_noop("Mean of 30 days")), "mean"),
    )
    picture = Picture("lines", (0, 1, 2), tally.MOST_COLUMNS)
    notes = (*_missing(there), *_left_out(counted, there))
    return Table(Words(gettext_noop("Day")), heads, tuple(rows), picture, notes, times=True)


def _weeks(choice: Choice, results: Sequence[Result]) -> Table:
    counted = by_day(choice, results[0])
    found: dict[date, list[int]] = {}
    for day, size in counted.items():
        found.setdefault(day - timedelta(day.weekday()), []).append(size)
    rows = []
    for monday, sizes in found.items():
        mean = sum(sizes) / len(sizes)
        week_before = found.get(monday - timedelta(7))
        before = sum(week_before) / len(week_before) if week_before else 0.0
        change = mean / before - 1 if before else None
        rows.append(Row(monday.isoformat(), monday, (len(sizes), sum(sizes), mean, change)))
    heads = (Head("days", Words(gettext_noop("Days there"))), tally.STATEMENTS, _PER_DAY, _CHANGE)
    picture = Picture("columns", (2,), tally.MOST_COLUMNS)
    notes = _left_out(counted, days_there(results))
    return Table(Words(gettext_noop("Week from")), heads, tuple(rows), picture, notes, times=True)


def _changed(column: str, first: Words, choice: Choice, results: Sequence[Result]) -> Table:
    """The last seven days beside the 28 before, by one column; what changed most in numbers comes first."""
    there = list(by_day(choice, results[0]))
    last = [day for day in there if day > there[-1] - timedelta(7)]
    before = [day for day in there if there[-1] - timedelta(7 + BEFORE) < day <= there[-1] - timedelta(7)]
    heads = (
        Head("before", Words(gettext_noop("A day, before")), "mean"),
        Head("last", Words(gettext_noop("A day, last week")), "mean"),
        _CHANGE,
    )
    if len(last) < SEVEN[1] or len(before) < AT_LEAST:
        note = Words(
            gettext_noop(
                "This needs five of the last seven days, and fourteen of the 28 before, in the store."
            )
        )
        return Table(first, heads, (), empty=note)
    now: Counter[Cell] = Counter()
    usual: Counter[Cell] = Counter()
    for day, one, size in tally.picked(results[0], "day", column, columns.COUNT):
        if day in last:
            now[one] += tally.whole(size)
        elif day in before:
            usual[one] += tally.whole(size)
    rows = []
    for one in now.keys() | usual.keys():
        was, has = usual[one] / len(before), now[one] / len(last)
        values: tuple[Value, ...] = (was, has, has / was - 1 if was else None)
        rows.append((-abs(has - was), Row(labels.code(one), labels.label(column, tally.text(one)), values)))
    rows.sort(key=lambda item: (item[0], item[1].code))
    span = words(gettext_noop("Last week: %(a)s to %(b)s."), a=last[0], b=last[-1])
    return Table(first, heads, tuple(row for _size, row in rows), None, (span,))


def _gaps(_choice: Choice, results: Sequence[Result]) -> Table:
    there = whole_days(results)
    counted: dict[Cell, dict[date, int]] = {}
    for platform, day, size in tally.picked(results[0], "platform", "day", columns.COUNT):
        if isinstance(day, date):
            counted.setdefault(platform, {})[day] = tally.whole(size)
    found = []
    for platform, sizes in counted.items():
        for at, day in enumerate(there):
            first = day - timedelta(BEFORE)
            past = [sizes.get(one, 0) for one in there[max(0, at - BEFORE) : at] if one >= first]
            usual = median(past) if len(past) >= AT_LEAST else 0
            if usual >= USUAL and sizes.get(day, 0) < usual * SILENT:
                found.append((day, str(platform or ""), sizes.get(day, 0), float(usual)))
    found.sort(key=lambda one: (-one[0].toordinal(), -one[3], one[1]))
    heads = (
        Head("day", Words(gettext_noop("Day")), "words"),
        tally.STATEMENTS,
        Head("usual", Words(gettext_noop("Usual")), "mean"),
    )
    rows = [Row(name, name, (day, size, usual)) for day, name, size, usual in found[:_MOST_GAPS]]
    text = gettext_noop("Listed are the newest %(n)s of %(all)s.")
    cut = (words(text, n=_MOST_GAPS, all=len(found)),) if len(found) > _MOST_GAPS else ()
    none = Words(gettext_noop("None was found."))
    return Table(tally.PLATFORM, heads, tuple(rows), None, cut, empty=none)


def _late(_choice: Choice, results: Sequence[Result]) -> Table:
    rows = []
    for platform, counted in tally.crossed(results[0], "platform", columns.DELAYS[1]).items():
        before, *found = tally.binned(counted, _LATE)
        total = sum(found)
        shares = [tally.share(size, total) for size in found]
        named = labels.label("platform", tally.text(platform))
        rows.append(Row(labels.code(platform), named, (total, *shares, before)))
    heads = (
        Head("statements", Words(gettext_noop("With both dates"))),
        Head("0-1", Words(gettext_noop("By the next day")), "share"),
        Head("2-7", Words(gettext_noop("2 to 7 days")), "share"),
        Head("8-30", Words(gettext_noop("8 to 30 days")), "share"),
        Head("31-", Words(gettext_noop("Later")), "share"),
        Head("before", Words(gettext_noop("Before the decision"))),
    )
    return Table(tally.PLATFORM, heads, tuple(rows), Picture("divided", (1, 2, 3, 4), tally.MOST_DIVIDED))


TOPIC = Topic(
    "weeks",
    gettext_noop("Week by week"),
    gettext_noop("Week by week"),
    gettext_noop(
        "How many statements came each day, what changed last week, who fell silent and who files late."
    ),
    (
        gettext_noop(
            "A day is the day of the dump: the day on which the database took a statement in, in UTC."
        ),
        gettext_noop(
            "A mean of 7 or 30 days ends with the day beside which it stands. It is taken over the days that "
            "are in the store, and shown where those are at least 5 of 7, or 21 of 30."
        ),
        gettext_noop(
            "Days of which only the dumps of single platforms are there count for these platforms. They are "
            "left out of what is said of all together, unless there are no other days."
        ),
        gettext_noop(
            "A platform fell silent on a day with less than a tenth of the median of the 28 days before, "
            "where that median is 10 or more and at least 14 of those days are in the store."
        ),
    ),
    (
        gettext_noop(
            "Many platforms send at their own pace: a week’s statements can come on one day. A rise can be a "
            "change of how they send, and not of what they decide."
        ),
        gettext_noop(
            "A day of silence can be the platform’s, the database’s, or that of whoever made the dump. The "
            "statements may have come later: see how late they were."
        ),
        gettext_noop(
            "The codes changed on 1 July 2025: numbers by category before and after it do not compare."
        ),
    ),
    (
        Part(
            "days",
            gettext_noop("Day by day"),
            gettext_noop("Statements of each day, and means of the 7 and 30 days that end with it."),
            lambda choice: (choice.asks("day"),),
            _days,
        ),
        Part(
            "weeks",
            gettext_noop("By week"),
            gettext_noop("Weeks begin on Monday. Drawn and compared is the mean of the days that are there."),
            lambda choice: (choice.asks("day"),),
            _weeks,
        ),
        Part(
            "changed-categories",
            gettext_noop("What changed last week, by kind of problem"),
            gettext_noop("Statements a day in the last seven days, and in the 28 days before them."),
            lambda choice: (choice.asks("day", "category"),),
            lambda choice, results: _changed("category", tally.CATEGORY, choice, results),
        ),
        Part(
            "changed-platforms",
            gettext_noop("What changed last week, by platform"),
            gettext_noop("Statements a day in the last seven days, and in the 28 days before them."),
            lambda choice: (choice.asks("platform", "day"),),
            lambda choice, results: _changed("platform", tally.PLATFORM, choice, results),
        ),
        Part(
            "silent",
            gettext_noop("Who fell silent"),
            gettext_noop("Days with less than a tenth of what the platform usually sends, the newest first."),
            lambda choice: (choice.asks("platform", "day"),),
            _gaps,
        ),
        Part(
            "late",
            gettext_noop("Who files late"),
            gettext_noop(
                "Statements by how many whole days after the decision the database took them in. The law "
                "asks for them without undue delay."
            ),
            lambda choice: (choice.asks("platform", columns.DELAYS[1]),),
            _late,
        ),
    ),
)
