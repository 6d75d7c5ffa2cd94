"""What one person alone may not do: one proposes it with a reason, another one confirms it, and then it is
done, in one transaction.

An action that needs two people is registered under its verb (`register`), and is reached in no other way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import Case, Notice, Proposal
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.people import hidden_notices, visible_cases
from fairnotice.cases.permissions import ROLE_WORDS, ROLES, Actor, Forbidden, require
from fairnotice.cases.steps import STALE
from fairnotice.cases.texts import text_faults
from fairnotice.law.two_people import DAYS, REASONS, VERBS
from fairnotice.ledger.append import Personal, append
from fairnotice.ledger.models import Event
from fairnotice.vault import keys

MAX_REASON = 2000
#: What is done once the second person has confirmed: gets who confirmed and the proposal, in the transaction
#: of the confirmation. Returns the event that it appended, or None to have one written here.
Run = Callable[[Actor, Proposal], Event | None]


@dataclass(frozen=True)
class Verb:
    """`about`: which things it can be proposed for. `until`: whether it has a last day. `roles` may propose
    and confirm it, besides what `permissions.ACTIONS` asks."""

    run: Run
    about: frozenset[str]
    roles: frozenset[str]
    until: bool = False


_verbs: dict[str, Verb] = {}


def register(
    verb: str, run: Run, *, about: frozenset[str], roles: frozenset[str], until: bool = False
) -> None:
    """Make `verb`, one of `law.two_people.VERBS`, something that two people do. Called once, when the
    program starts. Raises ValueError for a verb without words."""
    if verb not in VERBS:
        raise ValueError(f"there are no words for {verb!r}")
    _verbs[verb] = Verb(run, about, roles, until)


def verbs() -> dict[str, Verb]:
    """What two people can do here."""
    return dict(_verbs)


@transaction.atomic
def propose(
    *,
    actor: Actor,
    verb: str,
    why: str,
    reason: str,
    case_ref: str = "",
    notice_ref: str = "",
    until: date | None = None,
) -> Proposal:
    """Ask a second person for something, for a case or for a notice. It lapses after seven days. Raises
    Invalid with every fault, NotFound, Conflict where it is proposed already, Forbidden."""
    require(actor, "propose")
    found = _verbs.get(verb)
    if found is None:
        raise NotFound(_("There is nothing of this kind that two people do."))
    _may(actor, found)
    case, notice = _subject(actor, case_ref, notice_ref)
    faults = _faults(found, why, reason, until, "case" if case else "notice")
    if faults:
        raise Invalid(faults)
    if _open(verb, case, notice).exists():
        raise Conflict(_("This is proposed already."))
    key_id = case.subject_key if case else notice.notifier_key if notice else ""
    if keys.is_destroyed(key_id):
        raise Refused(_("It has been erased; there is nothing left to do this with."))
    now, ref = timezone.now(), new_ref()
    row = Proposal.objects.create(
        ref=ref,
        verb=verb,
        case=case,
        notice=notice,
        why=why,
        reason_length=sealed.replace("proposal", ref, key_id, "reason", reason),
        until=until,
        proposed_by_id=actor.user_id,
        proposed_at=now,
        expires_at=now + timedelta(days=DAYS),
    )
    append(
        kind="proposal.made",
        open={"verb": verb, "why": why},
        personal=[Personal("reason", reason.strip(), key_id)],
        actor_id=actor.user_id,
        case_ref=ref,
    )
    return row


@transaction.atomic
def confirm(*, actor: Actor, proposal_ref: str) -> Proposal:
    """The second person agrees, and it is done. Raises Refused for whoever proposed it, Conflict where it no
    longer waits, NotFound, Forbidden, and what the act itself raises: then it still waits."""
    row, verb = _second(actor, proposal_ref)
    if row.proposed_by_id == actor.user_id:
        raise Refused(_("You proposed this yourself. Somebody else has to confirm it."))
    _end(row, "done", actor.user_id)
    if verb.run(actor, row) is None:
        append(kind="proposal.done", open={"verb": row.verb}, actor_id=actor.user_id, case_ref=row.ref)
    return row


@transaction.atomic
def refuse(*, actor: Actor, proposal_ref: str, reason: str) -> Proposal:
    """The second person does not agree and says why; or whoever proposed it takes it back. Raises Invalid,
    NotFound, Conflict, Forbidden."""
    row, _verb = _second(actor, proposal_ref)
    own = row.proposed_by_id == actor.user_id
    faults = text_faults("reason", reason, MAX_REASON, "" if own else _("Say why you do not agree."))
    if faults:
        raise Invalid(faults)
    _end(row, "refused", None if own else actor.user_id)
    key_id = _key(row)
    sealed.replace("proposal", row.ref, key_id, "refused", reason)
    said = reason.strip()
    if keys.is_destroyed(key_id):
        # Where it was erased meanwhile, what is said of it later is not kept either.
        said, key_id = "", keys.new_key("subject")
    append(
        kind="proposal.refused",
        open={"verb": row.verb, "taken_back": own},
        personal=[Personal("reason", said, key_id)],
        actor_id=actor.user_id,
        case_ref=row.ref,
    )
    return row


def expire_proposals(*, now: datetime) -> int:
    """What nobody confirmed in time lapses. Returns how many."""
    due = Proposal.objects.filter(state="proposed", expires_at__lte=now).order_by("id")
    return sum(_expire(row) for row in list(due))


@transaction.atomic
def _expire(row: Proposal) -> int:
    try:
        _end(row, "expired", None)
    except Conflict:
        return 0
    append(kind="proposal.lapsed", open={"verb": row.verb}, case_ref=row.ref)
    return 1


def visible_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Those about what this person may see."""
    theirs = Q(case__in=visible_cases(actor)) | (
        Q(notice__isnull=False) & ~Q(notice__in=hidden_notices(actor).values("pk"))
    )
    return Proposal.objects.filter(theirs)


def proposal_for(actor: Actor, ref: str) -> Proposal:
    """One of them. Raises NotFound."""
    rows = visible_proposals(actor).select_related("case", "notice", "proposed_by", "second")
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such proposal."))
    return found


def _second(actor: Actor, ref: str) -> tuple[Proposal, Verb]:
    require(actor, "second_proposal")
    row = proposal_for(actor, ref)
    verb = _verbs.get(row.verb)
    if verb is None:
        raise NotFound(_("There is no such proposal."))
    _may(actor, verb)
    if row.state != "proposed":
        raise Conflict(_("This was settled meanwhile."))
    if row.expires_at <= timezone.now():
        raise Conflict(_("Nobody confirmed this in time; it has lapsed."))
    return row, verb


def _end(row: Proposal, state: str, second: int | None) -> None:
    now = timezone.now()
    waiting = Proposal.objects.filter(pk=row.pk, state="proposed")
    if not waiting.update(state=state, second_id=second, ended_at=now):
        raise Conflict(STALE)
    row.state, row.second_id, row.ended_at = state, second, now


def _may(actor: Actor, verb: Verb) -> None:
    if not actor.roles & verb.roles:
        names = _(" or ").join(_(ROLE_WORDS[role]) for role in ROLES if role in verb.roles)
        raise Forbidden(_("This needs the role %(names)s.") % {"names": names})


def _subject(actor: Actor, case_ref: str, notice_ref: str) -> tuple[Case | None, Notice | None]:
    if case_ref:
        case = visible_cases(actor).filter(ref=case_ref).first()
        if case is None:
            raise NotFound(_("There is no such case."))
        return case, None
    hidden = hidden_notices(actor).values("pk")
    notice = Notice.objects.filter(ref=notice_ref).exclude(pk__in=hidden).first()
    if notice is None:
        raise NotFound(_("There is no such notice."))
    return None, notice


def _open(verb: str, case: Case | None, notice: Notice | None) -> QuerySet[Proposal]:
    return Proposal.objects.filter(verb=verb, case=case, notice=notice, state="proposed")


def _key(row: Proposal) -> str:
    if row.case is not None:
        return row.case.subject_key
    return row.notice.notifier_key if row.notice is not None else ""


def _faults(verb: Verb, why: str, reason: str, until: date | None, about: str) -> list[Fault]:
    faults = text_faults("reason", reason, MAX_REASON, _("Say why, so that a second person can judge it."))
    if why not in REASONS:
        faults.append(Fault("why", "missing", _("Choose what it is for.")))
    if about not in verb.about:
        faults.append(Fault("verb", "choice", _("This cannot be done with it.")))
    if verb.until and (until is None or until <= timezone.localdate()):
        faults.append(Fault("until", "missing", _("Give a last day that lies ahead.")))
    return faults
