"""Statements on their way into the EU database as the desk sees them, and what changed about a decision
since: the database has no field for corrections and appeals, so their history is kept here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case as Choose
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, When

from fairnotice.cases import filings, sealed
from fairnotice.cases.actions.filing import filing_for
from fairnotice.cases.filing_leases import gate, place
from fairnotice.cases.models import AppealOutcome, Decision, Filing, FilingGate, MeasureStatus
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import ACTIONS, Actor
from fairnotice.ledger.models import Event

#: What a person has to look at first.
WAITING = ("held", "rejected")
STATES = ("held", "rejected", "queued", "sending", "accepted", "erased")


@dataclass(frozen=True)
class Step:
    """One thing that happened to a statement or its decision. `what` is a code of `review.words`; `day` is a
    further day that belongs to it, `detail` a code or an identifier, never a text of anybody."""

    at: datetime
    what: str
    detail: str = ""
    day: date | None = None
    since: bool = False


@dataclass(frozen=True)
class FilingView:
    """One statement with its texts, as the page shows it. `texts` are the words that would leave; `original`
    those of the decision; "" where they are erased."""

    filing: Filing
    texts: dict[str, str]
    original: dict[str, str]
    findings: list[filings.Finding]
    places: list[filings.Place]
    said: str
    reason: str
    steps: list[Step]
    erased: bool


def rows(actor: Actor, state: str = "") -> QuerySet[Filing]:
    """Those for the database of the settings, what waits for a person first. `state` narrows to one of
    STATES, or to "changed": in the database, and something changed since."""
    found = _visible(actor).select_related("decision__case")
    if state == "changed":
        return found.filter(_changed()).order_by("-id")
    if state:
        found = found.filter(state=state)
    return found.order_by(Choose(When(state__in=WAITING, then=Value(0)), default=Value(1)), "-id")


def _visible(actor: Actor) -> QuerySet[Filing]:
    return Filing.objects.filter(place=place(), decision__case__in=visible_cases(actor))


def _changed() -> Q:
    after = AppealOutcome.objects.filter(
        appeal__decision=OuterRef("decision"), decided_at__gt=OuterRef("accepted_at")
    ).exclude(outcome="upheld")
    undone = MeasureStatus.objects.filter(measure__decision=OuterRef("decision"), state="reversed")
    return Q(state="accepted") & (Exists(after) | Exists(undone))


def counts(actor: Actor) -> dict[str, int]:
    """How many there are in each state, and of how many something changed since."""
    found = dict(_visible(actor).values_list("state").annotate(n=Count("pk")).order_by())
    return {
        **{state: found.get(state, 0) for state in STATES},
        "changed": _visible(actor).filter(_changed()).count(),
    }


def waiting(actor: Actor) -> int:
    """How many wait for a person; 0 for roles that cannot let them go."""
    if not actor.roles & ACTIONS["file_statements"]:
        return 0
    return _visible(actor).filter(state__in=WAITING).count() + bool(gate_now().stopped_for)


def gate_now() -> FilingGate:
    """Whether sending was stopped, and since when."""
    return FilingGate.objects.filter(one=1).first() or FilingGate()


def view(actor: Actor, ref: str) -> FilingView:
    """Everything about one. Raises NotFound."""
    filing = filing_for(actor, ref)
    kept = sealed.read_many(filings.OWNER, filing.ref, ("said", "reason", *filings.TEXTS))
    original = sealed.read_many("decision", filing.decision.ref, filings.TEXTS)
    texts = {name: kept[name] or original[name] for name in filings.TEXTS}
    try:
        looked = filings.look(filing)
    except filings.TextsErased:
        looked = filings.Looked({})
    return FilingView(
        filing=filing,
        texts=texts,
        original=original if filing.edited else {},
        findings=looked.findings,
        places=looked.places,
        said=kept["said"],
        reason=kept["reason"],
        steps=history(filing.decision, filing),
        erased=not all(original.values()),
    )


_OWN = ("filing.prepared", "filing.held", "filing.released", "filing.rejected", "filing.accepted")


def history(decision: Decision, filing: Filing | None) -> list[Step]:
    """What happened, in order; `since` marks what the database does not know."""
    steps = [*_of_filing(filing), *_of_decision(decision)]
    known = filing.accepted_at if filing else None
    marked = [
        Step(
            one.at,
            one.what,
            one.detail,
            one.day,
            known is not None and one.at > known and one.what not in _OWN,
        )
        for one in steps
    ]
    return sorted(marked, key=lambda one: one.at)


def _of_filing(filing: Filing | None) -> Iterator[Step]:
    if filing is None:
        return
    own = Event.objects.filter(Q(pk=filing.event_id) | Q(follows=filing.event.record), kind__in=_OWN)
    for event in own.order_by("pk"):
        yield Step(event.at, event.kind, str(event.open.get("uuid") or event.open.get("reason") or ""))


def _of_decision(decision: Decision) -> Iterator[Step]:
    answers = AppealOutcome.objects.filter(appeal__decision=decision).order_by("pk")
    for answer in answers.prefetch_related("changes__measure"):
        yield Step(answer.decided_at, answer.outcome)
        for change in answer.changes.all():
            if change.change != "keep":
                yield Step(answer.decided_at, change.change, change.measure.kind, change.new_end)
    events = Event.objects.filter(follows=decision.event.record, kind="measure.ended")
    for event in events.order_by("pk"):
        yield Step(event.at, "ended")
    # What a later decision of the case put in the place of this one's measures.
    later = Decision.objects.filter(case=decision.case_id, pk__gt=decision.pk).values("event__record")
    for event in Event.objects.filter(follows__in=later, kind="measure.superseded").order_by("pk"):
        yield Step(event.at, "measure.superseded")


__all__ = ["FilingView", "Step", "counts", "gate", "gate_now", "history", "rows", "view", "waiting"]
