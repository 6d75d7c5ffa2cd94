"""Letters to the organisations that were confirmed, one after the other, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.models import ForwardStatus, ForwardToken, Notice, NoticeItem
from fairnotice.cases.models.forward import RUNNING
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE, step
from fairnotice.law.forwarding import answer_due
from fairnotice.law.states import allowed
from fairnotice.ledger import outbox
from fairnotice.ledger.append import append
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import codes as vault_codes
from fairnotice.vault import keys
from fairnotice.vault.errors import Erased

if TYPE_CHECKING:
    from django.db.models import QuerySet

    Statuses: TypeAlias = QuerySet[ForwardStatus]

MAIL, REST, NEWS = "forward-mail", "forward-rest", "forward-news"
KINDS = (MAIL, REST)
# Who answers for good; "not ours" sends it on to the next.
_FINAL = ("too_old", "answered")


def move(status: ForwardStatus, act: str, **changes: Any) -> None:
    """Do `act` where the row still is as it was read. Part of an action. Raises Refused where the table of
    `law.states` has no such act, Conflict where somebody else was faster."""
    state = step("forward", status.state, act)
    changes = {**changes, "state": state, "changed_at": timezone.now()}
    same = ForwardStatus.objects.filter(pk=status.pk, version=status.version)
    if not same.update(version=F("version") + 1, **changes):
        raise Conflict(STALE)
    for name, value in changes.items():
        setattr(status, name, value)
    status.version += 1


def case_ref(item: NoticeItem) -> str:
    """The case that an event about this item belongs to."""
    return item.case.ref if item.case else item.notice.ref


def of_item(item: NoticeItem) -> list[ForwardStatus]:
    """All that the item is named for, nearest first."""
    rows = ForwardStatus.objects.select_related(
        "forward__event", "forward__item__notice", "forward__item__case"
    )
    return list(rows.filter(forward__item=item).order_by("forward__position"))


def advance(item: NoticeItem) -> ForwardStatus | None:
    """Write to the next that was confirmed, where nobody has the item in hand. Part of an action; returns the
    one that is written to now. Where the next one still waits for the notifier's yes, nothing is sent."""
    rows = of_item(item)
    if item.notice.state == "withdrawn" or any(
        row.state in RUNNING or (row.state == "answered" and row.answer in _FINAL) for row in rows
    ):
        return None
    if keys.is_destroyed(item.notice.notifier_key):
        return None  # the yes went with the one who gave it
    following = next((row for row in rows if row.state == "confirmed"), None)
    if following is None:
        return None
    move(following, "send")
    _post(following, reminder=False)
    append(
        kind="forward.sending",
        open={"channel": following.forward.channel, "position": following.forward.position},
        case_ref=case_ref(item),
        follows=following.forward.event,
    )
    for row in rows:
        if row.state == "overdue":
            move(row, "escalate")
    return following


def spare(item: NoticeItem) -> None:
    """Somebody has answered for the item: those who were not asked yet are left in peace. Part of an
    action."""
    for row in of_item(item):
        if row.state in ("proposed", "confirmed"):
            move(row, "spare")


@transaction.atomic
def dispatched(*, forward_ref: str) -> None:
    """The mail server, or the other service, took it: the time to answer runs from now. Called by delivery
    in the transaction that finishes the outbox row; for a reminder, and a second time, it changes nothing."""
    status = _status(forward_ref)
    if status.state != "sending":
        return
    now = timezone.now()
    due = answer_due(now, status.forward.answer_hours)
    move(status, "dispatch", dispatched_at=now, due_at=due)
    append(
        kind="forward.dispatched",
        open={"channel": status.forward.channel},
        case_ref=case_ref(status.forward.item),
        follows=status.forward.event,
    )
    tell(status.forward.item.notice)


@transaction.atomic
def undelivered(*, forward_ref: str, bounced: bool = False) -> None:
    """It could not be delivered, now for good, or came back (`bounced`): the next one is asked. A reminder
    that is lost changes nothing."""
    status = _status(forward_ref)
    act = "bounce" if bounced else "fail"
    if act not in allowed("forward", status.state):
        return
    move(status, act)
    append(
        kind="forward.undeliverable",
        open={"channel": status.forward.channel, "bounced": bounced},
        case_ref=case_ref(status.forward.item),
        follows=status.forward.event,
    )
    advance(status.forward.item)
    tell(status.forward.item.notice)


@transaction.atomic
def remind(*, forward_ref: str, actor: Actor | None = None) -> None:
    """Ask once more. By the clock once, by a person as often as they see fit. Raises NotFound, Forbidden,
    Refused where no answer is owed or the notice was erased, Conflict where the first letter has not gone out
    yet."""
    if actor is not None:
        require(actor, "forward")
    status = _status(forward_ref, actor)
    if keys.is_destroyed(status.forward.item.notice.notifier_key):
        raise Refused(_("The notice was erased here, so nobody is written to about it."))
    move(status, "remind", reminded_at=timezone.now())
    waits = OutboxRow.objects.filter(kind__in=KINDS, ref=forward_ref, done_at__isnull=True, dead=False)
    if waits.exists():
        raise Conflict(_("A letter to them is on its way already."))
    _post(status, reminder=True)
    append(
        kind="forward.reminded",
        open={"channel": status.forward.channel},
        actor_id=actor.user_id if actor else None,
        case_ref=case_ref(status.forward.item),
        follows=status.forward.event,
    )
    tell(status.forward.item.notice)


@transaction.atomic
def expire(*, forward_ref: str, now: datetime) -> None:
    """The time to answer is over: the next in the chain is written to where the notifier confirmed it, else
    the notifier is asked. Changes nothing where it was answered meanwhile."""
    status = _status(forward_ref)
    if "expire" not in allowed("forward", status.state) or status.due_at is None or status.due_at > now:
        return
    move(status, "expire")
    item = status.forward.item
    following = advance(item)
    append(
        kind="forward.overdue",
        open={"escalated": following is not None},
        case_ref=case_ref(item),
        follows=status.forward.event,
    )
    tell(item.notice)


@transaction.atomic
def catch_up(*, item: NoticeItem) -> bool:
    """Write to a confirmed organisation whose turn has come without anybody noticing: its yes and the end of
    the one before it crossed. Returns whether there was one."""
    return advance(item) is not None


@transaction.atomic
def stop(*, actor: Actor, forward_ref: str) -> int:
    """Nobody is asked about this item any more: letters that wait are taken back, no reminder and no further
    step follows. Returns how many were stopped. Raises NotFound, Forbidden, Refused where nothing runs."""
    require(actor, "forward")
    status = _status(forward_ref, actor)
    stopped = _stop_all(status.forward.item)
    if not stopped:
        raise Refused(_("Nothing is running here that could be stopped."))
    append(
        kind="forward.stopped",
        open={"organisations": stopped, "by": "desk"},
        actor_id=actor.user_id,
        case_ref=case_ref(status.forward.item),
    )
    tell(status.forward.item.notice)
    return stopped


def stop_with(notice: Notice) -> None:
    """The notifier took the notice back. Part of `withdraw_notice`; what has left cannot be called back."""
    stopped = sum(_stop_all(item) for item in notice.items.select_related("case", "notice"))
    if stopped:
        append(
            kind="forward.stopped",
            open={"organisations": stopped, "by": "notifier"},
            case_ref=notice.ref,
            follows=notice.event,
        )


def tell(notice: Notice) -> None:
    """A letter to the notifier that there is news; one for all that happens before it goes out. Part of an
    action. What it says is read when it is sent."""
    if notice.state == "withdrawn" or not sealed.exists("notice", notice.ref, "email"):
        return
    waiting = OutboxRow.objects.filter(
        kind=NEWS, ref=notice.ref, done_at__isnull=True, dead=False, leased_until__isnull=True
    )
    if waiting.exists():
        return
    try:
        outbox.enqueue(kind=NEWS, ref=notice.ref, payload={"notice": notice.ref}, key_id=notice.notifier_key)
    except Erased:
        return  # nobody is left to be told


def _stop_all(item: NoticeItem) -> int:
    running = [row for row in of_item(item) if "stop" in allowed("forward", row.state)]
    for row in running:
        move(row, "stop")
        for kind in KINDS:
            outbox.cancel(kind=kind, ref=row.forward.ref)
    return len(running)


def _post(status: ForwardStatus, *, reminder: bool) -> None:
    """A letter with a token of its own; earlier ones stay good, since a letter may still be on its way."""
    forward = status.forward
    token = vault_codes.new_code()
    ForwardToken.objects.create(
        mac=vault_codes.code_mac(token), forward=forward, created_at=status.changed_at
    )
    outbox.enqueue(
        kind=REST if forward.channel == "rest" else MAIL,
        ref=forward.ref,
        payload={
            "forward": forward.ref,
            "token": token,
            "reminder": reminder,
            # A reminder names the day that was named before.
            "due": (status.due_at or answer_due(status.changed_at, forward.answer_hours)).isoformat(),
        },
        key_id=forward.item.notice.notifier_key,
    )


def _status(forward_ref: str, actor: Actor | None = None) -> ForwardStatus:
    rows = ForwardStatus.objects.select_related(
        "forward__event", "forward__item__notice", "forward__item__case"
    )
    if actor is not None:
        rows = rows.filter(forward__item__case__in=visible_cases(actor))
    found = rows.filter(forward__ref=forward_ref).first()
    if found is None:
        raise NotFound(_("There is no such forwarding."))
    return found
