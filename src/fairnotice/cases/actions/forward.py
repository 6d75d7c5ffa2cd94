"""A notice that other organisations answer for: who can be asked, the notifier's yes, and the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.chains import Chain, ContactPoint, Link
from fairnotice.answerable.lookup import covering, said
from fairnotice.answerable.models import Delegation, Resource
from fairnotice.answerable.resources import NotALocation, parse_resource
from fairnotice.answerable.rows import target_of
from fairnotice.cases import peers, sealed
from fairnotice.cases.actions import forward_send
from fairnotice.cases.actions.forward_send import move
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import (
    AccessCode,
    Forward,
    ForwardAnswer,
    ForwardConsent,
    ForwardStatus,
    ForwardToken,
    Notice,
    NoticeItem,
)
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.models.forward import ASKED
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.recipients import Recipient, recipients
from fairnotice.cases.steps import STALE
from fairnotice.cases.texts import text_faults
from fairnotice.law.forwarding import ANSWERS, names_those_above_us, passes_by_site
from fairnotice.ledger.append import Personal, append
from fairnotice.ledger.models import Event
from fairnotice.vault import codes as vault_codes
from fairnotice.vault import keys

MAX_ANSWER = 5000
# The door of what another organisation forwarded to us (`cases.actions.inbox`).
FORWARDED = "forward"


def propose(*, notice: Notice, found: Iterable[tuple[NoticeItem, Chain]], machine: bool = False) -> None:
    """Name, for each item, the organisations that can be asked. Part of `submit_notice`; nothing is sent.

    `machine`: a program sent it and there is nobody to ask. Where the operator's standing setting says so,
    its senders have agreed beforehand, and it goes out with location and category alone.
    """
    if notice.door == FORWARDED:
        # Whoever forwarded it to us knows the chain and its notifier, and goes on to the next by themselves;
        # so no notice goes round in a circle.
        return
    asked = (notice.problem, notice.category, notice.keyword)
    named: list[tuple[NoticeItem, Recipient, int]] = []
    for item, chain in found:
        chosen = recipients(
            chain,
            own=settings.FN_OWN_ORGANISATION,
            past_site=passes_by_site(*asked),
            above_us=names_those_above_us(*asked) and not machine,
            usable=_usable,
        )
        named += [(item, one, position) for position, one in enumerate(chosen)]
    if not named:
        return
    now = timezone.now()
    event = append(
        kind="forward.proposed",
        open={"items": len({item.pk for item, _one, _at in named}), "organisations": len(named)},
        case_ref=notice.ref,
        follows=notice.event,
    )
    for item, one, position in named:
        made = Forward.objects.create(
            item=item,
            position=position,
            handle=one.link.handle,
            organisation=one.link.name,
            channel=one.point.channel,
            contact=one.point.address,
            reason=one.reason,
            answer_hours=_answer_hours(one.link),
            proposed_at=now,
            event=event,
        )
        ForwardStatus.objects.create(forward=made, changed_at=now)
    if machine and settings.FN_FORWARD_MACHINE_REPORTS:
        waiting = _proposed(notice)
        _agree(notice, waiting, given_by="standing", words=False, contact=False, now=now)


@transaction.atomic
def confirm(
    *, access: AccessCode, chosen: Sequence[str], with_words: bool = False, with_contact: bool = False
) -> int:
    """The notifier says yes to these organisations (references of forwards) and to what may go along.

    The first of each item is written to at once, the others wait until those before them have not answered.
    Returns how many. Raises NotFound, Refused, Invalid where none was chosen, Conflict where one of them was
    answered for meanwhile.
    """
    notice = _own_notice(access)
    if not chosen:
        raise Invalid([Fault("chosen", "missing", _("Tick whom to tell, or say that nobody is to be told."))])
    waiting = [status for status in _proposed(notice) if status.forward.ref in set(chosen)]
    if len(waiting) != len(set(chosen)):
        raise Conflict(STALE)
    now = timezone.now()
    _agree(notice, waiting, given_by="notifier", words=with_words, contact=with_contact, now=now)
    return len(waiting)


@transaction.atomic
def decline(*, access: AccessCode) -> int:
    """The notifier wants nobody of those still named to be told. Raises NotFound, Refused, Conflict."""
    notice = _own_notice(access)
    waiting = _proposed(notice)
    if not waiting:
        raise Conflict(STALE)
    for status in waiting:
        move(status, "decline")
    append(kind="forward.declined", open={"organisations": len(waiting)}, case_ref=notice.ref)
    return len(waiting)


@transaction.atomic
def record_answer(*, token: str, status: str, text: str = "", door: str) -> ForwardAnswer:
    """What an organisation answers, by the token of a letter to it.

    `status` is one of `law.forwarding.ANSWERS`, `text` what it adds (up to 5,000 characters), `door` "link",
    "mail" or "rest". The same answer a second time changes nothing. Raises NotFound for a token that opens
    nothing, Invalid, and Refused where its answer is final already or is no longer needed.
    """
    row = forward_of(token)
    if row is None:
        raise NotFound(_("This link or token opens nothing. It may have been copied in part."))
    return _record(row, status, text, door, None)


@transaction.atomic
def record_by_hand(*, actor: Actor, forward_ref: str, status: str, text: str = "") -> ForwardAnswer:
    """An answer that came in another way (a call, a letter), recorded by a person at the desk. Raises as
    `record_answer`, Forbidden."""
    require(actor, "forward")
    return _record(forward_for(actor, forward_ref), status, text, "desk", actor)


def record_from_mail(*, status: ForwardStatus, answer: str, text: str) -> ForwardAnswer:
    """An answer by mail, whose forward was found. Part of `take_letter`."""
    return _record(status, answer, text, "mail", None)


def forward_of(token: str) -> ForwardStatus | None:
    """The forward that a token answers for, or None: wrong and malformed look the same."""
    mac = vault_codes.code_mac(vault_codes.normalise(token))
    found = ForwardToken.objects.filter(mac=mac).first()
    return _statuses().get(pk=found.forward_id) if found else None


def forward_for(actor: Actor, ref: str) -> ForwardStatus:
    """A forward of a case that this person may see. Raises NotFound."""
    found = _statuses().filter(forward__ref=ref, forward__item__case__in=visible_cases(actor)).first()
    if found is None:
        raise NotFound(_("There is no such forwarding."))
    return found


def check_answer(status: str, text: str) -> list[Fault]:
    """Every fault of an answer."""
    faults = text_faults("text", text, MAX_ANSWER)
    if status not in ANSWERS:
        faults.append(Fault("status", "choice", _("Choose one of the answers.")))
    return faults


def _record(row: ForwardStatus, answer: str, text: str, door: str, actor: Actor | None) -> ForwardAnswer:
    faults = check_answer(answer, text)
    if faults:
        raise Invalid(faults)
    forward, words = row.forward, text.strip()
    last = forward.answers.order_by("-id").first()
    if last is not None and last.answer == answer == row.answer and not words:
        return last
    if row.state not in ASKED:
        raise Refused(_("An answer is no longer needed here. Thank you."))
    move(row, "take" if answer == "taken" else "answer", answer=answer)
    event = _answered(forward, answer, words, door, actor)
    made = ForwardAnswer.objects.create(
        ref=new_ref(),
        forward=forward,
        answer=answer,
        door=door,
        received_at=timezone.now(),
        text_length=len(words),
        recorded_by_id=actor.user_id if actor else None,
        event=event,
    )
    sealed.replace("forward-answer", made.ref, forward.item.notice.notifier_key, "text", words)
    if answer == "not_ours":
        forward_send.advance(forward.item)
    elif answer != "taken":
        forward_send.spare(forward.item)
    forward_send.tell(forward.item.notice)
    return made


def _answered(forward: Forward, answer: str, words: str, door: str, actor: Actor | None) -> Event:
    notice = forward.item.notice
    key_id = notice.notifier_key
    if keys.is_destroyed(key_id):
        # Whom it was for has been erased. The act stands, its words are not kept.
        words, key_id = "", keys.new_key("subject")
    return append(
        kind="forward.answered",
        open={"answer": answer, "door": door},
        personal=[Personal("text", words, key_id)],
        actor_id=actor.user_id if actor else None,
        case_ref=forward_send.case_ref(forward.item),
        follows=forward.event,
    )


def _agree(
    notice: Notice, waiting: list[ForwardStatus], *, given_by: str, words: bool, contact: bool, now: datetime
) -> None:
    event = append(
        kind="forward.confirmed",
        open={"organisations": len(waiting), "by": given_by, "words": words, "contact": contact},
        case_ref=notice.ref,
        follows=notice.event,
    )
    items = {}
    for status in waiting:
        ForwardConsent.objects.create(
            forward=status.forward,
            given_by=given_by,
            with_words=words,
            with_contact=contact,
            given_at=now,
            event=event,
        )
        move(status, "confirm", confirmed_at=now)
        items[status.forward.item_id] = status.forward.item
    for item in items.values():
        forward_send.advance(item)


def _own_notice(access: AccessCode) -> Notice:
    if access.notice is None:
        raise NotFound(_("There is no notice behind this code."))
    notice = Notice.objects.get(pk=access.notice.pk)
    if notice.state == "withdrawn":
        raise Refused(_("You have withdrawn this notice."))
    return notice


def _statuses() -> forward_send.Statuses:
    return ForwardStatus.objects.select_related(
        "forward__item__notice", "forward__item__case", "forward__event"
    )


def _proposed(notice: Notice) -> list[ForwardStatus]:
    return list(
        _statuses()
        .filter(forward__item__notice=notice, state="proposed")
        .order_by("forward__item__position", "forward__position")
    )


def _usable(point: ContactPoint) -> bool:
    """Whether this service can write there by itself. A web form waits for a person, and a REST address
    counts only where the operator has named it as a peer."""
    if point.channel == "rest":
        return peers.peer_for(point.address) is not None
    return point.channel in ("mail", "xarf", "arf")


def _answer_hours(link: Link) -> int:
    """What was agreed for the holding by which it stands in the chain, else what the settings say."""
    try:
        target = parse_resource(link.resource)
    except NotALocation:
        return settings.FN_ANSWER_HOURS
    rows = Delegation.objects.filter(
        said(None),
        to_org__handle=link.handle,
        kind=link.kind,
        answer_hours__isnull=False,
        resource__in=Resource.objects.filter(covering(target)),
    ).select_related("resource")
    agreed = [row.answer_hours for row in rows if target_of(row.resource).text == link.resource]
    return min((hours for hours in agreed if hours), default=settings.FN_ANSWER_HOURS)
