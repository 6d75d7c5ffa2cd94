"""What is to be sent and has not gone out: what each piece is about, never what it says or to which
address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from fairnotice.cases import carrying_out, services, subscribing
from fairnotice.cases.actions import (
    emergency,
    forward_customer,
    forward_send,
    inbox,
    period_reports,
    receive,
    trusted_people,
)
from fairnotice.cases.models import (
    Case,
    CustomerLetter,
    Emergency,
    Forward,
    Inbound,
    Measure,
    Notice,
    PeriodReport,
    Received,
    Statement,
    Subscriber,
)
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import ACTIONS, Actor
from fairnotice.ledger.models import OutboxRow

#: Kind of a row -> the table that its reference is of, and the way from there to the cases that it is about.
ABOUT: dict[str, tuple[type[Model], str]] = {
    "notice-received": (Notice, "items__case"),
    "statement": (Statement, "decision__case"),
    forward_send.NEWS: (Notice, "items__case"),
    forward_send.MAIL: (Forward, "item__case"),
    forward_send.REST: (Forward, "item__case"),
    forward_customer.CUSTOMER: (CustomerLetter, "item__case"),
    inbox.ANSWER_REST: (Inbound, "notice__items__case"),
    carrying_out.KIND: (Measure, "decision__case"),
    services.EFFECT: (Measure, "decision__case"),
    services.REPORT: (Case, "items__case"),
    # Of no case before somebody has made a notice of it.
    receive.RECEIPT: (Received, "notice__items__case"),
    receive.PASSED_ON: (Received, "notice__items__case"),
    **dict.fromkeys(emergency.KINDS, (Emergency, "notice__items__case")),
    trusted_people.KIND: (Notice, "items__case"),
    # Of no case at all.
    period_reports.WEEKLY: (PeriodReport, ""),
    **dict.fromkeys(subscribing.KINDS, (Subscriber, "")),
}
STATES = ("failed", "retrying", "sending", "queued")


@dataclass(frozen=True)
class Outgoing:
    """One row as the desk sees it. `state` is one of STATES; `reader` is the kind, for a statement with its
    side; `reason` is an error code or ""; `next_try` is None where nothing happens by itself."""

    number: int
    kind: str
    reader: str
    state: str
    reason: str
    attempts: int
    since: datetime
    next_try: datetime | None
    cases: tuple[str, ...]


def rows(actor: Actor, *, state: str = "") -> QuerySet[OutboxRow]:
    """What has not gone out, what failed for good on top; without what is about a case that this person may
    not see. `state` narrows to one of STATES. Nothing for a role that cannot do anything about it."""
    found = OutboxRow.objects.filter(done_at__isnull=True)
    if not actor.roles & ACTIONS["resend"]:
        return found.none()
    hidden = Case.objects.exclude(pk__in=visible_cases(actor).values("pk"))
    for kind, (model, way) in ABOUT.items():
        if not way:
            continue
        theirs = model._default_manager.filter(**{f"{way}__in": hidden})
        found = found.exclude(kind=kind, ref__in=theirs.values("ref"))
    if state:
        found = found.filter(_in_state(state))
    return found.order_by("-dead", "due_at", "id")


def _in_state(state: str) -> Q:
    held = Q(leased_until__gt=timezone.now(), dead=False)
    return {
        "failed": Q(dead=True),
        "sending": held,
        "retrying": Q(dead=False) & ~held & ~Q(error_code=""),
        "queued": Q(dead=False, error_code="") & ~held,
    }[state]


def failed(actor: Actor) -> int:
    """How many wait for a person. Mostly none does, and then nobody has to ask about whom they are."""
    if not OutboxRow.objects.filter(done_at__isnull=True, dead=True).exists():
        return 0
    return rows(actor, state="failed").count()


def views(found: list[OutboxRow]) -> list[Outgoing]:
    """As the desk shows them."""
    cases = _cases_of(found)
    told = Statement.objects.filter(ref__in=[row.ref for row in found if row.kind == "statement"])
    sides = dict(told.values_list("ref", "audience"))
    return [_view(row, tuple(cases.get((row.kind, row.ref), ())), sides.get(row.ref, "")) for row in found]


def _view(row: OutboxRow, cases: tuple[str, ...], side: str) -> Outgoing:
    held = row.leased_until is not None and row.leased_until > timezone.now()
    waits = "retrying" if row.error_code else "queued"
    return Outgoing(
        number=row.pk,
        kind=row.kind,
        reader=f"{row.kind}-{side}" if side else row.kind,
        state="failed" if row.dead else "sending" if held else waits,
        reason=row.error_code,
        attempts=row.attempts,
        since=row.queued_at,
        next_try=None if row.dead or held else row.due_at,
        cases=cases,
    )


def _cases_of(found: list[OutboxRow]) -> dict[tuple[str, str], list[str]]:
    known: dict[tuple[str, str], list[str]] = {}
    for kind, (model, way) in ABOUT.items():
        refs = {row.ref for row in found if row.kind == kind}
        if not refs or not way:
            continue
        pairs = model._default_manager.filter(ref__in=refs).values_list("ref", f"{way}__ref")
        for ref, case in pairs.order_by(f"{way}__id").distinct():
            if case:
                known.setdefault((kind, ref), []).append(case)
    return known
