"""Which log: the one that is written to, that of a year, and the very first."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from fairnotice.ledger.models import Edge, Log


class NoLog(LookupError):
    """There is no log of that year."""


def newest() -> Log | None:
    """The log that is written to, or None before the first event. Reads only."""
    # Plain SQL: every act and every round asks this, and the query builder costs more than the answer.
    return next(iter(Log.objects.raw("SELECT * FROM ledger_log ORDER BY year DESC LIMIT 1")), None)


def current() -> Log:
    """The log that is written to; the very first is opened here, none other (ledger.rollover does that)."""
    return newest() or open_first()


def everyone() -> list[Log]:
    """All logs, oldest first."""
    return list(Log.objects.order_by("year"))


def by_year(year: int) -> Log:
    """The log of a year. Raises NoLog."""
    log = Log.objects.filter(year=year).first()
    if log is None:
        raise NoLog(f"there is no log of {year}")
    return log


def or_404(year: int | None) -> Log:
    """The log that an address names; without a year, the one from before there was one for each year. Raises
    Http404."""
    log = before_years() if year is None else Log.objects.filter(year=year).first()
    if log is None:
        raise Http404
    return log


def before_years() -> Log | None:
    """The log from before there was one for each year: its files lie at `/log/` itself."""
    return Log.objects.filter(place="").first()


def open_first(now: datetime | None = None) -> Log:
    """Open the log of this year (UTC) where there is none at all; otherwise the newest, unchanged."""
    found = newest()
    return found or open_year((now or timezone.now()).astimezone(UTC).year, now)


def origin_of(year: int) -> str:
    """The name of a year's log that is opened now."""
    return f"{settings.FN_ORIGIN}/{year}"


def open_year(year: int, now: datetime | None = None) -> Log:
    """A new log, empty, with its right edge: origin `<log_origin>/<year>`. Two that come together get the
    same."""
    names = {"origin": origin_of(year), "place": str(year), "opened_at": now or timezone.now()}
    with transaction.atomic():
        log, _made = Log.objects.get_or_create(year=year, defaults=names)
        Edge.objects.get_or_create(log=log)
    return log
