"""Clients: organisations and programs that have an entry here. Nobody needs one to send a notice."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.clients import client_for, move_client
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import ApiClient, TrustedEnd
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.texts import open_text_faults
from fairnotice.ledger.append import append

MAX_LABEL = 80


@transaction.atomic
def add_client(*, label: str, actor: Actor | None = None) -> ApiClient:
    """A new entry. `actor` is None only for the operator's command line. Raises Invalid where the label leads
    to a person or a page, or is another open client's."""
    if actor is not None:
        require(actor, "edit_clients")
    label = " ".join(label.split())
    missing = _("Say which organisation or program it is.")
    faults = open_text_faults("label", label, MAX_LABEL, missing)
    if not faults and ApiClient.objects.filter(label__iexact=label, closed_at__isnull=True).exists():
        faults.append(Fault("label", "taken", _("There is an open client with this label already.")))
    if faults:
        raise Invalid(faults)
    client = ApiClient.objects.create(
        label=label, created_at=timezone.now(), created_by_id=actor.user_id if actor else None
    )
    open_fields = {"client": client.ref, "label": label}
    append(kind="client.added", open=open_fields, actor_id=actor.user_id if actor else None)
    return client


@transaction.atomic
def close_client(*, client_ref: str, version: int | None = None, actor: Actor | None = None) -> ApiClient:
    """Close it for good: its tokens stop working now and a recorded status counts no more. Its notices and
    its past stay. Raises NotFound, Refused, Conflict where it changed since `version` (None: as it is)."""
    if actor is not None:
        require(actor, "edit_clients")
    client = client_for(client_ref)
    now = timezone.now()
    actor_id = actor.user_id if actor else None
    move_client(client, version, closed_at=now)
    revoked = client.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    event = append(kind="client.closed", open={"client": client.ref, "tokens": revoked}, actor_id=actor_id)
    for status in client.trusted.filter(end__isnull=True):
        TrustedEnd.objects.create(
            status=status, kind="closed", ended_at=now, ended_by_id=actor_id, event=event
        )
    return client
