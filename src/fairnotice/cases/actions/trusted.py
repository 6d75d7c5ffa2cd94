"""Writing down that a client is a trusted flagger (article 22), and that it is one no more.

The status is awarded by the coordinator of a state. Nobody gives it here, and nobody can: what is recorded
names the place where it can be looked up, and a day on which it ends or somebody looks again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import ada_url
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.clients import client_for, move_client
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Invalid, Refused
from fairnotice.cases.models import ApiClient, TrustedEnd, TrustedStatus
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.texts import open_text_faults, text_faults
from fairnotice.law.redaction import findings
from fairnotice.law.trusted import AREAS
from fairnotice.ledger.append import append
from fairnotice.ledger.models import Event

MAX_REFERENCE = 500
MAX_REASON = 500
MAX_REVIEW = timedelta(days=2 * 366)
# What a reference in words may hold although other texts in the clear may not: the name of a register.
_FIT = {"host", "quotation"}


@dataclass(frozen=True, kw_only=True)
class TrustedDraft:
    """What an administrator found in the coordinator's register. `country`: of the authority, two letters.
    `expires_on`: its last day. `review_on`: when somebody looks there again. `areas`: codes of
    law.trusted.AREAS, none where the status is not limited to some."""

    reference: str = ""
    country: str = ""
    awarded_on: date | None = None
    expires_on: date | None = None
    review_on: date | None = None
    areas: list[str] = field(default_factory=list)


def check_trusted(draft: TrustedDraft) -> list[Fault]:
    """Every fault of a draft, in the order of the form."""
    faults = _reference_faults(draft.reference.strip())
    if not re.fullmatch(r"[A-Za-z]{2}", draft.country.strip()):
        faults.append(
            Fault("country", "form", _("Give the country of the authority as two letters, such as DE."))
        )
    faults += _day_faults(draft, timezone.localdate())
    if not set(draft.areas) <= set(AREAS):
        faults.append(Fault("areas", "choice", _("There is no such category.")))
    return faults


def _day_faults(draft: TrustedDraft, today: date) -> list[Fault]:
    faults = []

    def say(path: str, code: str, message: str) -> None:
        faults.append(Fault(path, code, message))

    if draft.awarded_on is None:
        say("awarded_on", "missing", _("Say since when it is a trusted flagger."))
    elif draft.awarded_on > today:
        say("awarded_on", "future", _("This day is to come. Record the status when it has begun."))
    if draft.expires_on is None and draft.review_on is None:
        say(
            "expires_on",
            "missing",
            _("Give its last day or, where it has none, the day on which you look again."),
        )
    if draft.expires_on is not None and draft.expires_on < max(draft.awarded_on or today, today):
        say("expires_on", "past", _("This status has ended already, so it gives no priority."))
    if draft.review_on is not None and draft.review_on <= today:
        say("review_on", "past", _("Choose a later day."))
    if draft.review_on is not None and draft.review_on > today + MAX_REVIEW:
        say("review_on", "far", _("Look again within two years."))
    return faults


def _reference_faults(text: str) -> list[Fault]:
    missing = _("Say where the status can be looked up: the page of the coordinator, or its file number.")
    faults = text_faults("reference", text, MAX_REFERENCE, missing)
    if faults or not text:
        return faults
    if is_page(text):
        return []
    if {found.kind for found in findings(text)} - _FIT:
        say = _("Give one web address beginning with https://, or a reference that leads to no person.")
        return [Fault("reference", "identifying", say)]
    return []


def is_page(text: str) -> bool:
    """Whether a reference is a web address that can be shown as a link: http or https, without a password."""
    try:
        parts = urlsplit(text)
        return (
            ada_url.URL(text).protocol in ("https:", "http:")
            and text.lower().startswith(("https://", "http://"))
            and not any(character.isspace() for character in text)
            and "@" not in parts.netloc
        )
    except ValueError:
        return False


@transaction.atomic
def record_trusted(
    *, actor: Actor, client_ref: str, draft: TrustedDraft, version: int | None = None
) -> TrustedStatus:
    """Write the status down; one that is recorded already gives way to it. Raises NotFound, Invalid with
    every fault, Refused where the client is closed, Conflict where it changed since `version`."""
    require(actor, "edit_clients")
    client = client_for(client_ref)
    faults = check_trusted(draft)
    if faults:
        raise Invalid(faults)
    move_client(client, version)
    values = {
        "reference": draft.reference.strip(),
        "country": draft.country.strip().upper(),
        "awarded_on": draft.awarded_on,
        "expires_on": draft.expires_on,
        "review_on": draft.review_on,
    }
    areas = [code for code in AREAS if code in set(draft.areas)]
    event = append(
        kind="trusted.recorded",
        open={
            "client": client.ref,
            **{
                name: value.isoformat() if isinstance(value, date) else value or ""
                for name, value in values.items()
            },
            "areas": list(areas),
        },
        actor_id=actor.user_id,
    )
    _end(client, "anew", "", event.at, actor, event)
    return TrustedStatus.objects.create(
        client=client,
        recorded_at=event.at,
        recorded_by_id=actor.user_id,
        areas=areas,
        event=event,
        **values,
    )


@transaction.atomic
def end_trusted(*, actor: Actor, client_ref: str, reason: str, version: int | None = None) -> ApiClient:
    """It counts no more, with the reason. Notices that came before keep their place. Raises NotFound,
    Invalid, Refused where no status is recorded, Conflict where the client changed since `version`."""
    require(actor, "edit_clients")
    client = client_for(client_ref)
    faults = open_text_faults("reason", reason, MAX_REASON, _("Say why it ends."))
    if faults:
        raise Invalid(faults)
    move_client(client, version)
    status = client.trusted.filter(end__isnull=True).select_related("event").first()
    if status is None:
        raise Refused(_("No status is recorded that could end."))
    event = append(
        kind="trusted.ended",
        open={"client": client.ref, "reason": reason.strip()},
        actor_id=actor.user_id,
        follows=status.event,
    )
    _end(client, "ended", reason.strip(), event.at, actor, event)
    return client


def _end(client: ApiClient, kind: str, reason: str, at: datetime, actor: Actor, event: Event) -> None:
    for status in client.trusted.filter(end__isnull=True):
        TrustedEnd.objects.create(
            status=status, kind=kind, reason=reason, ended_at=at, ended_by_id=actor.user_id, event=event
        )
