"""What could not be sent for good waits for a person, who has it sent again or puts it away."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.cases.actions import forward_customer, forward_send
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.models import CustomerLetter, ForwardStatus, StatementStatus
from fairnotice.cases.models.forward import RUNNING
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.queries import outgoing as queries
from fairnotice.cases.steps import STALE
from fairnotice.ledger import outbox
from fairnotice.ledger.append import append
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import keys

# More is no number of a row in any database.
_LARGEST = 2**63 - 1


@transaction.atomic
def resend(*, actor: Actor, number: int) -> None:
    """Try again what was given up, now and with all its tries, as the same letter. Raises Forbidden,
    NotFound, Conflict where it was not given up (any more), and Refused where it would say something that no
    longer holds."""
    require(actor, "resend")
    row = _given_up(actor, number)
    if keys.is_destroyed(row.key_id):
        raise Refused(_("What it said has been erased, so it cannot be sent."))
    if row.kind == "statement":
        _wait_again(row)
    elif row.kind in forward_send.KINDS:
        _ask_again(row)
    elif row.kind == forward_customer.CUSTOMER:
        _pass_again(row)
    try:
        outbox.retry(row)
    except outbox.LeaseLost:
        raise Conflict(STALE) from None
    _note(actor, row, "outgoing.resent")


@transaction.atomic
def put_away(*, actor: Actor, number: int) -> None:
    """What was given up is sent to nobody any more. Raises Forbidden, NotFound, Conflict where it was not
    given up (any more), and Refused for a statement whose reader has to be told in another way first."""
    require(actor, "resend")
    row = _given_up(actor, number)
    if row.kind == "statement" and StatementStatus.objects.filter(
        statement__ref=row.ref, dispatched_at__isnull=True
    ):
        raise Refused(_("They have to be told: choose another way to reach them, under Statements."))
    try:
        outbox.put_away(row)
    except outbox.LeaseLost:
        raise Conflict(STALE) from None
    _note(actor, row, "outgoing.put-away")


def _given_up(actor: Actor, number: int) -> OutboxRow:
    row = queries.rows(actor).filter(pk=number).first() if 0 < number <= _LARGEST else None
    if row is None:
        raise NotFound(_("There is no such letter waiting; it may have gone out."))
    if not row.dead:
        raise Conflict(_("This is being tried by itself; nothing needs to be done."))
    return row


def _wait_again(row: OutboxRow) -> None:
    """The statement counts as on its way, so that its arrival is what tells the affected party."""
    StatementStatus.objects.filter(statement__ref=row.ref, channel="email", state="failed").update(
        state="queued"
    )


def _ask_again(row: OutboxRow) -> None:
    status = ForwardStatus.objects.select_related("forward__item__notice", "forward__item__case").get(
        forward__ref=row.ref
    )
    item = status.forward.item
    if item.notice.state == "withdrawn":
        raise Refused(_("The notice was taken back."))
    if status.state in (*RUNNING, "overdue"):
        return  # a reminder
    if status.state != "undeliverable" or any(
        other.state in (*RUNNING, "answered") for other in forward_send.of_item(item)
    ):
        raise Refused(_("Somebody else has been asked about it by now, or nobody need be asked any more."))
    forward_send.move(status, "resend")


def _pass_again(row: OutboxRow) -> None:
    letter = CustomerLetter.objects.select_related("item__notice").get(ref=row.ref)
    if refusal := forward_customer.why_not(letter.item):
        raise Refused(refusal)
    CustomerLetter.objects.filter(pk=letter.pk, state="failed").update(state="queued", ended_at=None)


def _note(actor: Actor, row: OutboxRow, kind: str) -> None:
    [view] = queries.views([row])
    append(
        kind=kind,
        open={"what": row.kind},
        actor_id=actor.user_id,
        case_ref=view.cases[0] if view.cases else "",
    )
