"""Forwarded notices: what the notifier, the organisation that is asked, and the desk may see of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from fairnotice.cases import sealed
from fairnotice.cases.actions.forward_customer import why_not
from fairnotice.cases.actions.forward_send import KINDS
from fairnotice.cases.models import (
    AccessCode,
    Case,
    CustomerLetter,
    ForwardAnswer,
    ForwardLetter,
    ForwardStatus,
    NoticeItem,
)
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import ACTIONS, Actor
from fairnotice.law.states import allowed
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import codes

WAITING = ("sending", "dispatched", "reminded", "overdue", "taken")


def own_forwards(access: AccessCode) -> list[ForwardStatus]:
    """All that the notifier's own notice is named for, by item and nearness."""
    rows = _rows().filter(forward__item__notice=access.notice)
    return list(rows.order_by("forward__item__position", "forward__position"))


def answer_texts(statuses: list[ForwardStatus]) -> dict[int, list[str]]:
    """What the organisations wrote with their answers, by forward, for the notifier; erased ones left out."""
    found: dict[int, list[str]] = {}
    rows = ForwardAnswer.objects.filter(forward__in=[s.pk for s in statuses], text_length__gt=0)
    for row in rows.order_by("id"):
        text = sealed.read_many("forward-answer", row.ref, ["text"])["text"]
        if text:
            found.setdefault(row.forward_id, []).append(text)
    return found


@dataclass(frozen=True)
class Asked:
    """What the organisation sees behind its token. `location` is "" where it is erased or not needed."""

    status: ForwardStatus
    location: str
    open: bool


def asked(status: ForwardStatus) -> Asked:
    """The page behind a token: it shows the place only while an answer is still possible."""
    is_open = "answer" in allowed("forward", status.state)
    item = status.forward.item
    location = sealed.read_many("item", item.ref, ["location"])["location"] if is_open else ""
    return Asked(status, location, is_open)


@dataclass(frozen=True)
class ForwardView:
    """One forward as the desk sees it. `delivery` is the outbox row of its last letter, `acts` what can be
    done by hand; words are empty for a role that sees no sealed field."""

    status: ForwardStatus
    delivery: OutboxRow | None
    acts: frozenset[str]
    answers: list[tuple[ForwardAnswer, str]] = field(default_factory=list)
    letters: list[tuple[ForwardLetter, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ItemForwards:
    """One item of a case with all that is asked about it, and its letters to the operator's customer."""

    item: NoticeItem
    forwards: list[ForwardView]
    customer: list[CustomerLetter]
    customer_refusal: str

    @property
    def runs(self) -> bool:
        """Whether there is something to stop."""
        return any("stop" in view.acts for view in self.forwards)


def of_case(actor: Actor, case: Case) -> list[ItemForwards]:
    """The items of a case of which somebody else is, or can be, told. Empty for a role that sees no sealed
    field: an organisation's name leads to the place."""
    if not actor.roles & ACTIONS["see_sealed"]:
        return []
    items = (
        NoticeItem.objects.filter(case=case)
        .select_related("notice", "case")
        .order_by("notice_id", "position")
    )
    found = []
    for item in items:
        statuses = list(_rows().filter(forward__item=item).order_by("forward__position"))
        customer = list(item.customer_letters.order_by("id"))
        refusal = why_not(item)
        if statuses or customer or not refusal:
            found.append(ItemForwards(item, _views(statuses), customer, refusal))
    return found


def forwards(actor: Actor, *, state: str = "") -> QuerySet[ForwardStatus]:
    """Forwards that are on their way or wait for an answer, those due first; `state` narrows to one."""
    rows = _rows().filter(forward__item__case__in=visible_cases(actor))
    rows = rows.filter(state=state) if state else rows.filter(state__in=WAITING)
    return rows.order_by("due_at", "pk")


def views(statuses: list[ForwardStatus]) -> list[ForwardView]:
    """As the desk shows them."""
    return _views(statuses)


def letters_waiting(actor: Actor) -> QuerySet[ForwardLetter]:
    """Letters that no program could read and that nobody has looked at: of cases this person may see, and
    those that belong to none."""
    theirs = Q(forward=None) | Q(forward__item__case__in=visible_cases(actor))
    return (
        ForwardLetter.objects.filter(theirs, handled_at=None, automatic=False)
        .select_related("forward__item__case")
        .order_by("id")
    )


def letter_text(actor: Actor, letter: ForwardLetter) -> str:
    """What a letter says, for roles that may read it; the caller found it by `letters_waiting`."""
    if not actor.roles & ACTIONS["see_sealed"]:
        return ""
    return sealed.read_many("forward-letter", letter.ref, ["text"])["text"]


def _rows() -> QuerySet[ForwardStatus]:
    return ForwardStatus.objects.select_related(
        "forward__item__notice", "forward__item__case", "forward__event", "forward__consent"
    )


def _views(statuses: list[ForwardStatus]) -> list[ForwardView]:
    refs = [status.forward.ref for status in statuses]
    last: dict[str, OutboxRow] = {
        row.ref: row for row in OutboxRow.objects.filter(kind__in=KINDS, ref__in=refs).order_by("id")
    }
    found = []
    for status in statuses:
        acts = frozenset(allowed("forward", status.state))
        answers = [
            # Another service may answer with a code that opens its decision, for the notifier alone.
            (row, codes.covered(sealed.read_many("forward-answer", row.ref, ["text"])["text"]))
            for row in status.forward.answers.select_related("recorded_by").order_by("id")
        ]
        letters = [
            (row, sealed.read_many("forward-letter", row.ref, ["text"])["text"])
            for row in status.forward.letters.order_by("id")
        ]
        found.append(ForwardView(status, last.get(status.forward.ref), acts, answers, letters))
    return found
