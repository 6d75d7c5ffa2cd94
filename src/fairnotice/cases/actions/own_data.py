"""What a person with a code can do about their own data (GDPR articles 16 and 17), and how the desk answers.

Name and address go at once; the rest is asked for, and two people say yes. To correct is to add."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions import erase
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import AccessCode, Case, Correction, ErasureRequest, Notice
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE, step
from fairnotice.cases.texts import text_faults
from fairnotice.law.retention import REASONS_TO_KEEP
from fairnotice.ledger.append import Personal, append

MAX_WORDS = 5000
#: GDPR article 12(3): within one month of receipt.
ANSWER_WITHIN = timedelta(days=30)
OWNER = "erasure-request"


def forget_contact(*, access: AccessCode) -> None:
    """The notifier's name and address go now, on their own wish: nothing can be sent to them any more, and
    their code still opens everything. Raises NotFound where there is none, Refused where a hold keeps it."""
    if access.notice is None:
        raise NotFound(_("There is no report behind this code."))
    erase.erase(what="contact", ref=access.notice.ref, by=erase.By(ground="own-wish"))


@transaction.atomic
def ask(*, access: AccessCode, words: str) -> ErasureRequest:
    """Ask that all that was given be erased. Raises Invalid, and Refused where the same was asked and nobody
    has answered yet."""
    faults = text_faults("words", words, MAX_WORDS)
    if faults:
        raise Invalid(faults)
    if waiting(access) is not None:
        raise Refused(_("You have asked for this already; somebody will answer."))
    now = timezone.now()
    about: Notice | Case = _about(access)
    event = append(
        kind="erasure.asked",
        open={"side": access.side},
        case_ref=about.ref,
        follows=access.notice.event if access.notice else None,
    )
    made = ErasureRequest.objects.create(
        ref=new_ref(),
        side=access.side,
        notice=access.notice,
        case=access.case,
        asked_at=now,
        due_at=now + ANSWER_WITHIN,
        words_length=len(words.strip()),
        event=event,
    )
    sealed.put(OWNER, made.ref, key_of(made), {"words": words.strip()})
    return made


@transaction.atomic
def take_back(*, access: AccessCode) -> None:
    """The person does not want it any more. Raises NotFound where nothing waits."""
    made = waiting(access)
    if made is None:
        raise NotFound(_("There is nothing to take back here."))
    _move(made, "take_back", answered_at=timezone.now())
    append(kind="erasure.taken-back", open={}, case_ref=_about(made).ref, follows=made.event)


@transaction.atomic
def grant(*, actor: Actor, request_ref: str) -> ErasureRequest:
    """The first yes. Raises Forbidden, NotFound, Refused (a hold, a case that runs), Conflict."""
    made = _request(actor, request_ref)
    erase.check(what=_what(made), ref=_about(made).ref)
    _move(made, "grant", first_id=actor.user_id)
    append(
        kind="erasure.granted",
        open={},
        actor_id=actor.user_id,
        case_ref=_about(made).ref,
        follows=made.event,
    )
    return made


def confirm(*, actor: Actor, request_ref: str) -> ErasureRequest:
    """The second yes, by somebody else: it is erased. Raises as `grant`, and Refused for the same person."""
    with transaction.atomic():
        made = _request(actor, request_ref)
        if made.first_id == actor.user_id:
            raise Refused(_("Somebody else has to agree: two people decide this."))
        _move(made, "confirm", second_id=actor.user_id, answered_at=timezone.now())
        by = erase.By(ground="request", first=made.first_id, second=actor.user_id)
        erasure = erase.begin(what=_what(made), ref=_about(made).ref, by=by)
    # Keys go when all else is written: until then it can be done again, after that never.
    erase.complete(erasure)
    return made


@dataclass(frozen=True)
class Refusal:
    """Why it is kept all the same: one of `law.retention.REASONS_TO_KEEP`, and words for the person."""

    reason: str
    words: str


@transaction.atomic
def refuse(*, actor: Actor, request_ref: str, refusal: Refusal) -> ErasureRequest:
    """Say no, with one of the law's reasons and in words. Raises Forbidden, NotFound, Invalid, Conflict."""
    made = _request(actor, request_ref)
    faults = text_faults("words", refusal.words, MAX_WORDS, _("Say in your own words why it has to be kept."))
    if refusal.reason not in REASONS_TO_KEEP:
        faults.append(Fault("reason", "choice", _("Please choose why it has to be kept.")))
    if faults:
        raise Invalid(faults)
    _move(made, "refuse", reason=refusal.reason, answered_at=timezone.now())
    sealed.put(OWNER, made.ref, key_of(made), {"answer": refusal.words.strip()})
    append(
        kind="erasure.refused",
        open={"reason": refusal.reason},
        actor_id=actor.user_id,
        case_ref=_about(made).ref,
        follows=made.event,
    )
    return made


@transaction.atomic
def correct(*, access: AccessCode, words: str) -> Correction:
    """Add to one's own report what was wrong or is missing in it; what was said first stays. Raises NotFound,
    Invalid, Refused where it was erased."""
    notice = access.notice
    if notice is None:
        raise NotFound(_("There is no report behind this code."))
    faults = text_faults("words", words, MAX_WORDS, _("Please write what has to be put right."))
    if faults:
        raise Invalid(faults)
    if notice.state == "withdrawn":
        raise Refused(_("You have withdrawn this notice."))
    text = words.strip()
    event = append(
        kind="notice.corrected",
        open={},
        personal=[Personal("words", text, notice.notifier_key)],
        case_ref=notice.ref,
        follows=notice.event,
    )
    made = Correction.objects.create(
        ref=new_ref(),
        notice=notice,
        made_at=timezone.now(),
        words_commitment=event.commitment("words"),
        words_length=event.length("words"),
        event=event,
    )
    sealed.put("correction", made.ref, notice.notifier_key, {"words": text})
    return made


def waiting(access: AccessCode) -> ErasureRequest | None:
    """The request of this side that nobody has answered."""
    return own_requests(access).filter(state__in=("asked", "granted")).first()


def own_requests(access: AccessCode) -> models.QuerySet[ErasureRequest]:
    """All requests of this side, the newest first."""
    rows = ErasureRequest.objects.order_by("-pk")
    return rows.filter(notice=access.notice) if access.notice else rows.filter(case=access.case)


def key_of(made: ErasureRequest) -> str:
    """What its words are sealed under: the key of the notice or case that goes with it."""
    return made.notice.notifier_key if made.notice else made.case.subject_key  # type: ignore[union-attr]


def _request(actor: Actor, ref: str) -> ErasureRequest:
    require(actor, "erase")
    made = ErasureRequest.objects.select_related("notice", "case", "event").filter(ref=ref).first()
    if made is None or not may_see(actor, made):
        raise NotFound(_("There is no such request."))
    return made


def may_see(actor: Actor, made: ErasureRequest) -> bool:
    """Whether every case that it is about is there for this person."""
    about = (
        Case.objects.filter(items__notice=made.notice)
        if made.notice
        else Case.objects.filter(pk=made.case_id or 0)
    )
    return not about.exclude(pk__in=visible_cases(actor).values("pk")).exists()


def _what(made: ErasureRequest) -> str:
    return "notice" if made.notice_id else "case"


def _about(of: ErasureRequest | AccessCode) -> Notice | Case:
    found = of.notice or of.case
    if found is None:
        raise NotFound(_("There is nothing behind this code."))
    return found


def _move(made: ErasureRequest, act: str, **changes: object) -> None:
    state = step("erasure", made.state, act)
    if not ErasureRequest.objects.filter(pk=made.pk, state=made.state).update(state=state, **changes):
        raise Conflict(STALE)
    made.refresh_from_db()
