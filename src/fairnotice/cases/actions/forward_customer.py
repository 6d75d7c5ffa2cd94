"""The last step: the operator's own system takes a letter for the customer whom an item concerns, and says
only whether it was delivered. No row here knows who the customer is."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.errors import NotFound, Refused
from fairnotice.cases.models import CustomerLetter, NoticeItem
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.law.forwarding import passes_by_site
from fairnotice.ledger import outbox
from fairnotice.ledger.append import append
from fairnotice.ledger.models import OutboxRow

CUSTOMER = "customer-letter"


@transaction.atomic
def pass_to_customer(*, actor: Actor, item_ref: str) -> CustomerLetter:
    """Hand an item, location and category alone, to the customer's hook. Raises NotFound, Forbidden, and
    Refused where there is no hook, a letter is on its way, or the customer may be whom it is about."""
    require(actor, "forward")
    item = (
        NoticeItem.objects.select_related("notice", "case")
        .filter(ref=item_ref, case__in=visible_cases(actor))
        .first()
    )
    if item is None or item.case is None:
        raise NotFound(_("There is no such item."))
    if refusal := why_not(item):
        raise Refused(refusal)
    event = append(
        kind="customer.asked",
        open={},
        actor_id=actor.user_id,
        case_ref=item.case.ref,
        follows=item.notice.event,
    )
    letter = CustomerLetter.objects.create(
        item=item, asked_by_id=actor.user_id, asked_at=timezone.now(), event=event
    )
    outbox.enqueue(
        kind=CUSTOMER, ref=letter.ref, payload={"letter": letter.ref}, key_id=item.notice.items_key
    )
    return letter


def why_not(item: NoticeItem) -> str:
    """Why an item is not passed to a customer; "" where it can be."""
    notice = item.notice
    if not settings.FN_CUSTOMER_HOOK:
        return _("No program for letters to customers is set up.")
    if notice.state == "withdrawn":
        return _("The notice was taken back.")
    if notice.staff_involved or passes_by_site(notice.problem, notice.category, notice.keyword):
        return _("The customer may be the one whom this is about, so they are not told.")
    if item.customer_letters.filter(state="queued").exists():
        return _("A letter to the customer is on its way already.")
    return ""


@transaction.atomic
def customer_told(*, letter_ref: str, delivered: bool) -> None:
    """What the operator's system said. Called by delivery; a second time changes nothing."""
    letter = CustomerLetter.objects.select_related("item__case", "event").get(ref=letter_ref)
    ended = CustomerLetter.objects.filter(pk=letter.pk, state="queued").update(
        state="delivered" if delivered else "failed", ended_at=timezone.now()
    )
    if ended:
        append(
            kind="customer.told",
            open={"delivered": delivered},
            case_ref=letter.item.case.ref if letter.item.case else "",
            follows=letter.event,
        )


def fail_unsent() -> int:
    """Letters to customers that were given up without anybody saying so."""
    dead = OutboxRow.objects.filter(kind=CUSTOMER, dead=True, done_at__isnull=True)
    waiting = CustomerLetter.objects.filter(state="queued", ref__in=dead.values("ref"))
    refs = list(waiting.order_by("id").values_list("ref", flat=True))
    for ref in refs:
        customer_told(letter_ref=ref, delivered=False)
    return len(refs)
