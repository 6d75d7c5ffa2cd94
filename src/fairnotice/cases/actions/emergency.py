"""Somebody says that a life is in danger (DSA article 18): a person on duty is alerted, after a while the
next one, and so on until one of them acknowledges it and says what was done.

An alert says that somebody is waited for and where to sign in. It never says what it is about. What is told
to an authority is told outside of this program, by a person; an identity is handed out by nothing in here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import involved, sealed
from fairnotice.cases.carrying_out import hooks
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, NotFound
from fairnotice.cases.models import Emergency, EmergencyAlert, Notice
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.people import hidden_notices
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE
from fairnotice.cases.texts import text_faults
from fairnotice.law.emergencies import AUTHORITIES, EVENT
from fairnotice.ledger import outbox
from fairnotice.ledger.append import Personal, append
from fairnotice.ledger.models import Event
from fairnotice.vault import keys

MAIL, WEBHOOK, COMMAND = "emergency-mail", "emergency-hook", "emergency-program"
KINDS = (MAIL, WEBHOOK, COMMAND)
MAX_WHY = 2000
#: So many alerts go out in ten minutes; what comes beyond waits at the desk and for its next turn.
MOST_ALERTS = 12
_WINDOW = timedelta(minutes=10)
#: A moment that lies so far ahead is a slip; a clock may be a little off.
_AHEAD = timedelta(minutes=10)


def open_emergency(*, notice: Notice, now: datetime) -> Emergency:
    """Part of taking a notice in: it waits for a person from this moment, and the first alert goes out."""
    ref = new_ref()
    event = append(kind="emergency.opened", open={}, case_ref=ref, follows=notice.event)
    found = Emergency.objects.create(ref=ref, notice=notice, opened_at=now, next_at=now, event=event)
    _alert(found, event, now)
    return found


def escalate(*, now: datetime) -> int:
    """Alert the next person for each one that nobody has acknowledged in time. Returns how many. The list of
    those on duty begins again at its end: nobody is left waiting because everybody was asked once."""
    due = Emergency.objects.filter(state="open", next_at__lte=now)
    return sum(_escalate(pk, now) for pk in list(due.order_by("next_at").values_list("pk", flat=True)))


@transaction.atomic
def _escalate(pk: int, now: datetime) -> int:
    found = Emergency.objects.select_related("notice", "event").get(pk=pk)
    if found.state != "open" or found.next_at is None or found.next_at > now:
        return 0  # somebody was faster
    event = append(
        kind="emergency.escalated", open={"step": found.step}, case_ref=found.ref, follows=found.event
    )
    _alert(found, event, now)
    return 1


@transaction.atomic
def acknowledge(*, actor: Actor, emergency_ref: str) -> Emergency:
    """The actor looks after it from now on, and nobody else is alerted. Raises NotFound, Conflict where
    somebody was faster, Forbidden."""
    found = emergency_for(actor, emergency_ref)
    changes = {
        "state": "acknowledged",
        "acknowledged_by_id": actor.user_id,
        "acknowledged_at": timezone.now(),
        "next_at": None,
    }
    if not Emergency.objects.filter(pk=found.pk, state="open").update(**changes):
        raise Conflict(_("Somebody has acknowledged this already."))
    for kind in KINDS:
        outbox.cancel(kind=kind, ref=found.ref)
    append(
        kind="emergency.acknowledged",
        open={},
        actor_id=actor.user_id,
        case_ref=found.ref,
        follows=found.event,
    )
    found.refresh_from_db()
    return found


@transaction.atomic
def assess(
    *,
    actor: Actor,
    emergency_ref: str,
    passed_on: bool | None,
    authority: str = "",
    passed_at: datetime | None = None,
    why: str = "",
) -> Emergency:
    """What was done: passed on to which kind of authority and when, or not, and why not. Raises Invalid with
    every fault, NotFound, Conflict where it was not acknowledged or is assessed already, Forbidden."""
    found = emergency_for(actor, emergency_ref)
    faults = check_assessment(passed_on, authority, passed_at, why)
    if faults:
        raise Invalid(faults)
    if not passed_on:
        authority, passed_at = "", None
    key_id = found.notice.notifier_key
    changes = {
        "state": "assessed",
        "assessed_by_id": actor.user_id,
        "assessed_at": timezone.now(),
        "passed_on": passed_on,
        "authority": authority,
        "passed_at": passed_at,
        "why_length": sealed.replace("emergency", found.ref, key_id, "why", why),
    }
    if not Emergency.objects.filter(pk=found.pk, state="acknowledged").update(**changes):
        raise Conflict(STALE)
    append(
        kind="emergency.assessed",
        open={"passed_on": bool(passed_on), "authority": authority},
        personal=[_said(why, key_id)],
        actor_id=actor.user_id,
        case_ref=found.ref,
        follows=found.event,
    )
    found.refresh_from_db()
    return found


def _said(why: str, key_id: str) -> Personal:
    # Where the notice was erased meanwhile, what is said of it later is not kept either.
    if keys.is_destroyed(key_id):
        return Personal("why", "", keys.new_key("subject"))
    return Personal("why", why.strip(), key_id)


def emergency_for(actor: Actor, ref: str) -> Emergency:
    """One of those that this person may know of. Raises NotFound, Forbidden."""
    require(actor, "handle_emergency")
    hidden = hidden_notices(actor).values("pk")
    rows = Emergency.objects.select_related("notice", "event", "acknowledged_by", "assessed_by")
    found = rows.filter(ref=ref).exclude(notice__in=hidden).first()
    if found is None:
        raise NotFound(_("There is no such emergency."))
    return found


def check_assessment(
    passed_on: bool | None, authority: str, passed_at: datetime | None, why: str
) -> list[Fault]:
    """Every fault of an assessment."""
    faults: list[Fault] = []
    if passed_on is None:
        faults.append(Fault("passed_on", "missing", _("Say whether it was passed on to an authority.")))
    if passed_on and authority not in AUTHORITIES:
        faults.append(Fault("authority", "missing", _("Say to what kind of authority.")))
    if passed_on and passed_at is None:
        faults.append(Fault("passed_at", "missing", _("Say when it was passed on.")))
    if passed_on and passed_at is not None and passed_at > timezone.now() + _AHEAD:
        faults.append(Fault("passed_at", "future", _("This moment lies ahead.")))
    if passed_on is False or why.strip():
        faults += text_faults("why", why, MAX_WHY, _("Say why no authority has to be told."))
    return faults


def _alert(found: Emergency, event: Event, now: datetime) -> None:
    """Write the alert into the outbox by every way that is configured, and set the time of the next one."""
    key_id, ref, step = found.notice.notifier_key, found.ref, found.step
    target, place = _whom(found)
    wanted = [hook for hook in hooks() if EVENT in hook.events]
    program = settings.FN_EMERGENCY_COMMAND
    sent: list[str] = []
    if keys.is_destroyed(key_id):
        # The notice was erased meanwhile: it still waits at the desk, and nothing can be sealed for a letter.
        target, wanted, program = "", [], ""
    elif _many(now):
        # A crowd must not bury the first: those on duty have been called, and the desk lists them all.
        target, wanted, program = "", [], ""
    if target:
        payload = {"emergency": ref, "step": step, "target": target}
        outbox.enqueue(kind=MAIL, ref=ref, payload=payload, key_id=key_id)
        sent.append("mail")
    data = {"reference": ref, "step": step, "desk": link(ref)}
    message = {"type": EVENT, "timestamp": now.isoformat(timespec="seconds"), "data": data}
    for hook in wanted:
        payload = {"url": hook.url, "message": message}
        outbox.enqueue(kind=WEBHOOK, ref=ref, payload=payload, key_id=key_id)
    if wanted:
        sent.append("webhook")
    if program:
        outbox.enqueue(kind=COMMAND, ref=ref, payload={"emergency": ref, "step": step}, key_id=key_id)
        sent.append("command")
    EmergencyAlert.objects.create(emergency=found, step=step, place=place, channels=sent, at=now, event=event)
    found.step, found.next_at = step + 1, now + timedelta(minutes=settings.FN_EMERGENCY_MINUTES)
    found.save(update_fields=["step", "next_at"])


def _many(now: datetime) -> bool:
    lately = EmergencyAlert.objects.filter(at__gt=now - _WINDOW).exclude(channels=[])
    return lately.count() >= MOST_ALERTS


def _whom(found: Emergency) -> tuple[str, int | None]:
    """Whose turn it is, and their place in the list. What concerns the staff goes to the people of trust
    outside where there are any: somebody on duty may be the one whom it concerns."""
    if found.notice.staff_involved and (outside := involved.outside()):
        place = found.step % len(outside)
        return f"outside:{outside[place].ref}", place
    people = settings.FN_EMERGENCY_CONTACTS
    if not people:
        return "", None
    turn = found.step % len(people)
    return f"duty:{turn}", turn


def link(ref: str) -> str:
    """Where it is acknowledged: a page of the desk, behind the sign-in."""
    return f"{settings.FN_BASE_URL}/desk/emergency/{ref}/"
