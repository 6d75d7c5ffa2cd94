"""Whether the public data has every day of a period, for some platforms. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fairnotice.observatory.result import Input
from fairnotice.observatory.store import GLOBAL

_NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Coverage:
    """`days`: how many the period has; `missing`: spans (first, last) of days that are not there; `damaged`:
    days of which some parts could not be read."""

    since: date
    until: date
    days: int
    missing: tuple[tuple[date, date], ...]
    damaged: tuple[date, ...]

    @property
    def there(self) -> int:
        """How many days there are."""
        return self.days - sum((last - first).days + 1 for first, last in self.missing)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing and not self.damaged


def slug(name: str) -> str:
    """A platform's name as it stands in the names of dumps: "Bay of Things" is "bay-of-things"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NO_SLUG.sub("-", plain).strip("-")


def _bare(scope: str) -> str:
    """Without hyphens: whether "Shop.com" becomes "shop-com" or "shopcom" is the database's to say."""
    return scope.replace("-", "")


def coverage(inputs: Iterable[Input], platforms: Collection[str], since: date, until: date) -> Coverage:
    """A day is there where a dump of all platforms is, or one of each of these; of any, where none is
    named."""
    wanted = {_bare(slug(name)) for name in platforms}
    scopes: dict[date, set[str]] = {}
    damaged: set[date] = set()
    for one in inputs:
        scope = _bare(one.scope)
        if scope != GLOBAL and wanted and scope not in wanted:
            continue
        scopes.setdefault(one.day, set()).add(scope)
        if not one.whole:
            damaged.add(one.day)
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    lacking = [day for day in days if not _has(scopes.get(day, set()), wanted)]
    inside = tuple(sorted(day for day in damaged if since <= day <= until))
    return Coverage(since, until, len(days), tuple(spans(lacking)), inside)


def spans(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days in order as (first, last) of those that follow each other."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _has(scopes: set[str], wanted: set[str]) -> bool:
    return GLOBAL in scopes or bool(scopes if not wanted else wanted <= scopes)
