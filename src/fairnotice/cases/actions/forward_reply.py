"""A letter that came back by mail."""

from __future__ import annotations

from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import replies, sealed
from fairnotice.cases.actions import forward, forward_send
from fairnotice.cases.errors import Conflict, NotFound
from fairnotice.cases.models import Forward, ForwardLetter, ForwardStatus
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.models.forward import ASKED
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.law.states import allowed
from fairnotice.ledger.append import Personal, append
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import keys

Taken = Literal["answer", "bounce", "automatic", "kept"]


@transaction.atomic
def take_letter(*, raw: bytes) -> Taken:
    """Take in one letter as a mail server hands it over.

    "answer": its first line is one of the four words, and it was recorded. "bounce": our letter came back,
    the next organisation is asked. "automatic": an automatic answer, kept. "kept": everything else, sealed,
    for a person at the desk; also what belongs to no letter of ours, and what names ours in its subject
    alone.
    """
    letter = replies.read(raw)
    row, proven = _found(letter)
    if row is not None and proven and letter.kind == "bounce":
        forward_send.undelivered(forward_ref=row.forward.ref, bounced=True)
        return "bounce"
    # An automatic letter may quote the four words; only a person's answer counts.
    if row is not None and proven and letter.kind == "reply" and letter.answer and _fits(row, letter):
        forward.record_from_mail(status=row, answer=letter.answer, text=letter.text[: forward.MAX_ANSWER])
        return "answer"
    _keep(letter, row)
    return "automatic" if row is not None and letter.kind != "reply" else "kept"


def belongs(raw: bytes) -> bool:
    """Whether a letter belongs to one that we sent, by what it carries, or names one in its subject."""
    return _found(replies.read(raw))[0] is not None


@transaction.atomic
def letter_handled(*, actor: Actor, letter_ref: str) -> None:
    """Somebody has looked at a letter that waited for a person. Raises NotFound, Forbidden, Conflict."""
    require(actor, "forward")
    letter = letter_for(actor, letter_ref)
    waiting = ForwardLetter.objects.filter(pk=letter.pk, handled_at=None)
    if not waiting.update(handled_at=timezone.now(), handled_by_id=actor.user_id):
        raise Conflict(_("Somebody has looked at this letter already."))
    append(
        kind="forward.letter-handled", open={}, actor_id=actor.user_id, case_ref=_case_ref(letter.forward_id)
    )


def letter_for(actor: Actor, ref: str) -> ForwardLetter:
    """A letter that this person may see: of a case that they may see, or of none. Raises NotFound."""
    letter = ForwardLetter.objects.select_related("forward__item__case").filter(ref=ref).first()
    item = letter.forward.item if letter and letter.forward else None
    if letter is None or (item and not visible_cases(actor).filter(items=item).exists()):
        raise NotFound(_("There is no such letter."))
    return letter


def _fits(row: ForwardStatus, letter: replies.Reply) -> bool:
    """Whether the answer can be recorded; what cannot (a second "taken") is read by a person, not lost."""
    if row.state not in ASKED or letter.answer is None:
        return False
    act = "take" if letter.answer == "taken" else "answer"
    text = letter.text[: forward.MAX_ANSWER]
    return act in allowed("forward", row.state) and not forward.check_answer(letter.answer, text)


def _found(letter: replies.Reply) -> tuple[ForwardStatus | None, bool]:
    """What a letter belongs to, and whether it proves that it comes from whom we wrote to: tokens and
    Message-IDs are random and known to the recipient alone. A reference proves nothing: the notifier's own
    page carries it too."""
    for token in letter.tokens:
        row = forward.forward_of(token)
        if row is not None:
            return row, True
    sent = OutboxRow.objects.filter(kind__in=forward_send.KINDS, message_id__in=letter.message_ids)
    named = Forward.objects.filter(ref__in=letter.references)
    known = sent.values_list("ref", flat=True).first()
    ref = known or named.values_list("ref", flat=True).first()
    rows = ForwardStatus.objects.select_related(
        "forward__item__notice", "forward__item__case", "forward__event"
    )
    return (rows.filter(forward__ref=ref).first() if ref else None), known is not None


def _keep(letter: replies.Reply, row: ForwardStatus | None) -> None:
    key_id = keys.new_key("subject")
    kept = ForwardLetter.objects.create(
        ref=new_ref(),
        forward=row.forward if row else None,
        received_at=timezone.now(),
        key_id=key_id,
        automatic=row is not None and letter.kind != "reply",
    )
    sealed.put("forward-letter", kept.ref, key_id, {"text": letter.text})
    append(
        kind="forward.letter",
        open={"known": row is not None, "automatic": kept.automatic},
        personal=[Personal("text", letter.text, key_id)],
        case_ref=_case_ref(kept.forward_id),
    )


def _case_ref(forward_id: int | None) -> str:
    if forward_id is None:
        return ""
    status = ForwardStatus.objects.select_related("forward__item__case", "forward__item__notice").get(
        pk=forward_id
    )
    return forward_send.case_ref(status.forward.item)
