"""The clock that erases: once a day, by the schedule of `law.retention`. The runner calls `run`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fairnotice.cases.actions import erase
from fairnotice.cases.models import RetentionRun
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.queries import retention
from fairnotice.law.retention import jumped, refuses
from fairnotice.ledger.append import append

#: Things that one run takes on; the next one goes on.
MOST = 2000


@dataclass(frozen=True)
class Run:
    """What a run did: things erased, things that wait because the clock may have jumped (then nothing was
    erased), and erasures of an earlier run that were cut off and are complete now."""

    erased: int = 0
    waiting: int = 0
    completed: int = 0


def run(*, now: datetime | None = None, most: int = MOST) -> Run:
    """Erase what is due. Where the clock may have jumped and more than a handful is due, nothing is erased
    before somebody has said that the clock is right (`clock_is_right`). Safe to call at any time and again,
    also after it was killed."""
    at = now or timezone.now()
    completed = erase.finish()
    due = [(one.what, one.ref) for one in retention.due(at)]
    if refuses(retention.last_run().last_at, at, len(due)):
        RetentionRun.objects.filter(one=1).update(refused_at=at, refused_due=len(due))
        return Run(waiting=len(due), completed=completed)
    erased = erase.erase_each(due[:most], now=at)
    RetentionRun.objects.filter(one=1).update(last_at=at, refused_at=None, refused_due=0)
    return Run(erased=erased, completed=completed)


@transaction.atomic
def clock_is_right(*, actor: Actor | None, now: datetime | None = None) -> bool:
    """Somebody has looked at the clock: the schedule goes on from this moment. No actor: whoever has a shell
    on the machine. Returns whether it had been waiting."""
    if actor is not None:
        require(actor, "retention")
    at = now or timezone.now()
    row = retention.last_run()
    waited = row.refused_at is not None or jumped(row.last_at, at)
    RetentionRun.objects.filter(one=1).update(last_at=at, refused_at=None, refused_due=0)
    append(
        kind="retention.clock",
        open={"waited": waited, "due": row.refused_due},
        actor_id=actor.user_id if actor else None,
    )
    return waited
