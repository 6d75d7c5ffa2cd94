"""What the people at the desk see. Sealed fields only for roles that may, never a notifier's contact."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from fairnotice.cases import involved, sealed
from fairnotice.cases.actions.inbox import ANSWER_REST
from fairnotice.cases.models import (
    ApiClient,
    Appeal,
    Case,
    Correction,
    Decision,
    DecisionStatus,
    Inbound,
    Measure,
    Notice,
    NoticeItem,
    Publication,
    Statement,
)
from fairnotice.cases.models.inbox import OPEN
from fairnotice.cases.people import case_for, visible_cases
from fairnotice.cases.permissions import ACTIONS, Actor
from fairnotice.cases.queries import evidence
from fairnotice.cases.queries.received import message_of
from fairnotice.ledger.models import OutboxRow

REVIEW_SOON = timedelta(days=30)


def may_see_sealed(actor: Actor) -> bool:
    """Auditors, administrators and publishers see no sealed field."""
    return bool(actor.roles & ACTIONS["see_sealed"])


def queue(actor: Actor, *, state: str = "", mine: bool = False, category: str = "") -> QuerySet[Case]:
    """Cases to look at, most urgent first; `state` "" is everything that waits for a decision."""
    cases = (
        visible_cases(actor)
        .select_related("claimed_by")
        .annotate(notices=Count("items__notice", distinct=True))
    )
    cases = cases.filter(state=state) if state else cases.filter(state__in=("open", "claimed", "awaiting"))
    if mine:
        cases = cases.filter(claimed_by_id=actor.user_id)
    if category:
        cases = cases.filter(category=category)
    return cases.order_by("level", "due_at", "id")


@dataclass(frozen=True)
class InboundView:
    """Who forwarded a notice to us, and how the answer stands. `undelivered`: it could not be sent, for now
    or for good. `sender` and `text` are empty where they are not for this role."""

    row: Inbound
    sender: str
    text: str
    undelivered: bool

    @property
    def open(self) -> bool:
        """Whether an answer can still be given."""
        return self.row.answer in OPEN


@dataclass(frozen=True)
class NoticeView:
    """One notice within a case. `named` and `reachable` say that a name or an address was given, never
    which."""

    ref: str
    received_at: Any
    state: str
    door: str
    source_type: str
    problem: str
    ground_kind: str
    clause: Any
    good_faith: bool | None
    named: bool
    reachable: bool
    why: str = ""
    law: str = ""
    note: str = ""
    chain: dict[str, Any] = field(default_factory=dict)
    siblings: tuple[str, ...] = ()
    client: ApiClient | None = None
    inbound: InboundView | None = None
    # What a program's report says besides, and whether the report itself is kept as it came in.
    report: dict[str, Any] = field(default_factory=dict)
    kept: bool = False
    # The message that it came as, for who may read that.
    message: str = ""
    # Files that came with it; nothing of them is shown here, each is opened on purpose.
    files: tuple[evidence.FileView, ...] = ()
    # What the notifier added later, with when; and since when all of it is erased.
    corrections: tuple[tuple[datetime, str], ...] = ()
    erased_at: datetime | None = None
    # Who at this service is involved, as far as the notifier says.
    involved: str = ""
    involved_role: str = ""


@dataclass(frozen=True)
class CaseView:
    """One case with everything this person may see of it. `sealed` is False where texts are withheld by
    role."""

    case: Case
    sealed: bool
    location: str
    notices: list[NoticeView]
    decisions: list[Decision]
    # The earlier case about this item, where this person may see it.
    previous: str = ""


def case_view(actor: Actor, ref: str) -> CaseView:
    """Raises NotFound."""
    case = case_for(actor, ref)
    may = may_see_sealed(actor)
    items = (
        NoticeItem.objects.filter(case=case)
        .select_related("notice__clause__version", "notice__client")
        .order_by("notice_id")
    )
    return CaseView(
        case=case,
        sealed=may,
        location=sealed.read_many("case", case.ref, ["location"])["location"] if may else "",
        notices=[_notice_view(actor, item, may) for item in items],
        decisions=list(
            case.decisions.select_related("status", "decided_by", "clause__version").order_by("-id")
        ),
        previous=visible_cases(actor).filter(later=case).values_list("ref", flat=True).first() or "",
    )


def _notice_view(actor: Actor, item: NoticeItem, may: bool) -> NoticeView:
    notice = item.notice
    wanted = ["why", "law", "report", "involved"]
    texts = sealed.read_many("notice", notice.ref, wanted) if may else dict.fromkeys(wanted, "")
    names = ["note", "chain"]
    said = sealed.read_many("item", item.ref, names) if may else dict.fromkeys(names, "")
    others = visible_cases(actor).filter(items__notice=notice).exclude(items=item)
    return NoticeView(
        ref=notice.ref,
        received_at=notice.received_at,
        state=notice.state,
        door=notice.door,
        source_type=notice.source_type,
        client=notice.client,
        problem=notice.problem,
        ground_kind=notice.ground_kind,
        clause=notice.clause,
        good_faith=notice.good_faith,
        named=sealed.exists("notice", notice.ref, "name"),
        reachable=sealed.exists("notice", notice.ref, "email"),
        why=texts["why"],
        law=texts["law"],
        note=said["note"],
        chain=json.loads(said["chain"] or "{}"),
        siblings=tuple(others.values_list("ref", flat=True).distinct()),
        inbound=_inbound_view(notice, may),
        report=json.loads(texts["report"] or "{}"),
        kept=notice.received.exists(),
        message=message_of(notice) if may else "",
        files=tuple(evidence.of_notice(actor, notice)),
        corrections=_corrections(notice) if may else (),
        erased_at=notice.erased_at,
        involved=texts["involved"],
        involved_role=involved.words(notice.involved_role),
    )


def _corrections(notice: Notice) -> tuple[tuple[datetime, str], ...]:
    rows = Correction.objects.filter(notice=notice)
    said = [(row.made_at, sealed.read_many("correction", row.ref, ["words"])["words"]) for row in rows]
    return tuple(said)


def _inbound_view(notice: Notice, may: bool) -> InboundView | None:
    row = Inbound.objects.filter(notice=notice).first()
    if row is None:
        return None
    names = ["sender", "answer"]
    said = sealed.read_many("inbound", row.ref, names) if may else dict.fromkeys(names, "")
    waiting = OutboxRow.objects.filter(kind=ANSWER_REST, ref=row.ref, done_at__isnull=True)
    return InboundView(row, said["sender"], said["answer"], waiting.exclude(error_code="").exists())


def decision_texts(actor: Actor, decision: Decision) -> dict[str, str]:
    """The sealed texts of a decision; all empty for a role that may not read them."""
    names = ["facts", "explanation", "necessity", "milder", "paraphrase", "withheld", "second_reason"]
    if not may_see_sealed(actor):
        return dict.fromkeys(names, "")
    return sealed.read_many("decision", decision.ref, names)


def rests_on(actor: Actor, decision: Decision) -> list[str]:
    """The references of the cases that a decision rests on, as far as this person may see them."""
    seen = set(visible_cases(actor).filter(ref__in=decision.rests_on).values_list("ref", flat=True))
    return [ref for ref in decision.rests_on if ref in seen]


# What people at the desk write about a case beside a decision; sealed under the case's key.
STAFF_TEXTS = {
    ("decision", "second_reason"),
    ("measure", "effect_note"),
    ("measure", "review_reason"),
    ("publication", "withheld_reason"),
    ("statement", "unreachable_reason"),
}


def staff_text(actor: Actor, owner: str, row: str, which: str) -> str:
    """One of STAFF_TEXTS; "" for a role that may not read it, and where it was erased. The caller found the
    row through this actor's visible cases. Raises KeyError for any other sealed value."""
    if (owner, which) not in STAFF_TEXTS:
        raise KeyError(f"{owner}.{which}")
    return sealed.read_many(owner, row, [which])[which] if may_see_sealed(actor) else ""


def seconds(actor: Actor) -> QuerySet[DecisionStatus]:
    """Severe decisions that wait for a second person, those that lapse first on top."""
    return (
        DecisionStatus.objects.filter(state="proposed", decision__case__in=visible_cases(actor))
        .select_related("decision__case", "decider")
        .order_by("lapses_at")
    )


def statements_to_send(actor: Actor) -> QuerySet[Statement]:
    """Statements to affected parties that have not gone out and wait for somebody: letters to print, mails
    on their way or failed."""
    return _untold(actor).filter(status__state__in=("queued", "failed")).order_by("made_at")


def unreachable(actor: Actor) -> QuerySet[Statement]:
    """Statements of which it is recorded why nobody could be told, the newest first. They wait for nothing,
    but another way may still be found."""
    return _untold(actor).filter(status__state="unreachable").order_by("-made_at")


def _untold(actor: Actor) -> QuerySet[Statement]:
    return Statement.objects.filter(
        audience="affected", decision__case__in=visible_cases(actor)
    ).select_related("status", "decision__case")


def measures(actor: Actor, *, effect: str = "") -> QuerySet[Measure]:
    """Measures that the service still has to carry out or undo; `effect` narrows to one kind."""
    rows = Measure.objects.filter(decision__case__in=visible_cases(actor)).select_related(
        "status", "decision__case"
    )
    wanted = [effect] if effect else ["pending", "failed", "restoring", "restore_failed"]
    return rows.filter(status__effect__in=wanted).order_by("status__in_force_at", "id")


def to_review(actor: Actor) -> QuerySet[Measure]:
    """Measures in force that are to be looked at again within 30 days, or should have been; the soonest
    first. Without a review they lapse on their day."""
    return (
        Measure.objects.filter(decision__case__in=visible_cases(actor), status__state="in_force")
        .annotate(due=Coalesce("status__review_again", "review"))
        .filter(due__lte=timezone.localdate() + REVIEW_SOON)
        .select_related("status", "decision__case")
        .order_by("due", "id")
    )


def appeals(actor: Actor, *, decided: bool = False) -> QuerySet[Appeal]:
    """Appeals that wait for an answer (or those answered), oldest deadline first."""
    rows = Appeal.objects.filter(decision__case__in=visible_cases(actor)).select_related(
        "status__claimed_by", "decision__case", "decision__decided_by"
    )
    waiting = ("received", "claimed")
    rows = rows.exclude(status__state__in=waiting) if decided else rows.filter(status__state__in=waiting)
    return rows.order_by("status__due_at")


def appeal_reasons(actor: Actor, appeal: Appeal) -> str:
    """What the appellant wrote, for roles that may read it."""
    return sealed.read_many("appeal", appeal.ref, ["reasons"])["reasons"] if may_see_sealed(actor) else ""


def publications(actor: Actor, *, state: str = "drafted") -> QuerySet[Publication]:
    """Entries on their way to the register; drafts of decisions that have not taken effect are left out."""
    rows = Publication.objects.filter(decision__case__in=visible_cases(actor), state=state)
    if state == "drafted":
        waiting = Measure.objects.filter(status__state="proposed")
        rows = rows.exclude(decision__status__state="proposed").exclude(
            decision__in=waiting.values("decision")
        )
    return rows.select_related("decision__status", "drafted_by", "approved_by").order_by("id")


#: List of the desk -> how much waits in it for somebody, for the navigation.
COUNTS: dict[str, Callable[[Actor], int]] = {
    "queue": lambda actor: queue(actor).count(),
    "seconds": lambda actor: seconds(actor).count(),
    "statements": lambda actor: statements_to_send(actor).count(),
    "measures": lambda actor: measures(actor).count() + to_review(actor).count(),
    "appeals": lambda actor: appeals(actor).count(),
    "publications": lambda actor: publications(actor).count(),
}
