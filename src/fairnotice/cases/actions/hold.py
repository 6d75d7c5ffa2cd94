"""A case is kept past its time, by two people and until a day (a legal claim, a court, a supervisor)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import Hold
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE
from fairnotice.cases.texts import text_faults
from fairnotice.law.retention import HOLDS, LONGEST_HOLD
from fairnotice.ledger.append import append

MAX_WORDS = 2000


def check(*, reason: str, until: date | None, words: str) -> None:
    """Raises Invalid with every fault of a hold that somebody proposes."""
    faults = []
    if reason not in HOLDS:
        faults.append(Fault("reason", "choice", _("Please choose why it has to be kept.")))
    today = timezone.localdate()
    if until is None or not today < until <= today + LONGEST_HOLD:
        say = _("A hold ends on a day within a year from now; it can be renewed.")
        faults.append(Fault("until", "range", say))
    faults += text_faults("words", words, MAX_WORDS, _("Say who asked for it and for what."))
    if faults:
        raise Invalid(faults)


@transaction.atomic
def begin(*, first: int, actor: Actor, case_ref: str, reason: str, until: date, words: str) -> Hold:
    """Put a hold on a case: `first` proposed it, `actor` is the second person. Raises Forbidden, NotFound,
    Invalid, and Refused for one and the same person, a case that is erased, or one that is held already."""
    require(actor, "retention")
    case = visible_cases(actor).filter(ref=case_ref).first()
    if case is None:
        raise NotFound(_("There is no such case."))
    if first == actor.user_id:
        raise Refused(_("Somebody else has to agree: a hold is put by two people."))
    check(reason=reason, until=until, words=words)
    if case.erased_at:
        raise Refused(_("This case has been erased; there is nothing left to hold."))
    if Hold.objects.filter(case=case, ended_at=None, until__gte=timezone.localdate()).exists():
        raise Refused(_("There is a hold on this case already."))
    event = append(
        kind="hold.begun",
        open={"reason": reason, "until": until.isoformat()},
        actor_id=actor.user_id,
        case_ref=case.ref,
    )
    hold = Hold.objects.create(
        ref=new_ref(),
        case=case,
        reason=reason,
        until=until,
        begun_at=timezone.now(),
        begun_by_id=first,
        second_id=actor.user_id,
        words_length=len(words.strip()),
        event=event,
    )
    sealed.put("hold", hold.ref, case.subject_key, {"words": words.strip()})
    return hold


@transaction.atomic
def end(*, actor: Actor, hold_ref: str) -> Hold:
    """End a hold before its day: one person is enough, since then the schedule counts again. Raises
    Forbidden, NotFound, Conflict where it has ended."""
    require(actor, "retention")
    hold = Hold.objects.select_related("case", "event").filter(ref=hold_ref).first()
    if hold is None or not visible_cases(actor).filter(pk=hold.case_id).exists():
        raise NotFound(_("There is no such hold."))
    if not Hold.objects.filter(pk=hold.pk, ended_at=None).update(
        ended_at=timezone.now(), ended_by_id=actor.user_id
    ):
        raise Conflict(STALE)
    append(
        kind="hold.ended",
        open={"reason": hold.reason},
        actor_id=actor.user_id,
        case_ref=hold.case.ref,
        follows=hold.event,
    )
    hold.refresh_from_db()
    return hold
