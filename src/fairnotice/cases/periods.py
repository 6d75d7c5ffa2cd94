"""Which week and which month a scheduled report is about. In UTC, like all times of this program."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

#: A month is reported from this day of the next one on: by then its last rounds are in the log.
FROM_DAY = 3
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


def last_week(now: datetime) -> str:
    """The last whole week (ISO 8601, Monday to Sunday), such as "2026-W47"."""
    year, week, _day = (now.astimezone(UTC) - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02d}"


def last_month(now: datetime) -> str:
    """The last month that is due, such as "2026-10"."""
    at = now.astimezone(UTC)
    first = at.replace(day=1)
    before = first - timedelta(days=1)
    if at.day < FROM_DAY:
        before = before.replace(day=1) - timedelta(days=1)
    return before.strftime("%Y-%m")


def week_span(week: str) -> tuple[datetime, datetime]:
    """From its first moment to the first one after it."""
    year, _sep, number = week.partition("-W")
    start = datetime.fromisocalendar(int(year), int(number), 1).replace(tzinfo=UTC)
    return start, start + timedelta(days=7)


def month_span(month: str) -> tuple[datetime, datetime]:
    """The same of a month. Raises ValueError for what is none."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise ValueError("a month is written as 2026-10")
    start = datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)
