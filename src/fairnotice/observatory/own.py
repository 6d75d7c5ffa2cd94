"""This instance's own cases as one side of a comparison: the counts that its report would have, and the same
measures as if they had been filed.

Reads the counted facts alone: codes and moments, nothing that is sealed. Small numbers stand in it as they
are: it is for whoever runs the service, not for a public page.
"""

from __future__ import annotations

from datetime import UTC

from django.db.models import Min

from fairnotice.cases.counting import facts
from fairnotice.cases.counting.counts import count
from fairnotice.cases.counting.period import Period
from fairnotice.cases.models import MeasureStatus
from fairnotice.cases.reporting.services import service_name
from fairnotice.law.measures import NO_ACTION
from fairnotice.observatory.comparing.comparison import Own
from fairnotice.observatory.comparing.definitions import COMPARED
from fairnotice.observatory.comparing.measures import LAW, TERMS, Cell, Kind, Practice
from fairnotice.observatory.comparing.peers import ranked
from fairnotice.observatory.comparing.reported import Reported

_GROUNDS = {"law": LAW, "rules": TERMS}


def reported(period: Period) -> Reported:
    """The figures that a report of this period has, counted now."""
    counted = count(period)
    figures: dict[Cell, int] = {}
    for one in COMPARED:
        for row in one.rows if one.part != 8 else ("",):
            figures[one.id, row] = counted.count(one.id, row)
    name = service_name()
    return Reported(name, (name,), period.first, period.last, figures)


def practice(period: Period) -> Own:
    """The measures that took effect in the period, in the codes of the database, and how long they took."""
    found = Practice()
    for fact in facts.measures(period.start, period.end):
        kind = Kind(
            fact.kind,
            fact.category,
            _GROUNDS.get(fact.ground, ""),
            fact.source,
            "Yes" if fact.automated_detection else "No",
            fact.automated_decision,
        )
        found.measures[kind] += 1
    days = _days(period)
    found.statements = len(days)
    waited = sorted(day for day in days if day >= 0)
    return Own(found, ranked(waited, 0.5) if waited else None)


def _days(period: Period) -> list[int]:
    """Days from the content to the first measure that took effect, one for each decision; below zero where
    the content is said to be younger than what was done about it."""
    begun = (
        MeasureStatus.objects.filter(
            measure__replaces__isnull=True, in_force_at__gte=period.start, in_force_at__lt=period.end
        )
        .exclude(measure__kind=NO_ACTION)
        .order_by()
        .values_list("measure__decision_id", "measure__decision__content_date")
        .annotate(at=Min("in_force_at"))
    )
    return [(at.astimezone(UTC).date() - content).days for _decision, content, at in begun.iterator()]
