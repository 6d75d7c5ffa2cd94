"""Whether a case is held back from erasure."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from fairnotice.cases.models import Case, Hold


def standing(today: date | None = None) -> QuerySet[Hold]:
    """The holds in force."""
    return Hold.objects.filter(ended_at=None, until__gte=today or timezone.localdate())


def held(case: Case, today: date | None = None) -> bool:
    """Whether this case is held."""
    return standing(today).filter(case=case).exists()
