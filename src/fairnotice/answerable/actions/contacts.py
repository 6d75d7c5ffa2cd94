"""Contacts: add one, end one, say whether it works."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.actions.organisations import is_web_address
from fairnotice.answerable.actions.recording import close, moment, queue, tell
from fairnotice.answerable.errors import Fault, Unfit, Unknown
from fairnotice.answerable.models import Change, Contact, ContactMark, Organisation
from fairnotice.answerable.resources import Target
from fairnotice.answerable.rows import resource_row
from fairnotice.ledger import append as ledger


@transaction.atomic
def add_contact(
    *,
    actor_id: int | None,
    handle: str,
    address: str,
    role: str = "abuse",
    channel: str = "mail",
    resource: Target | None = None,
    source: str = "desk",
) -> Contact:
    """Say how an organisation is reached, for all that it holds or for one resource. Raises Unfit,
    Unknown."""
    queue()
    organisation = Organisation.objects.filter(handle=handle).first()
    if organisation is None:
        raise Unknown(_("This organisation is not listed."))
    address = address.strip()
    faults = contact_faults(role=role, channel=channel, address=address)
    if faults:
        raise Unfit(faults)
    row = resource_row(resource) if resource else None
    same = Contact.objects.filter(organisation=organisation, resource=row, role=role, channel=channel)
    if same.filter(address=address, recorded_until=None).exists():
        raise Unfit([Fault("address", "taken", _("This contact is recorded already."))])
    contact = Contact.objects.create(
        organisation=organisation,
        resource=row,
        role=role,
        channel=channel,
        address=address,
        source=source,
        recorded_from=moment(),
    )
    tell(Change.What.CONTACT, [contact.pk])
    ledger.append(
        kind="answerable.contact-added",
        open={
            "organisation": handle,
            "role": role,
            "channel": channel,
            "own": row is not None,
            "source": source,
        },
        actor_id=actor_id,
    )
    return contact


@transaction.atomic
def end_contact(*, actor_id: int | None, contact_id: int) -> None:
    """The contact is no longer one. Raises Unknown, Changed."""
    queue()
    contact = _contact(contact_id)
    close(contact, moment(contact))
    tell(Change.What.CONTACT, [contact.pk])
    ledger.append(
        kind="answerable.contact-ended",
        open={"organisation": contact.organisation.handle, "role": contact.role, "channel": contact.channel},
        actor_id=actor_id,
    )


@transaction.atomic
def mark_contact(*, actor_id: int | None, contact_id: int, works: bool) -> None:
    """Record that a contact answered, or that its mailbox is known not to work. Raises Unknown."""
    queue()  # the numbers of changes are to be committed in their order
    contact = _contact(contact_id)
    ContactMark.objects.create(contact=contact, works=works, at=timezone.now())
    tell(Change.What.MARK, [contact.pk])
    ledger.append(
        kind="answerable.contact-marked",
        open={
            "organisation": contact.organisation.handle,
            "role": contact.role,
            "channel": contact.channel,
            "works": works,
        },
        actor_id=actor_id,
    )


def contact_faults(*, role: str, channel: str, address: str) -> list[Fault]:
    """What is wrong with a contact; the import asks the same."""
    faults = []
    if role not in Contact.Role.values:
        faults.append(Fault("role", "unknown", _("There is no such role of a contact.")))
    if channel not in Contact.Channel.values:
        faults.append(Fault("channel", "unknown", _("There is no such way to reach somebody.")))
    elif channel in (Contact.Channel.REST, Contact.Channel.FORM):
        if not is_web_address(address):
            faults.append(Fault("address", "form", _("This is not a web address of at most 300 characters.")))
    elif not _is_mail_address(address):
        faults.append(Fault("address", "form", _("This is not a mail address.")))
    return faults


def _is_mail_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 300


def _contact(contact_id: int) -> Contact:
    found = Contact.objects.select_related("organisation").filter(pk=contact_id, recorded_until=None).first()
    if found is None:
        raise Unknown(_("There is no such contact any more."))
    return found
