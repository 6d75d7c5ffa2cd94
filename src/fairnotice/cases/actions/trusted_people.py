"""People of trust for notices that say that somebody at this service is involved: an administrator names them
and lets them go. An organisation outside is told that such a notice came in, and nothing of what it says."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.drafts import Fault, check_email
from fairnotice.cases.errors import Conflict, Invalid, NotFound
from fairnotice.cases.models import InvolvedContact, Notice
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE
from fairnotice.ledger import outbox
from fairnotice.ledger.append import Personal, append
from fairnotice.vault import keys

KIND = "involved-told"
OWNER = "involved"
MAX_LABEL = 80


@transaction.atomic
def add_trusted_person(
    *, actor: Actor, label: str, user_id: int | None = None, mailbox: str = ""
) -> InvolvedContact:
    """Name an account, or an organisation outside by its mailbox. `label` is shown to notifiers: a task, no
    name. Raises Invalid with every fault, Forbidden."""
    require(actor, "edit_involved")
    label, mailbox = " ".join(label.split()), mailbox.strip()
    faults = _faults(label, user_id, mailbox)
    if faults:
        raise Invalid(faults)
    key_id, ref = keys.new_key("subject"), new_ref()
    event = append(
        kind="trusted-person.added",
        open={"outside": user_id is None},
        # Also where there is none, so that nobody can tell by the record (docs/adr/0013).
        personal=[Personal("mailbox", mailbox, key_id)],
        actor_id=actor.user_id,
    )
    sealed.put(OWNER, ref, key_id, {"mailbox": mailbox})
    return InvolvedContact.objects.create(
        ref=ref,
        label=label,
        user_id=user_id,
        key_id="" if user_id else key_id,
        added_at=timezone.now(),
        event=event,
    )


@transaction.atomic
def end_trusted_person(*, actor: Actor, contact_ref: str) -> None:
    """They are asked no more; a mailbox is erased. What they see of cases ends at once. Raises NotFound,
    Conflict, Forbidden."""
    require(actor, "edit_involved")
    found = InvolvedContact.objects.filter(ref=contact_ref).first()
    if found is None:
        raise NotFound(_("There is no such person of trust."))
    open_one = InvolvedContact.objects.filter(pk=found.pk, ended_at__isnull=True)
    if not open_one.update(ended_at=timezone.now()):
        raise Conflict(STALE)
    sealed.drop(OWNER, found.ref, "mailbox")
    append(
        kind="trusted-person.ended",
        open={"outside": found.user_id is None},
        actor_id=actor.user_id,
        follows=found.event,
    )


def tell_outside(notice: Notice) -> None:
    """Each organisation outside hears that a notice about the staff came in: its reference, no more. Part of
    taking the notice in."""
    for contact in InvolvedContact.objects.filter(ended_at__isnull=True, user__isnull=True):
        payload = {"told": notice.ref, "contact": contact.ref}
        outbox.enqueue(kind=KIND, ref=notice.ref, payload=payload, key_id=notice.notifier_key)


def mailbox_of(contact_ref: str) -> str:
    """Where an organisation outside is written to; "" where it is not named any more. For delivery."""
    return sealed.read_many(OWNER, contact_ref, ["mailbox"])["mailbox"]


def _faults(label: str, user_id: int | None, mailbox: str) -> list[Fault]:
    faults = []
    if not label or len(label) > MAX_LABEL:
        say = _("Say in at most %(most)s letters what they are here, such as “works council”.")
        faults.append(Fault("label", "missing", say % {"most": MAX_LABEL}))
    if (user_id is None) == (not mailbox):
        faults.append(Fault("user", "one", _("Choose an account, or give a mailbox, and not both.")))
    elif mailbox and not check_email(mailbox):
        faults.append(Fault("mailbox", "email", _("This does not look like an e-mail address.")))
    elif user_id is not None:
        people = get_user_model()._default_manager.filter(pk=user_id, is_active=True)
        named = InvolvedContact.objects.filter(ended_at__isnull=True).values_list("user_id", flat=True)
        if not people.exists():
            faults.append(Fault("user", "unknown", _("There is no such account.")))
        elif user_id in set(named):
            faults.append(Fault("user", "twice", _("This account is named already.")))
    return faults
