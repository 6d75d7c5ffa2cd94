"""What happens to a statement of reasons on its way into the EU database (DSA article 24(5)): it is made
ready, held for a person, let go, taken by the database or refused by it. Sending is `delivery.database`."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import filings, sealed
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.filing_leases import gate
from fairnotice.cases.models import Filing, FilingGate
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE, step
from fairnotice.cases.texts import character_faults, text_faults
from fairnotice.ledger.append import Personal, append
from fairnotice.vault import keys

MAX_FACTS, MAX_EXPLANATION, MAX_REASON = 5000, 2000, 2000
#: What the database answers is cut to so much.
_MOST_SAID = 4000


def prepare(*, place: str, now: datetime, most: int = 1000) -> int:
    """Give each decision that took effect its row and its identifier. Returns how many."""
    gone = Filing.objects.filter(decision__case__erased_at__isnull=False, state__in=_CAN_GO)
    for ref in list(gone.values_list("ref", flat=True)):
        stop_one(filing_ref=ref)
    due = list(filings.due(place).values_list("pk", flat=True)[:most])
    return sum(_prepare(pk, place, now) for pk in due)


#: From here one can still be erased: the database does not have it, as far as we know.
_CAN_GO = ("queued", "held", "rejected")


@transaction.atomic
def _prepare(pk: int, place: str, now: datetime) -> int:
    decision = filings.due(place).select_related("case", "event").filter(pk=pk).first()
    if decision is None:
        return 0  # another process was faster
    filing = Filing(
        ref=new_ref(),
        decision=decision,
        place=place,
        # Ours alone: random, so it leads nobody to a case, and nobody who sent a notice holds it.
        puid=secrets.token_hex(16),
        applied_on=filings.applied_on(decision),
        made_at=now,
        due_at=now,
    )
    _judge(filing)
    filing.event = append(
        kind="filing.prepared",
        open={"place": place, "state": filing.state, "reason": filing.reason},
        case_ref=decision.case.ref,
        follows=decision.event,
    )
    filing.save(force_insert=True)
    return 1


def _judge(filing: Filing) -> None:
    """Set the state by what is amiss now."""
    try:
        looked = filings.look(filing)
    except filings.TextsErased:
        filing.state, filing.reason, filing.faults = step("filing", filing.state, "erase"), "", []
        return
    filing.faults = looked.names
    filing.reason = looked.hindered(cleared=filing.cleared)
    if filing.reason:
        filing.state = step("filing", filing.state, "hold")


@transaction.atomic
def stop_one(*, filing_ref: str) -> None:
    """Looked at once more before it leaves, it may not: it is held for a person, or was erased. Part of
    sending. Nothing happens where it may."""
    filing = _found(filing_ref)
    if filing.decision.case.erased_at and filing.state in _CAN_GO:
        filing.state, filing.reason, filing.faults = step("filing", filing.state, "erase"), "", []
    elif filing.state == "queued":
        _judge(filing)
    if filing.state not in ("held", "erased"):
        return
    _write(filing, {"state": filing.state, "reason": filing.reason, "faults": filing.faults})
    append(
        kind="filing.held",
        open={"state": filing.state, "reason": filing.reason},
        case_ref=filing.decision.case.ref,
        follows=filing.event,
    )


@transaction.atomic
def release(
    *, actor: Actor, filing_ref: str, version: int, facts: str, explanation: str, reason: str = ""
) -> Filing:
    """A person has looked at one that was held or refused: it is sent, in these words. They are kept beside
    the decision's own where they differ. What still looks like personal data, or breaks a rule of ours, needs
    a reason. Raises Invalid with every fault, NotFound, Conflict, Refused, Forbidden."""
    require(actor, "file_statements")
    filing = filing_for(actor, filing_ref)
    if filing.version != version:
        raise Conflict(STALE)
    state = step("filing", filing.state, "release")
    try:
        draft = filings.draft_of(filing.decision)
    except filings.TextsErased:
        raise Refused(_("The texts of this decision were erased: nothing can be sent any more.")) from None
    texts = {"facts": facts.strip(), "explanation": explanation.strip()}
    edited = texts != {"facts": draft.facts, "explanation": draft.explanation}
    faults = text_faults("facts", facts, MAX_FACTS, _("Say what was found."))
    faults += text_faults(
        "explanation", explanation, MAX_EXPLANATION, _("Say why it falls under the ground.")
    )
    faults += character_faults("reason", reason[:MAX_REASON])
    looked = filings.look(filing, texts)
    faults += _against(looked, reason)
    if faults:
        raise Invalid(faults)
    cleared = bool(looked.places or looked.findings)
    key_id = filing.decision.case.subject_key
    for name in filings.TEXTS:
        sealed.drop(filings.OWNER, filing.ref, name)
    if edited:
        sealed.put(filings.OWNER, filing.ref, key_id, texts)
    sealed.drop(filings.OWNER, filing.ref, "said")
    why = sealed.replace(filings.OWNER, filing.ref, key_id, "reason", reason if cleared else "")
    _write(
        filing,
        {
            "state": state,
            "reason": "",
            "faults": looked.names,
            "edited": edited,
            "cleared": cleared,
            "released_by_id": actor.user_id,
            "reason_length": why,
            "due_at": timezone.now(),
            "alone": False,
            "error_code": "",
        },
    )
    append(
        kind="filing.released",
        open={"edited": edited, "confirmed": cleared},
        personal=[
            Personal("facts", texts["facts"] if edited else "", key_id),
            Personal("explanation", texts["explanation"] if edited else "", key_id),
            Personal("reason", reason.strip() if cleared else "", key_id),
        ],
        actor_id=actor.user_id,
        case_ref=filing.decision.case.ref,
        follows=filing.event,
    )
    filing.refresh_from_db()
    return filing


def _against(looked: filings.Looked, reason: str) -> list[Fault]:
    """What stands against sending it so; a reason that is long enough answers what only we ask for."""
    faults = [
        Fault(
            "statement", found.rule, _("The database would refuse this: %(why)s") % {"why": _(found.message)}
        )
        for found in looked.findings
        if found.level == "database"
    ]
    if len(reason) > MAX_REASON:
        faults.append(Fault("reason", "long", _("This is too long.")))
    if (looked.places or looked.findings) and not reason.strip():
        say = _(
            "Something still looks like personal data, or is unusual: rewrite it, or say why it may go so."
        )
        faults.append(Fault("reason", "missing", say))
    return faults


@transaction.atomic
def accepted(*, filing_ref: str, uuid: str, made: dict[str, object] | None, how: str) -> bool:
    """The database has it, under this uuid ("" where it only said that it knows our identifier). `made`: the
    object as it left, for the commitment; `how`: "sent" or "known". A second call changes nothing. Whether it
    was news."""
    filing = _found(filing_ref)
    if filing.state == "accepted":
        if uuid and not filing.uuid:
            Filing.objects.filter(pk=filing.pk, uuid="").update(uuid=uuid)
        return False
    state = step("filing", filing.state, "accept")
    changes = {
        "state": state,
        "reason": "",
        "uuid": uuid,
        "accepted_at": timezone.now(),
        "leased_until": None,
        "call": "",
        "error_code": "",
    }
    _write(filing, changes)
    sealed.drop(filings.OWNER, filing.ref, "said")
    append(
        kind="filing.accepted",
        open={"place": filing.place, "uuid": uuid, "how": how},
        personal=[_object(filing, made)],
        case_ref=filing.decision.case.ref,
        follows=filing.event,
    )
    return True


def _object(filing: Filing, made: dict[str, object] | None) -> Personal:
    key_id = filing.decision.case.subject_key
    # Where the case was erased meanwhile, nothing is committed under its key any more.
    if keys.is_destroyed(key_id):
        return Personal("statement", "", keys.new_key("record"))
    value: Any = made or ""
    return Personal("statement", value, key_id)


@transaction.atomic
def rejected(*, filing_ref: str, call: str, said: str) -> bool:
    """The database refused it and says why; it waits for a person. Whether it was still in this call."""
    filing = _found(filing_ref)
    if filing.state != "sending" or filing.call != call:
        return False
    changes = {
        "state": step("filing", filing.state, "reject"),
        "leased_until": None,
        "call": "",
        "error_code": "refused",
    }
    _write(filing, changes)
    key_id = filing.decision.case.subject_key
    # It may repeat what we sent.
    sealed.replace(filings.OWNER, filing.ref, key_id, "said", said[:_MOST_SAID])
    append(
        kind="filing.rejected",
        open={"place": filing.place},
        case_ref=filing.decision.case.ref,
        follows=filing.event,
    )
    return True


@transaction.atomic
def stop_all(*, why: str) -> bool:
    """The database does not take our token: nothing is sent any more until a person says so. Whether it was
    news."""
    gate()
    running = FilingGate.objects.filter(one=1, stopped_for="")
    if not running.update(stopped_for=why, stopped_at=timezone.now()):
        return False
    append(kind="filing.stopped", open={"why": why})
    return True


@transaction.atomic
def go_on(*, actor: Actor | None) -> None:
    """A person has seen to it: what waits is sent again. `actor` None: at the command line. Raises Forbidden,
    Conflict where nothing was stopped."""
    if actor is not None:
        require(actor, "resend")
    stopped = FilingGate.objects.filter(one=1).exclude(stopped_for="")
    if not stopped.update(stopped_for="", stopped_at=None, not_before=None):
        raise Conflict(STALE)
    append(kind="filing.resumed", open={}, actor_id=actor.user_id if actor else None)


@transaction.atomic
def exported(*, place: str, form: str, statements: int) -> None:
    """So many statements were written into files at the command line: who has the files can send them."""
    append(kind="filing.exported", open={"place": place, "form": form, "statements": statements})


def filing_for(actor: Actor, ref: str) -> Filing:
    """One of those that this person may know of. Raises NotFound."""
    rows = Filing.objects.select_related("decision__case", "decision__event", "event", "released_by")
    found = rows.filter(ref=ref, decision__case__in=visible_cases(actor)).first()
    if found is None:
        raise NotFound(_("There is no such statement."))
    return found


def _found(ref: str) -> Filing:
    return Filing.objects.select_related("decision__case", "event").get(ref=ref)


def _write(filing: Filing, changes: dict[str, Any]) -> None:
    """Compare and set. Raises Conflict."""
    same = Filing.objects.filter(pk=filing.pk, version=filing.version)
    if not same.update(version=F("version") + 1, **changes):
        raise Conflict(STALE)
