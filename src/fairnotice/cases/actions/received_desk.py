"""What a person does with what no program could settle."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions.receive import OWNER, move
from fairnotice.cases.actions.submit import Submitted, submit_notice
from fairnotice.cases.drafts import NoticeDraft
from fairnotice.cases.errors import Invalid, NotFound
from fairnotice.cases.models import Received
from fairnotice.cases.people import visible_messages
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.texts import text_faults
from fairnotice.law.trusted import TRUSTED
from fairnotice.ledger.append import Personal, append
from fairnotice.vault import keys

MAX_WHY = 1000


def received_for(actor: Actor, ref: str) -> Received:
    """What came in, for who may read sealed texts. Raises NotFound, Forbidden."""
    require(actor, "see_sealed")
    found = visible_messages(actor).select_related("event", "notice").filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such message."))
    return found


@transaction.atomic
def take_draft(*, actor: Actor, received_ref: str, draft: NoticeDraft) -> Submitted:
    """The actor has completed what came in: it becomes a notice of whoever sent it, and they get its code
    where they left an address. A statement of good faith is theirs alone to give, so none is asked for.
    Raises Invalid with every fault, Refused, Conflict, NotFound, Forbidden."""
    require(actor, "settle_received")
    received = received_for(actor, received_ref)
    if draft.source_type == TRUSTED:
        # That is for a client whose status is recorded here; what came in carries no token of one.
        draft = replace(draft, source_type="SOURCE_TYPE_OTHER_NOTIFICATION")
    submitted = submit_notice(
        draft=draft, door=received.door, machine=True, receipt="code", actor_id=actor.user_id
    )
    move(received, "take", notice=submitted.notice)
    return submitted


@transaction.atomic
def dismiss(*, actor: Actor, received_ref: str, why: str) -> Received:
    """It is no notice, and the actor says why. It stays stored, and can be taken up again."""
    require(actor, "settle_received")
    received = received_for(actor, received_ref)
    faults = text_faults("why", why, MAX_WHY, _("Say why this is no notice."))
    if faults:
        raise Invalid(faults)
    move(received, "dismiss")
    sealed.replace(OWNER, received.ref, received.key_id, "dismissed", why)
    _act(actor, received, "message.dismissed", why.strip())
    return received


@transaction.atomic
def release(*, actor: Actor, received_ref: str) -> Received:
    """Out of quarantine, to be read; or taken up again after it was put away."""
    require(actor, "settle_received")
    received = received_for(actor, received_ref)
    if received.state == "dismissed" and not received.reason:
        received.reason = "needs-a-person"
    move(received, "release", reason="" if received.state == "held" else received.reason, attempts=0)
    _act(actor, received, "message.released", None)
    return received


@transaction.atomic
def file(*, actor: Actor, received_ref: str) -> Received:
    """Somebody has read it and it needs nothing."""
    require(actor, "settle_received")
    received = received_for(actor, received_ref)
    move(received, "file")
    _act(actor, received, "message.filed", None)
    return received


def _act(actor: Actor, received: Received, kind: str, why: str | None) -> None:
    key_id = received.key_id
    if why is not None and keys.is_destroyed(key_id):
        why, key_id = "", keys.new_key("subject")
    append(
        kind=kind,
        open={"by": "person"},
        personal=[] if why is None else [Personal("why", why, key_id)],
        actor_id=actor.user_id,
        case_ref=received.ref,
        follows=received.event,
    )
