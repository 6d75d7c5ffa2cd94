"""What time does to forwarded notices. `clock.tick` calls `tick`; every step is an action with its event."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from fairnotice.cases.actions import forward_customer, forward_send
from fairnotice.cases.errors import Conflict, Refused
from fairnotice.cases.models import ForwardStatus, NoticeItem
from fairnotice.cases.models.forward import RUNNING
from fairnotice.law.forwarding import remind_at
from fairnotice.ledger.models import OutboxRow


def tick(*, now: datetime) -> dict[str, int]:
    """Do all that is due; returns how much of each."""
    return {
        "forwards_undelivered": fail_unsent(),
        "forwards_reminded": remind_silent(now=now),
        "forwards_overdue": escalate_overdue(now=now),
        "forwards_sent": send_waiting(),
    }


def remind_silent(*, now: datetime) -> int:
    """One reminder to those who have not answered while a quarter of their time is left."""
    waiting = ForwardStatus.objects.filter(state="dispatched", due_at__gt=now).select_related("forward")
    reminded = 0
    for status in waiting.order_by("due_at"):
        sent, due = status.dispatched_at, status.due_at
        if sent is None or due is None or remind_at(sent, due) > now:
            continue
        try:
            forward_send.remind(forward_ref=status.forward.ref)
        except (Conflict, Refused):
            continue  # answered, or reminded by a person, in this moment
        reminded += 1
    return reminded


def escalate_overdue(*, now: datetime) -> int:
    """Those whose time to answer is over: the next in the chain is asked."""
    late = ForwardStatus.objects.filter(state__in=("dispatched", "reminded"), due_at__lte=now)
    refs = list(late.order_by("due_at").values_list("forward__ref", flat=True))
    done = 0
    for ref in refs:
        try:
            forward_send.expire(forward_ref=ref, now=now)
        except Conflict:
            continue
        done += 1
    return done


def send_waiting() -> int:
    """Items for which somebody was confirmed and nobody is being asked: two acts crossed."""
    running = ForwardStatus.objects.filter(forward__item=OuterRef("pk"), state__in=RUNNING)
    confirmed = ForwardStatus.objects.filter(forward__item=OuterRef("pk"), state="confirmed")
    items = NoticeItem.objects.filter(Exists(confirmed), ~Exists(running)).exclude(notice__state="withdrawn")
    return sum(
        forward_send.catch_up(item=item)
        for item in list(items.select_related("notice", "case").order_by("id"))
    )


def fail_unsent() -> int:
    """Letters that were given up without anybody saying so: their last sender died in the middle."""
    dead = OutboxRow.objects.filter(dead=True, done_at__isnull=True)
    rows = ForwardStatus.objects.filter(
        state="sending", forward__ref__in=dead.filter(kind__in=forward_send.KINDS).values("ref")
    )
    refs = list(rows.order_by("pk").values_list("forward__ref", flat=True))
    for ref in refs:
        forward_send.undelivered(forward_ref=ref)
    return len(refs) + forward_customer.fail_unsent()
