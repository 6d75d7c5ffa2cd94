"""Asking the pure tables of `law.states`, and moving rows only from the state that was seen."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.cases import services
from fairnotice.cases.errors import Conflict, Refused
from fairnotice.cases.models import AppealStatus, Case
from fairnotice.cases.models.case import OPEN_STATES
from fairnotice.law.states import NotAllowed, Thing, next_state

STALE = gettext_lazy(
    "This changed while you were looking at it. Nothing was overwritten; here is how it stands now."
)


def step(thing: Thing, state: str, act: str) -> str:
    """The next state. Raises Refused where the table has none."""
    try:
        return next_state(thing, state, act)
    except NotAllowed as error:
        raise Refused(_("This is not possible as it stands now. Please look at it once more.")) from error


def move_case(case: Case, *, version: int | None = None, **changes: Any) -> None:
    """Write `changes` where the case still has the version the person saw. Raises Conflict."""
    seen = case.version if version is None else version
    if "state" in changes:
        changes["closed_at"] = timezone.now() if changes["state"] == "closed" else None
    if not Case.objects.filter(pk=case.pk, version=seen).update(version=F("version") + 1, **changes):
        raise Conflict(STALE)
    case.refresh_from_db()


def reopen_case(case: Case) -> None:
    """Back to the queue, for whoever takes it next.

    Where another case about the same item was opened meanwhile, both stay: later notices join that one, since
    the database allows only one open case to be the meeting place of an item."""
    others = Case.objects.filter(item_key=case.item_key, state__in=OPEN_STATES).exclude(pk=case.pk)
    key = None if case.item_key and others.exists() else case.item_key
    state = step("case", case.state, "reopen")
    move_case(case, state=state, item_key=key, claimed_by_id=None, claimed_at=None)
    services.enqueue_report(case, "reopen")


def move_appeal(status: AppealStatus, *, version: int | None = None, **changes: Any) -> None:
    """The same for an appeal."""
    seen = status.version if version is None else version
    if not AppealStatus.objects.filter(pk=status.pk, version=seen).update(
        version=F("version") + 1, **changes
    ):
        raise Conflict(STALE)
    status.refresh_from_db()
