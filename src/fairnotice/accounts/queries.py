"""What the page of accounts and roles shows."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fairnotice.accounts.forms import CHANGES
from fairnotice.accounts.models import Proposal, RoleGrant, SignIn, User
from fairnotice.accounts.proposals import may_stop
from fairnotice.cases.permissions import ADMIN, ROLE_WORDS, ROLES, Actor


@dataclass(frozen=True)
class AccountRow:
    """One account: its roles in words, whether it has a second factor and a password, and is signed in."""

    user: User
    roles: str
    factor: bool
    signed_in: int
    has_password: bool


@dataclass(frozen=True)
class ProposalRow:
    """One change: what, for whom, by whom; what the person who looks can do about it."""

    proposal: Proposal
    what: str | Promise
    about: str
    roles: str
    by: str
    may_confirm: bool = False
    may_stop: bool = False


def accounts() -> list[AccountRow]:
    """All accounts, closed ones last."""
    held: dict[int, set[str]] = {}
    for number, role in RoleGrant.objects.values_list("user_id", "role"):
        held.setdefault(number, set()).add(role)
    factors = set(
        Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list(
            "user_id", flat=True
        )
    )
    open_now: dict[int, int] = {}
    for number in SignIn.objects.values_list("user_id", flat=True):
        open_now[number] = open_now.get(number, 0) + 1
    return [
        AccountRow(
            user,
            _words(held.get(user.pk, set())),
            user.pk in factors,
            open_now.get(user.pk, 0),
            user.has_usable_password(),
        )
        for user in User.objects.order_by("-is_active", "username")
    ]


def waiting(actor: Actor) -> list[ProposalRow]:
    """Changes that wait, the oldest first."""
    rows = Proposal.objects.select_related("user", "proposed_by").filter(state="open").order_by("pk")
    return [_row(one, actor) for one in rows]


def recent() -> list[ProposalRow]:
    """The last twenty that were settled."""
    rows = Proposal.objects.select_related("user", "proposed_by").exclude(state="open")
    return [_row(one, None) for one in rows.order_by("-settled_at")[:20]]


def sign_in_of(number: int) -> str:
    """The sign-in name of an account."""
    return User.objects.values_list("username", flat=True).get(pk=number)


def _row(one: Proposal, actor: Actor | None) -> ProposalRow:
    confirms = (
        actor is not None and ADMIN in actor.roles and actor.user_id not in (one.proposed_by_id, one.user_id)
    )
    return ProposalRow(
        proposal=one,
        what=CHANGES[one.kind],
        about=one.user.username if one.user is not None else one.sign_in,
        roles=_words(set(one.roles)) if one.roles else "",
        by=one.proposed_by.username,
        may_confirm=confirms,
        may_stop=actor is not None and may_stop(actor, one),
    )


def _words(roles: set[str]) -> str:
    return ", ".join(_(ROLE_WORDS[role]) for role in ROLES if role in roles) or _("no role")
