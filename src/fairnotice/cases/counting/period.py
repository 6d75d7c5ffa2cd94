"""Periods of whole months in UTC, written as the templates write them: `2026-01-01/2026-12-31`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from fairnotice.law.words import gettext_noop

_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_LONGEST = 12


class WrongPeriod(ValueError):
    """The period cannot be reported on. The text says why, in plain English; callers translate it."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first day of a month to the last day of a month, both included, in UTC."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        after = self.last + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=UTC)

    def months(self) -> Iterator[Period]:
        """Each month of it, in order."""
        day = self.first
        while day <= self.last:
            found = month_of(day)
            yield found
            day = found.last + timedelta(days=1)

    @property
    def month(self) -> str:
        """The first month as 2026-01."""
        return f"{self.first:%Y-%m}"


def month_of(day: date) -> Period:
    """The month in which a day lies."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Period(first, after - timedelta(days=1))


def parse_month(text: str) -> Period:
    """Read 2026-01. Raises WrongPeriod."""
    if not _MONTH.fullmatch(text):
        raise WrongPeriod(gettext_noop("A month is written as 2026-01."))
    try:
        return month_of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise WrongPeriod(gettext_noop("There is no such month.")) from None


def parse_period(text: str) -> Period:
    """Read 2026-01-01/2026-12-31: whole months, at most twelve. Raises WrongPeriod."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise WrongPeriod(
            gettext_noop("A period is written as 2026-01-01/2026-12-31: its first and its last day.")
        )
    try:
        first, last = (date.fromisoformat(day) for day in found.groups())
    except ValueError:
        raise WrongPeriod(gettext_noop("One of the two days of the period is not in the calendar.")) from None
    return check_period(first, last)


def check_period(first: date, last: date) -> Period:
    """The period between two days. Raises WrongPeriod where it is not one of whole months, at most twelve."""
    if first.year < 2000 or last.year > 9998:
        raise WrongPeriod(gettext_noop("A period lies between the years 2000 and 9998."))
    if last < first:
        raise WrongPeriod(gettext_noop("The period ends before it begins: the first day comes first."))
    if first.day != 1 or last != month_of(last).last:
        raise WrongPeriod(
            gettext_noop(
                "A period begins on the first day of a month and ends on the last day of one, as in "
                "2026-01-01/2026-12-31."
            )
        )
    period = Period(first, last)
    if len(list(period.months())) > _LONGEST:
        raise WrongPeriod(gettext_noop("A period has at most twelve months."))
    return period
