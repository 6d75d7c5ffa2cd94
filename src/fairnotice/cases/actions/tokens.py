"""Tokens of clients: made and replaced, each shown once; revoked; found again when a program sends one."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.clients import client_for, move_client, token_for, usable
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Invalid, NotFound, Refused
from fairnotice.cases.models import ApiClient, ApiToken, TokenScope
from fairnotice.cases.permissions import Actor, require
from fairnotice.law.scopes import SCOPES, in_order
from fairnotice.ledger.append import append
from fairnotice.vault import keys

GRACE_DAYS = 7
MAX_GRACE_DAYS = 90
_LONGEST = timedelta(days=3660)
_HINT = 4


@dataclass(frozen=True)
class NewToken:
    """A token just made. `text` is what the program sends; nobody can be shown it again, so printing this
    does not show it either."""

    token: ApiToken
    text: str = field(repr=False)


@transaction.atomic
def add_token(
    *,
    client_ref: str,
    scopes: Iterable[str],
    last_day: date | None = None,
    version: int | None = None,
    actor: Actor | None = None,
) -> NewToken:
    """A token that is good for these scopes, up to the end of `last_day` (None: until it is revoked).

    `actor` is None only for the operator's command line. Raises NotFound, Invalid, Refused where the client
    is closed, Conflict where it changed since `version` (None: as it stands).
    """
    if actor is not None:
        require(actor, "edit_clients")
    client = client_for(client_ref)
    wanted = in_order(scopes)
    faults = _last_day_faults(last_day)
    if not wanted:
        faults.append(Fault("scopes", "missing", _("Choose at least one thing that the token is for.")))
    if not set(wanted) <= set(SCOPES):
        faults.append(Fault("scopes", "choice", _("There is no such scope.")))
    if faults:
        raise Invalid(faults)
    move_client(client, version)
    made = _make(client, wanted, last_day, actor)
    append(
        kind="token.added",
        open={
            "client": client.ref,
            "token": made.token.ref,
            "scopes": list(wanted),
            "last_day": last_day.isoformat() if last_day else "",
        },
        actor_id=actor.user_id if actor else None,
    )
    return made


@transaction.atomic
def rotate_token(
    *,
    token_ref: str,
    grace_days: int = GRACE_DAYS,
    last_day: date | None = None,
    version: int | None = None,
    actor: Actor | None = None,
) -> NewToken:
    """A new token with the same scopes beside the old one, which ends after `grace_days` (0: now), or earlier
    where it was to end earlier. Raises as `add_token`, and Refused for one that works no more or has a
    successor already."""
    if actor is not None:
        require(actor, "edit_clients")
    old = token_for(token_ref)
    now = timezone.now()
    faults = _last_day_faults(last_day)
    if not 0 <= grace_days <= MAX_GRACE_DAYS:
        say = _("The old token can go on for 0 to %(most)s days.") % {"most": MAX_GRACE_DAYS}
        faults.append(Fault("grace_days", "range", say))
    if faults:
        raise Invalid(faults)
    move_client(old.client, version)
    if not usable(now).filter(pk=old.pk).exists():
        raise Refused(_("This token works no more. Add a new one instead."))
    if ApiToken.objects.filter(replaces=old).exists():
        raise Refused(_("This token has a successor already. Rotate that one, or revoke this one."))
    made = _make(old.client, old.scopes, last_day, actor, replaces=old)
    ends = now + timedelta(days=grace_days)
    old.expires_at = min(old.expires_at, ends) if old.expires_at else ends
    old.save(update_fields=["expires_at"])
    append(
        kind="token.rotated",
        open={
            "client": old.client.ref,
            "token": made.token.ref,
            "replaces": old.ref,
            "scopes": list(old.scopes),
            "grace_days": grace_days,
            "last_day": last_day.isoformat() if last_day else "",
        },
        actor_id=actor.user_id if actor else None,
    )
    return made


@transaction.atomic
def revoke_tokens(
    *, client_ref: str, token_ref: str = "", version: int | None = None, actor: Actor | None = None
) -> int:
    """This token of the client, or all of them where none is named, stop working now; returns how many did.
    Raises NotFound where none was working, Refused and Conflict as `add_token`."""
    if actor is not None:
        require(actor, "edit_clients")
    client = client_for(client_ref)
    now = timezone.now()
    rows = usable(now).filter(client=client)
    rows = rows.filter(ref=token_ref) if token_ref else rows
    refs = sorted(rows.values_list("ref", flat=True))
    if not refs:
        raise NotFound(_("There is no such token in force."))
    move_client(client, version)
    # By their references: an update through the join with clients would need a subquery of its own.
    ApiToken.objects.filter(ref__in=refs).update(revoked_at=now)
    append(
        kind="token.revoked",
        open={"client": client.ref, "tokens": list(refs), "count": len(refs)},
        actor_id=actor.user_id if actor else None,
    )
    return len(refs)


def find_token(text: str, scope: str) -> ApiToken | None:
    """The token with this text, where it works now and is good for `scope`."""
    rows = usable().filter(mac=_mac(text), scope_rows__scope=scope)
    return rows.select_related("client").first()


def note_use(*, token: ApiToken) -> None:
    """Remember the day on which a token was used last: one write a day, and nothing else of its use. Nobody
    relies on it, so it leaves no event."""
    today = timezone.localdate()
    if token.last_used_on == today:
        return  # most requests write nothing, and need not wait for their turn to
    with transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    token.last_used_on = today


def _make(
    client: ApiClient,
    scopes: list[str],
    last_day: date | None,
    actor: Actor | None,
    replaces: ApiToken | None = None,
) -> NewToken:
    text = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        client=client,
        mac=_mac(text),
        # 24 bits of 256: what is left cannot be guessed, and people can tell which token is which.
        hint=text[-_HINT:],
        created_at=timezone.now(),
        created_by_id=actor.user_id if actor else None,
        expires_at=_end_of(last_day) if last_day else None,
        replaces=replaces,
    )
    TokenScope.objects.bulk_create([TokenScope(token=token, scope=scope) for scope in scopes])
    return NewToken(token, text)


def _last_day_faults(day: date | None) -> list[Fault]:
    if day is None:
        return []
    today = timezone.localdate()
    if day < today:
        return [Fault("last_day", "past", _("This day is past. Choose today or a later day."))]
    if day > today + _LONGEST:
        return [Fault("last_day", "far", _("At most ten years from now."))]
    return []


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _mac(text: str) -> bytes:
    # The name of the secret is older than clients are: tokens from then go on working.
    return hmac.digest(keys.named_secret("effect-token"), text.encode("utf-8", "surrogatepass"), "sha256")
