"""What came in and is no notice yet, for the desk; and how each door does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from fairnotice.cases.models import Notice, Received
from fairnotice.law.doors import DOORS

#: What a person has to look at.
WAITING = ("waiting", "held")


def received(*, state: str = "", door: str = "") -> QuerySet[Received]:
    """What came in, the newest first; `state` "" is all that waits for a person, the oldest first."""
    rows = Received.objects.select_related("notice")
    if door:
        rows = rows.filter(door=door)
    if state:
        return rows.filter(state=state).order_by("-id")
    return rows.filter(state__in=WAITING).order_by("id")


def unread(limit: int) -> list[Received]:
    """What waits to be read by the program, the oldest first."""
    return list(Received.objects.select_related("event").filter(state="new").order_by("id")[:limit])


@dataclass(frozen=True)
class DoorView:
    """How one door does: what came through it, lately and ever, and what could not be settled."""

    slug: str
    label: str
    notices: int
    notices_30_days: int
    last: datetime | None
    waiting: int
    held: int
    passed_on: int
    unread: int


def doors() -> list[DoorView]:
    """One row for each door, in the table's order. Counts of notices and messages, never of people."""
    since = timezone.now() - timedelta(days=30)
    notices: dict[str, dict[str, Any]] = {
        row["door"]: dict(row)
        for row in Notice.objects.values("door").annotate(
            count=Count("id"), lately=Count("id", filter=Q(received_at__gte=since)), last=Max("received_at")
        )
    }
    counted: dict[str, Any] = {
        name: Count("id", filter=Q(state=name)) for name in ("waiting", "held", "passed_on", "new")
    }
    messages: dict[str, dict[str, Any]] = {
        row["door"]: dict(row)
        for row in Received.objects.values("door").annotate(last=Max("received_at"), **counted)
    }
    return [_door(slug, notices.get(slug, {}), messages.get(slug, {})) for slug in DOORS]


def _door(slug: str, notices: dict[str, Any], messages: dict[str, Any]) -> DoorView:
    times = [row["last"] for row in (notices, messages) if row.get("last")]
    return DoorView(
        slug=slug,
        label=DOORS[slug],
        notices=notices.get("count", 0),
        notices_30_days=notices.get("lately", 0),
        last=max(times, default=None),
        waiting=messages.get("waiting", 0),
        held=messages.get("held", 0),
        passed_on=messages.get("passed_on", 0),
        unread=messages.get("new", 0),
    )
