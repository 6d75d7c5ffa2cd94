"""Days and periods as people write them, and the day that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_ISO_LOOSE = re.compile(r"(\d{4})[-/.\s](\d{1,2})[-/.\s](\d{1,2})(?:[Tt ]\d{2}:\d{2}.*)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4})", re.ASCII)
_IN_WORDS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?\.?\s([a-z]{3,9})\.?,?\s(\d{4})|([a-z]{3,9})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BETWEEN = re.compile(r"\s*/\s*|\s+(?:-|–|—|to|bis|until|and|au|à)\s+|\s*[–—]\s*", re.IGNORECASE)


def iso(text: str) -> date | None:
    """The day, where it is written YYYY-MM-DD and exists."""
    found = _ISO.fullmatch(text)
    return _day(found[1], found[2], found[3]) if found else None


def looks_iso(text: str) -> bool:
    """True for YYYY-MM-DD, also where there is no such day."""
    return _ISO.fullmatch(text) is not None


def month_first(texts: Iterable[str]) -> bool:
    """Whether these days, which one author wrote, can only be read with the month first: one has no 13th
    month, as "12/31/2025", and none says the opposite."""
    found = [match for text in texts if (match := _DAY_FIRST.fullmatch(text.strip()[:60]))]
    return any(int(one[2]) > 12 for one in found) and not any(int(one[1]) > 12 for one in found)


def meant(text: str, *, american: bool = False) -> date | None:
    """The day that is meant by any common way of writing; where day and month could be either, the day
    comes first, as it does all over Europe, but for `american` ones."""
    text = text.strip()[:60].lower()
    if (found := _ISO_LOOSE.fullmatch(text)) is not None:
        return _day(found[1], found[2], found[3])
    if (found := _DAY_FIRST.fullmatch(text)) is not None:
        days = (_day(found[3], found[2], found[1]), _day(found[3], found[1], found[2]))
        return (days[1] or days[0]) if american else (days[0] or days[1])
    if (found := _IN_WORDS.fullmatch(text)) is not None:
        day, month, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        if month[:3] in _MONTHS:
            return _day(year, str(_MONTHS.index(month[:3]) + 1), day)
    return None


def period(text: str) -> tuple[date, date] | None:
    """The period that is meant, from its first to its last day."""
    parts = [part for part in _BETWEEN.split(text.strip()[:120]) if part]
    if len(parts) == 6 and "/" in text:
        # DD/MM/YYYY/DD/MM/YYYY, or the same with the year first.
        parts = ["/".join(parts[:3]), "/".join(parts[3:])]
    if len(parts) != 2:
        days = re.findall(r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}", text[:120])
        parts = days if len(days) == 2 else []
    found = [meant(part, american=month_first(parts)) for part in parts]
    if len(found) == 2 and found[0] is not None and found[1] is not None:
        return found[0], found[1]
    return None


def written(start: date, end: date) -> str:
    """A period as a report has it."""
    return f"{start.isoformat()}/{end.isoformat()}"


def usual(start: date, end: date) -> bool:
    """True for a calendar year and for either half of one."""
    first, last = (start.month, start.day), (end.month, end.day)
    return start.year == end.year and (first, last) in (
        ((1, 1), (12, 31)),
        ((1, 1), (6, 30)),
        ((7, 1), (12, 31)),
    )


def two_months_after(end: date) -> date:
    """The last day for publishing: two months after the end. After the last day of a month it is
    the last of a month too, which is the kinder way of counting."""
    year, month = (end.year + 1, end.month - 10) if end.month > 10 else (end.year, end.month + 2)
    for day in range(31 if end.day >= 30 else end.day, 27, -1):
        if (found := _day(str(year), str(month), str(day))) is not None:
            return found
    return date(year, month, min(end.day, 28))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
