"""Emergencies as the desk sees them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from fairnotice.cases import sealed
from fairnotice.cases.actions.emergency import emergency_for
from fairnotice.cases.models import Case, Emergency, EmergencyAlert
from fairnotice.cases.people import hidden_notices, visible_cases
from fairnotice.cases.permissions import ACTIONS, Actor

OPEN = ("open", "acknowledged")


def emergencies(actor: Actor, *, past: bool = False) -> QuerySet[Emergency]:
    """Those that wait for somebody, the oldest first; or `past` ones, the newest first."""
    rows = _visible(actor).select_related("notice", "acknowledged_by", "assessed_by")
    if past:
        return rows.filter(state="assessed").order_by("-id")
    return rows.filter(state__in=OPEN).order_by("id")


def unacknowledged(actor: Actor) -> int:
    """How many wait for somebody to say that they look after them; 0 for a role that cannot.

    Mostly none does, and then nobody has to ask about whom they are.
    """
    if not Emergency.objects.filter(state="open").exists():
        return 0
    return _visible(actor).filter(state="open").count()


def _visible(actor: Actor) -> QuerySet[Emergency]:
    if not actor.roles & ACTIONS["handle_emergency"]:
        return Emergency.objects.none()
    return Emergency.objects.exclude(notice__in=hidden_notices(actor).values("pk"))


@dataclass(frozen=True)
class EmergencyView:
    """One emergency: what the notifier wrote, where it is, every alert, and the cases it is in."""

    row: Emergency
    why: str
    words: str
    places: list[str]
    alerts: list[EmergencyAlert]
    cases: list[Case]


def emergency_view(actor: Actor, ref: str) -> EmergencyView:
    """Raises NotFound, Forbidden."""
    found = emergency_for(actor, ref)
    items = found.notice.items.order_by("position")
    places = [sealed.read_many("item", item.ref, ["location"])["location"] for item in items]
    return EmergencyView(
        row=found,
        why=sealed.read_many("emergency", found.ref, ["why"])["why"],
        words=sealed.read_many("notice", found.notice.ref, ["why"])["why"],
        places=[place for place in places if place],
        alerts=list(found.alerts.all()),
        cases=list(visible_cases(actor).filter(items__notice=found.notice).distinct().order_by("id")),
    )
