"""Opening, changing and closing accounts. Each is one transaction with one event; no event names a person.

These take effect at once: for the command line, that is for whoever owns the machine. At the desk every
change goes through `proposals`, which needs two people or time. Whatever changes what somebody may do ends
where they are signed in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fairnotice.accounts.models import RoleGrant, SignIn, User
from fairnotice.cases.errors import NotFound
from fairnotice.cases.permissions import ROLES, Actor, require
from fairnotice.ledger.append import append

# Without letters and digits that look alike when somebody copies them by hand: 4 groups of 5 carry 99 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5


class AccountError(ValueError):
    """The account cannot be made or changed so; the message says why."""


def new_password() -> str:
    """A random password in groups, such as "k3m9x-…"."""
    groups = ("".join(secrets.choice(_ALPHABET) for _i in range(_GROUP)) for _g in range(_GROUPS))
    return "-".join(groups)


def add_user(*, username: str, roles: Iterable[str], actor_id: int | None = None) -> tuple[User, str]:
    """Open an account with roles. Returns it and its password, which is stored only as a hash.

    Raises AccountError for an unknown role, and for a sign-in name that is taken or not allowed.
    """
    wanted = known_roles(roles)
    password = new_password()
    user = User(username=User.normalize_username(username))
    user.set_password(password)
    try:
        user.full_clean()
        with transaction.atomic():
            user.save()
            RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in wanted)
            append(kind="account.added", open={"roles": wanted}, actor_id=actor_id)
    except ValidationError as error:
        raise AccountError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise AccountError(_("There is an account with that sign-in name already.")) from error
    return user, password


def grant_roles(*, user: User, roles: Iterable[str], actor_id: int | None = None) -> list[str]:
    """Give roles; returns those that are new, sorted. Raises AccountError for an unknown role."""
    wanted = known_roles(roles)
    with transaction.atomic():
        held = set(user.grants.values_list("role", flat=True))
        new = [role for role in wanted if role not in held]
        if new:
            RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in new)
            sign_out(user)
            append(kind="account.roles_granted", open={"roles": new}, actor_id=actor_id)
    _forget(user)
    return new


def revoke_roles(*, user: User, roles: Iterable[str], actor_id: int | None = None) -> list[str]:
    """Take roles away; returns those that were held, sorted. Raises AccountError for an unknown role."""
    wanted = known_roles(roles)
    with transaction.atomic():
        grants = user.grants.filter(role__in=wanted)
        gone = sorted(grants.values_list("role", flat=True))
        if gone:
            grants.delete()
            sign_out(user)
            append(kind="account.roles_revoked", open={"roles": gone}, actor_id=actor_id)
    _forget(user)
    return gone


def renew_password(*, user: User, actor_id: int | None = None) -> str:
    """Set and return a fresh random password. All sessions of the account end."""
    password = new_password()
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        sign_out(user)
        append(kind="account.password_renewed", open={}, actor_id=actor_id)
    return password


def close_account(*, user: User, actor_id: int | None = None) -> bool:
    """Nobody can sign in with it any more. The row stays: decisions name their decider by its number.

    Returns False where it was closed already.
    """
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
        if changed:
            sign_out(user)
            append(kind="account.closed", open={}, actor_id=actor_id)
    user.is_active = False
    return bool(changed)


def reset_factor(*, user: User, actor_id: int | None = None) -> int:
    """Take away all second factors of an account, whose owner sets up a new one; returns how many."""
    with transaction.atomic():
        gone = int(Authenticator.objects.filter(user=user).delete()[0])
        if gone:
            sign_out(user)
            append(kind="account.factor_reset", open={}, actor_id=actor_id)
    return gone


def end_sign_ins(*, actor: Actor, number: int) -> int:
    """An administrator ends where an account is signed in; returns in how many browsers it was.

    That takes nothing away for good, so it needs no second person. Raises NotFound.
    """
    require(actor, "edit_staff")
    user = User.objects.filter(pk=number).first()
    if user is None:
        raise NotFound(_("There is no such account."))
    with transaction.atomic():
        ended = SignIn.objects.filter(user=user).delete()[0]
        append(kind="account.signed_out", open={}, actor_id=actor.user_id)
    return ended


def sign_out(user: User) -> None:
    """End all of an account's sign-ins, in every browser."""
    SignIn.objects.filter(user=user).delete()


def known_roles(roles: Iterable[str]) -> list[str]:
    """Sorted, each once. Raises AccountError for an unknown one."""
    wanted = sorted(set(roles))
    unknown = [role for role in wanted if role not in ROLES]
    if unknown:
        names = {"unknown": ", ".join(unknown), "roles": ", ".join(ROLES)}
        raise AccountError(_("There is no role %(unknown)s. Roles: %(roles)s.") % names)
    return wanted


def _forget(user: User) -> None:
    """The roles read before are stale."""
    user.__dict__.pop("role_names", None)
