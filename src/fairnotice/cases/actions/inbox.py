"""A notice that another organisation forwards to us, and what we answer to it."""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.cases import codes, peers, sealed
from fairnotice.cases.actions.submit import submit_notice
from fairnotice.cases.drafts import Fault, NoticeDraft
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import ApiToken, Decision, Inbound, Notice, Statement
from fairnotice.cases.models.case import OPEN_STATES
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.models.inbox import OPEN
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE
from fairnotice.cases.texts import text_faults
from fairnotice.cases.wording import in_words
from fairnotice.law.forwarding import ANSWERS
from fairnotice.ledger import outbox
from fairnotice.ledger.append import Personal, append
from fairnotice.vault import codes as vault_codes
from fairnotice.vault import keys
from fairnotice.vault.errors import Erased

ANSWER_REST = "answer-rest"
MAX_ANSWER = 5000
_MAX_SENDER = 200


@dataclass(frozen=True)
class Sender:
    """Who forwards, by when it asks for an answer, and where the answer goes; the address is used only where
    it lies under a peer's. `forwarded`: it carries our extension, so it began as somebody's notice there."""

    name: str
    answer_by: datetime | None = None
    answer_url: str = ""
    answer_token: str = ""
    forwarded: bool = False


@transaction.atomic
def take_in(
    *, draft: NoticeDraft, sender: Sender, token: ApiToken, idempotency_key: str
) -> tuple[Inbound, bool]:
    """Take a forwarded notice in as one of a machine. Returns it and whether this was a retry.

    The same key of the same client is the same notice, for ever, whichever of its tokens it comes with; a
    retry may bring a newer address for the answer, which then counts. Raises Invalid with every fault,
    Conflict where the key was used with another notice.
    """
    # No two of them at once: every transaction here writes, and writers take turns.
    known = _known(token, idempotency_key)
    if known is not None:
        if not hmac.compare_digest(bytes(known.digest), _mac(known.token, "digest", _digest(draft))):
            raise Conflict(_("This idempotency key was used with a different notice."))
        _remember(known, sender)
        return known, True
    # Without our extension it is no notice that somebody forwarded, but a program's own report.
    door = "forward" if sender.forwarded else "xarf"
    submitted = submit_notice(draft=draft, door=door, machine=True, client=token.client)
    inbound = Inbound(
        ref=new_ref(),
        notice=submitted.notice,
        token=token,
        key_mac=_mac(token, "key", _raw(idempotency_key)),
        digest=_mac(token, "digest", _digest(draft)),
        received_at=submitted.notice.received_at,
    )
    _remember(inbound, sender)
    return inbound, False


def state_of(*, token: ApiToken, ref: str) -> tuple[Inbound, str]:
    """A forwarded notice and the words of its answer, for whoever forwarded it. Raises NotFound; what another
    client forwarded looks as if it did not exist."""
    inbound = Inbound.objects.filter(token__client=token.client_id, ref=ref).first()
    if inbound is None:
        raise NotFound(_("There is no such forwarded notice."))
    return inbound, sealed.read_many("inbound", inbound.ref, ["answer"])["answer"]


@transaction.atomic
def answer_sender(*, actor: Actor, inbound_ref: str, answer: str, text: str = "") -> Inbound:
    """A person answers: "taken", "not_ours", "too_old" or "answered" with words. Raises NotFound, Forbidden,
    Invalid, Refused where the answer is final already, Conflict where somebody was faster."""
    require(actor, "answer_sender")
    inbound = inbound_for(actor, inbound_ref)
    missing = _("Say what you answer.") if answer == "answered" else ""
    faults = text_faults("text", text, MAX_ANSWER, missing)
    if answer not in ANSWERS:
        faults.append(Fault("answer", "choice", _("Choose one of the answers.")))
    if faults:
        raise Invalid(faults)
    if inbound.answer not in OPEN or (inbound.answer == answer == "taken"):
        raise Refused(_("The sender has this answer already."))
    _answer(inbound, answer, text.strip(), actor)
    return inbound


def answer_with_decision(decision: Decision, notice: Notice) -> None:
    """What was decided is the answer to whoever forwarded the notice, once all its items are decided and
    where none that is final was given. Part of the decision's own transaction.

    It carries a code of the notifier's side: where the notice came without their address, this is the one way
    in which the decision and the means of redress (article 16(5)) reach them.
    """
    inbound = Inbound.objects.select_related("notice__event").filter(notice=notice).first()
    if inbound is None or inbound.answer not in OPEN:
        return
    if notice.items.exclude(case=decision.case).filter(case__state__in=OPEN_STATES).exists():
        return
    told = Statement.objects.filter(notice=notice, outcome__isnull=True).order_by("id")
    bodies = [sealed.read_json("statement", statement.ref, "body") for statement in told]
    lines = [
        "\n".join([section.title, *section.lines])
        for body in bodies
        if body is not None
        for section in in_words(body)
    ]
    way = ""
    if inbound.reachable:
        # The code goes out and is not kept: nobody at the desk may read it.
        way = "\n\n" + _(
            "The notifier can read this as a page, or appeal, at %(page)s with the code %(code)s"
        ) % {
            "page": f"{settings.FN_BASE_URL}/status/",
            "code": vault_codes.show(codes.mint(side="notifier", notice=notice)),
        }
    _answer(inbound, "answered", "\n\n".join(lines)[: MAX_ANSWER - len(way)], None, besides=way)


def inbound_for(actor: Actor, ref: str) -> Inbound:
    """A forwarded notice about a case that this person may see. Raises NotFound."""
    rows = Inbound.objects.select_related("notice__event").filter(ref=ref)
    found = rows.filter(notice__items__case__in=visible_cases(actor)).first()
    if found is None:
        raise NotFound(_("There is no such forwarded notice."))
    return found


def _answer(inbound: Inbound, answer: str, text: str, actor: Actor | None, *, besides: str = "") -> None:
    key_id = inbound.notice.notifier_key
    if keys.is_destroyed(key_id):
        # Whom it was about has been erased. The act stands, its words are not kept.
        text, key_id = "", keys.new_key("subject")
    event = append(
        kind="inbound.answered",
        open={"answer": answer, "by": "person" if actor else "decision"},
        personal=[Personal("text", text, key_id)],
        actor_id=actor.user_id if actor else None,
        case_ref=inbound.notice.ref,
        follows=inbound.notice.event,
    )
    same = Inbound.objects.filter(pk=inbound.pk, answer=inbound.answer)
    if not same.update(answer=answer, answered_at=event.at, answer_length=len(text)):
        raise Conflict(STALE)
    inbound.answer, inbound.answered_at, inbound.answer_length = answer, event.at, len(text)
    sealed.replace("inbound", inbound.ref, inbound.notice.notifier_key, "answer", text)
    if not inbound.reachable:
        return
    try:
        outbox.enqueue(
            kind=ANSWER_REST,
            ref=inbound.ref,
            payload={"inbound": inbound.ref, "status": answer, "text": text + besides},
            key_id=inbound.notice.notifier_key,
        )
    except Erased:
        return  # with the key went the address


def _remember(inbound: Inbound, sender: Sender) -> None:
    """Where the answer goes and by when, as the sender said last."""
    inbound.reachable = bool(sender.answer_token) and peers.peer_for(sender.answer_url) is not None
    inbound.answer_by = sender.answer_by
    # Of a known one nothing else changes here, least of all its answer.
    inbound.save(update_fields=["reachable", "answer_by"] if inbound.pk else None)
    values = {"sender": sender.name[:_MAX_SENDER]}
    if inbound.reachable:
        values |= {"answer_url": sender.answer_url, "answer_token": sender.answer_token}
    with suppress(Erased):
        # A retry of what was erased here meanwhile: it is known, and nothing of it is kept.
        sealed.put("inbound", inbound.ref, inbound.notice.notifier_key, values)


def _known(token: ApiToken, idempotency_key: str) -> Inbound | None:
    """What came under this key before. Each of the client's tokens marks keys in its own way, so that a retry
    is found after a token was replaced too."""
    text = _raw(idempotency_key)
    rows = Inbound.objects.select_related("notice", "token").filter(token__client=token.client_id)
    for one in ApiToken.objects.filter(client=token.client_id).order_by("-pk"):
        found = rows.filter(token=one, key_mac=_mac(one, "key", text)).first()
        if found is not None:
            return found
    return None


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _digest(draft: NoticeDraft) -> bytes:
    # What the report says besides (when it was sent, until when to answer) may be said anew with a retry.
    return replace(draft, report=None).digest()


def _mac(token: ApiToken, purpose: str, data: bytes) -> bytes:
    # Under a secret of ours: a plain hash of a short notice could be guessed back.
    message = f"{purpose}\0{token.pk}\0".encode() + data
    return hmac.digest(keys.named_secret("inbound"), message, "sha256")
