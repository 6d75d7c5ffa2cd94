"""By when something must have happened, and what goes first. Pure: every date comes in as an argument."""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fairnotice.law import enums, problems
from fairnotice.law.words import gettext_noop

# DSA article 20(1): open for at least six months from the day on which the person was informed.
APPEAL_MONTHS = 6

# A measure on an account or a service lapses after this unless a second person confirmed it.
SECOND_PERSON_HOURS = 72

Level = Literal[1, 2, 3, 4]

# Level -> hours from receipt until a person should have decided. The DSA says "timely" and gives no number;
# these are our own promise, level 1 being a possible threat to somebody's life.
CASE_HOURS: dict[Level, int] = {1: 4, 2: 24, 3: 72, 4: 168}


@dataclass(frozen=True, slots=True)
class Priority:
    """How soon a case is looked at: 1 first, 4 last, with every reason in plain English words."""

    level: Level
    reasons: tuple[str, ...]


def appeal_until(informed: date, months: int = APPEAL_MONTHS) -> date:
    """The last day of the time for appeal: the same day of the month, `months` calendar months later.

    Where that month is shorter it is the last day of it (Regulation (EEC, Euratom) 1182/71, article 3(2)).
    Raises ValueError for fewer than six months (DSA article 20(1)).
    """
    if months < APPEAL_MONTHS:
        raise ValueError(f"an appeal stays open for at least {APPEAL_MONTHS} months, not {months}")
    years, month0 = divmod(informed.month - 1 + months, 12)
    year, month = informed.year + years, month0 + 1
    return date(year, month, min(informed.day, calendar.monthrange(year, month)[1]))


def priority(flags: Collection[str], trusted: bool, source: str) -> Priority:
    """How soon a case is looked at, and why.

    `flags`: those of all problems named in its notices. `trusted`: a notice of a trusted flagger, a status
    given by a public coordinator, never by us (DSA article 22). `source`: a code of enums.SOURCE_TYPES.
    Authorities and paying customers raise nothing: there is no argument for them. Raises ValueError for an
    unknown flag or source.
    """
    unknown = set(flags) - problems.FLAGS
    if unknown:
        raise ValueError(f"unknown flags: {', '.join(sorted(unknown))}")
    if source not in enums.SOURCE_TYPES:
        raise ValueError("unknown source of the notice")
    found: list[tuple[Level, str]] = []
    if problems.LIFE in flags:
        found.append((1, gettext_noop("Somebody’s life or safety may be in danger.")))
    if problems.MINORS in flags:
        found.append((1, gettext_noop("A child is concerned.")))
    if problems.INTIMATE in flags:
        found.append((2, gettext_noop("Intimate pictures spread further every hour.")))
    if trusted or source == "SOURCE_TRUSTED_FLAGGER":
        found.append((2, gettext_noop("A trusted flagger sent a notice.")))
    if source != "SOURCE_VOLUNTARY":
        found.append((3, gettext_noop("Somebody outside is waiting for an answer.")))
    else:
        found.append((4, gettext_noop("Found by the service itself; nobody outside is waiting.")))
    return Priority(min(level for level, _ in found), tuple(reason for _, reason in found))


def case_due(received: datetime, level: Level) -> datetime:
    """By when a case of this level should be decided. Raises ValueError where `received` has no zone."""
    if received.tzinfo is None:
        raise ValueError("a time without its zone is no moment")
    return received + timedelta(hours=CASE_HOURS[level])
