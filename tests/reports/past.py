"""A past of many notices, decisions and appeals: each is a copy of one that came in by the real doors, with another day,
kind of problem, source or language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import models

from fairnotice.cases.models import (
    Appeal,
    AppealOutcome,
    AppealStatus,
    Case,
    Decision,
    DecisionStatus,
    Measure,
    MeasureStatus,
    Notice,
)
from fairnotice.cases.models.fields import new_ref
from tests.register.entries import Desk

Row = TypeVar("Row", bound=models.Model)
SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
FRAUD = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
HARM = "STATEMENT_CATEGORY_SELF_HARM"
DISABLED, LABEL = "DECISION_VISIBILITY_CONTENT_DISABLED", "DECISION_VISIBILITY_CONTENT_LABELLED"


def at(year: int, month: int, day: int = 10) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def copies(row: Row, count: int, **changes: Any) -> list[Row]:
    """So many new rows like this one; a changed value that is a list has one for each."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values.pop("id", None)
    made = []
    for number in range(count):
        own = {name: value[number] if isinstance(value, list) else value for name, value in changes.items()}
        made.append(type(row)(**{**values, **({"ref": new_ref()} if "ref" in values else {}), **own}))
    return list(type(row)._default_manager.bulk_create(made, batch_size=2000))


class Past:
    """`decision` is one whose appeal was partly successful; what is copied is taken from it."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.decision = self.desk.decide()
        self.desk.reverse_in_part(self.decision)
        self.notice = Notice.objects.get()
        # The three that came in today are in no period that is over.
        self.appeal = Appeal.objects.get()

    def notices(self, count: int, when: datetime, **changes: Any) -> None:
        copies(self.notice, count, received_at=when, **{"category": SPEECH, **changes})

    def decisions(
        self, count: int, when: datetime, hours: float = 5, kind: str = DISABLED, **changes: Any
    ) -> Sequence[Decision]:
        """Decisions with one measure each, so many hours after the notice."""
        closed = {"item_key": None, "state": "closed", "closed_at": when, "claimed_by_id": None}
        cases = copies(
            Case.objects.get(pk=self.decision.case_id),
            count,
            opened_at=when - timedelta(hours=hours),
            **closed,
        )
        made = copies(
            self.decision,
            count,
            case_id=[case.pk for case in cases],
            decided_at=when,
            **{"category": SPEECH, **changes},
        )
        status = DecisionStatus.objects.get(pk=self.decision.pk)
        copies(status, count, decision_id=[one.pk for one in made], state="in_force")
        if not changes.get("no_action"):
            measure = self.decision.measures.get(replaces=None)
            taken = copies(measure, count, decision_id=[one.pk for one in made], kind=kind)
            before = MeasureStatus.objects.get(pk=measure.pk)
            copies(before, count, measure_id=[one.pk for one in taken], state="in_force", effect="confirmed")
        return made

    def appeals(self, count: int, when: datetime, outcome: str = "upheld", **changes: Any) -> None:
        """Decisions a day before, each appealed against and answered on the day; where one was reversed, its measure
        was restored."""
        made = self.decisions(count, when - timedelta(days=1), **changes)
        lodged = copies(self.appeal, count, decision_id=[one.pk for one in made], received_at=when)
        status = AppealStatus.objects.get(pk=self.appeal.pk)
        copies(status, count, appeal_id=[one.pk for one in lodged], state=outcome)
        answer = AppealOutcome.objects.get(appeal=self.appeal)
        copies(answer, count, appeal_id=[one.pk for one in lodged], outcome=outcome, decided_at=when)
        if outcome == "reversed":
            taken = Measure.objects.filter(decision__in=made)
            MeasureStatus.objects.filter(measure__in=taken).update(effect="restored", effect_at=when)


def two_years(past: Past) -> None:
    """All of 2025 and the first half of 2026, with much of one kind, some of another and little of a third."""
    for year, months in ((2025, range(1, 13)), (2026, range(1, 7))):
        for month in months:
            when = at(year, month)
            past.notices(20 + month, when, language="en", source_type="SOURCE_ARTICLE_16")
            past.notices(12, when, category=FRAUD, language="de")
            past.notices(1 + month % 4, when, category=HARM, door="json", language="fr")
            past.notices(3, when, source_type="SOURCE_TRUSTED_FLAGGER", language="x1")
            past.decisions(15, when, hours=5)
            past.decisions(12, when, hours=60, category=FRAUD)
            past.decisions(10, when, hours=700, no_action=True)
            past.decisions(2, when, hours=2, category=HARM, kind=LABEL)
            past.appeals(3, when, "upheld")
            past.appeals(2, when, "reversed")
    past.notices(60, at(2026, 6), category=FRAUD)
