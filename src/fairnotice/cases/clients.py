"""Finding clients and tokens, changing them only from the state that was seen, and whether a client counts as
a trusted flagger."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.models import ApiClient, ApiToken, TrustedStatus
from fairnotice.cases.steps import STALE
from fairnotice.law import trusted


def client_for(ref: str) -> ApiClient:
    """Raises NotFound."""
    client = ApiClient.objects.filter(ref=ref).first()
    if client is None:
        raise NotFound(_("There is no such client."))
    return client


def token_for(ref: str) -> ApiToken:
    """Raises NotFound."""
    token = ApiToken.objects.select_related("client").filter(ref=ref).first()
    if token is None:
        raise NotFound(_("There is no such token."))
    return token


def client_named(who: str) -> ApiClient:
    """The client with this reference, or the open one with this label, as typed at the command line. Raises
    NotFound."""
    text = who.strip()
    named = ApiClient.objects.filter(Q(ref=text) | Q(label__iexact=text, closed_at__isnull=True))
    client = named.order_by("closed_at", "id").first()
    if client is None:
        raise NotFound(_("There is no client '%(who)s'.") % {"who": who})
    return client


def move_client(client: ApiClient, version: int | None = None, closed_at: datetime | None = None) -> None:
    """Count one change of an open client, as the person saw it. Raises Refused where it is closed, Conflict
    where it changed meanwhile. Whoever writes to a client, its tokens or its status comes through here first,
    so two of them never do at once."""
    if client.closed_at is not None:
        raise Refused(_("This client is closed. Add a new one instead."))
    seen = client.version if version is None else version
    same = ApiClient.objects.filter(pk=client.pk, version=seen, closed_at__isnull=True)
    if not same.update(version=F("version") + 1, closed_at=closed_at):
        raise Conflict(STALE)
    client.refresh_from_db()


def usable(now: datetime | None = None) -> QuerySet[ApiToken]:
    """Tokens that open something at this moment: of open clients, neither revoked nor run out."""
    now = now or timezone.now()
    return ApiToken.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        revoked_at__isnull=True,
        client__closed_at__isnull=True,
    )


def status_of(client: ApiClient, on: date | None = None) -> TrustedStatus | None:
    """The recorded status that is in force on this day (today), or None."""
    if client.closed_at is not None:
        return None
    day = on or timezone.localdate()
    standing = client.trusted.filter(end__isnull=True)
    return next((row for row in standing if trusted.in_force(row.awarded_on, row.expires_on, day)), None)


def counts_as_trusted(client: ApiClient | None, category: str) -> bool:
    """Whether a notice of this client in this category is a trusted flagger's, now."""
    status = status_of(client) if client is not None else None
    return status is not None and trusted.covers(status.areas, category)
