"""Changes of accounts and roles, by two people.

One administrator asks, a second one confirms; neither is whom it is about. Where there is no second one, the
change takes effect after a day (a setting), and until then the person concerned, an auditor or an
administrator can stop it. Each act is one transaction with one event, which names nobody (docs/adr/0027).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.accounts.actions import AccountError, known_roles, new_password, sign_out
from fairnotice.accounts.models import KINDS, Proposal, RoleGrant, User
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.permissions import ADMIN, AUDITOR, Actor, require
from fairnotice.ledger.append import append
from fairnotice.translog.openings import Json

VERB = "edit_staff"


def propose(*, actor: Actor, kind: str, sign_in: str, roles: Iterable[str] = ()) -> Proposal:
    """An administrator asks for a change of the account with this sign-in name.

    Raises AccountError for what cannot be (an unknown name or role, a name that is taken), Refused for what
    changes nothing or would leave nobody in charge.
    """
    require(actor, VERB)
    if kind not in KINDS:
        raise AccountError(_("There is no such change."))
    wanted = known_roles(roles) if kind in ("open", "give", "take") else []
    name = User.normalize_username(sign_in.strip())
    with transaction.atomic():
        user: User | None = None
        if kind == "open":
            _check_new(name)
        else:
            user = _account(name)
            wanted = _that_change(kind, user, wanted)
            if Proposal.objects.filter(state="open", user=user, kind=kind).exists():
                raise Refused(_("Such a change of this account waits already."))
        now = timezone.now()
        alone = not _seconds(actor.user_id, user).exists()
        proposal = Proposal.objects.create(
            kind=kind,
            user=user,
            sign_in=name if kind == "open" else "",
            roles=wanted,
            proposed_by_id=actor.user_id,
            proposed_at=now,
            due_at=now + _delay() if alone else None,
        )
        append(kind="account.change_proposed", open=_open(proposal, alone=alone), actor_id=actor.user_id)
    return proposal


def confirm(*, actor: Actor, ref: str, version: int) -> Proposal:
    """A second administrator agrees, and the change takes effect at once."""
    require(actor, VERB)
    with transaction.atomic():
        proposal = _waiting(ref)
        if actor.user_id == proposal.proposed_by_id:
            raise Refused(_("You proposed this yourself; somebody else has to confirm it."))
        if actor.user_id == proposal.user_id:
            raise Refused(_("This is about your own account; somebody else has to confirm it."))
        _settle(proposal, version, "confirmed", actor.user_id)
        try:
            _carry_out(proposal)
        except AccountError as error:
            raise Refused(str(error)) from error
        append(kind="account.change_confirmed", open=_open(proposal), actor_id=actor.user_id)
    return proposal


def stop(*, actor: Actor, ref: str, version: int) -> Proposal:
    """Nothing comes of it. Administrators can; where it would take effect by itself, auditors and the person
    concerned can, too."""
    with transaction.atomic():
        proposal = _waiting(ref)
        if not may_stop(actor, proposal):
            # As if it did not exist for whoever has no part in it.
            raise NotFound(_("There is no such change."))
        _settle(proposal, version, "stopped", actor.user_id)
        append(kind="account.change_stopped", open=_open(proposal), actor_id=actor.user_id)
    return proposal


def may_stop(actor: Actor, proposal: Proposal) -> bool:
    """Who can stop a change that waits."""
    if ADMIN in actor.roles:
        return True
    return proposal.due_at is not None and (AUDITOR in actor.roles or proposal.user_id == actor.user_id)


def take_effect(*, ref: str, now: datetime) -> bool:
    """What nobody stopped in its time; False where it fits no more, which ends it as well."""
    with transaction.atomic():
        proposal = _waiting(ref)
        if proposal.due_at is None or proposal.due_at > now:
            raise Refused(_("Its time has not come."))
        try:
            with transaction.atomic():
                _carry_out(proposal)
        except (AccountError, Refused):
            _settle(proposal, proposal.version, "void", None)
            append(kind="account.change_void", open=_open(proposal))
            return False
        _settle(proposal, proposal.version, "effective", None)
        append(kind="account.change_effective", open=_open(proposal))
    return True


def left_alone(*, ref: str, now: datetime) -> bool:
    """The second administrator is gone: the change gets its time instead. False where one is still there."""
    with transaction.atomic():
        proposal = _waiting(ref)
        if _seconds(proposal.proposed_by_id, proposal.user).exists():
            return False
        due = now + _delay()
        if not Proposal.objects.filter(pk=proposal.pk, state="open", due_at=None).update(
            due_at=due, version=F("version") + 1
        ):
            return False
        append(kind="account.change_left_alone", open=_open(proposal))
    return True


def tick(now: datetime | None = None) -> int:
    """What is due by time; returns how many took effect. Safe to call at any time and again."""
    at = now or timezone.now()
    waiting = Proposal.objects.filter(state="open")
    for ref in list(waiting.filter(due_at=None).values_list("ref", flat=True)):
        try:
            left_alone(ref=ref, now=at)
        except NotFound:
            continue  # somebody was faster
    done = 0
    for ref in list(waiting.filter(due_at__lte=at).order_by("due_at").values_list("ref", flat=True)):
        try:
            done += take_effect(ref=ref, now=at)
        except (NotFound, Conflict, Refused):
            continue
    return done


def issue_password(*, actor: Actor, number: int) -> str:
    """The first password of an account that has none: opened just now, or after a change for a new one."""
    require(actor, VERB)
    password = new_password()
    with transaction.atomic():
        user = User.objects.filter(pk=number, is_active=True).first()
        if user is None:
            raise NotFound(_("There is no such account."))
        if user.has_usable_password():
            raise Refused(_("This account has a password. Propose a new one; a second person confirms it."))
        before = user.password
        user.set_password(password)
        if not User.objects.filter(pk=user.pk, password=before).update(password=user.password):
            raise Conflict()
        append(kind="account.password_issued", open={}, actor_id=actor.user_id)
    return password


def _delay() -> timedelta:
    return timedelta(hours=settings.FN_STAFF_CHANGE_HOURS)


def _open(proposal: Proposal, **more: bool) -> dict[str, Json]:
    """What the event says: which change and which roles, nobody's name."""
    return {"change": proposal.kind, "roles": proposal.roles, **more}


def _seconds(proposer: int, about: User | None) -> QuerySet[User]:
    """Who could confirm: other administrators whom it is not about."""
    found = User.objects.filter(is_active=True, grants__role=ADMIN).exclude(pk=proposer)
    return found.exclude(pk=about.pk) if about is not None else found


def _waiting(ref: str) -> Proposal:
    found = Proposal.objects.select_related("user").filter(ref=ref, state="open").first()
    if found is None:
        raise NotFound(_("There is no such change."))
    return found


def _settle(proposal: Proposal, version: int, state: str, by: int | None) -> None:
    changed = Proposal.objects.filter(pk=proposal.pk, state="open", version=version).update(
        state=state, version=F("version") + 1, settled_by=by, settled_at=timezone.now()
    )
    if not changed:
        raise Conflict()
    proposal.state = state


def _check_new(name: str) -> None:
    candidate = User(username=name)
    candidate.set_unusable_password()
    try:
        candidate.full_clean()
    except ValidationError as error:
        raise AccountError(" ".join(error.messages)) from error
    if Proposal.objects.filter(state="open", sign_in=name).exists():
        raise Refused(_("An account with this sign-in name waits to be opened already."))


def _account(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise AccountError(_("There is no open account with this sign-in name."))
    return user


def _that_change(kind: str, user: User, roles: list[str]) -> list[str]:
    """The roles that really change. Raises Refused where nothing would, or nobody were left in charge."""
    held = set(RoleGrant.objects.filter(user=user).values_list("role", flat=True))
    if kind in ("give", "take"):
        roles = [role for role in roles if (role in held) == (kind == "take")]
        if not roles:
            raise Refused(_("This would change nothing: look at the roles of this account again."))
    if kind == "factor" and not Authenticator.objects.filter(user=user).exists():
        raise Refused(_("This account has no second factor."))
    if (kind == "close" or (kind == "take" and ADMIN in roles)) and ADMIN in held:
        others = User.objects.filter(is_active=True, grants__role=ADMIN).exclude(pk=user.pk)
        if not others.exists():
            raise Refused(_("This is the only administrator. Make somebody else one first."))
    return roles


def _carry_out(proposal: Proposal) -> None:
    """The change itself, without an event of its own. Raises AccountError where it fits no more."""
    kind, user = proposal.kind, proposal.user
    if user is None:
        _open_account(proposal)
        return
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise AccountError(_("This account was closed meanwhile."))
    try:
        _that_change(kind, user, proposal.roles)
    except Refused as error:
        raise AccountError(str(error)) from error
    if kind == "give":
        RoleGrant.objects.bulk_create(
            [RoleGrant(user=user, role=role) for role in proposal.roles], ignore_conflicts=True
        )
    elif kind == "take":
        RoleGrant.objects.filter(user=user, role__in=proposal.roles).delete()
    elif kind == "close":
        User.objects.filter(pk=user.pk).update(is_active=False)
        Proposal.objects.filter(~Q(pk=proposal.pk), user=user, state="open").update(
            state="void", settled_at=timezone.now()
        )
    elif kind == "password":
        user.set_unusable_password()
        user.save(update_fields=["password"])
    elif kind == "factor":
        Authenticator.objects.filter(user=user).delete()
    sign_out(user)


def _open_account(proposal: Proposal) -> None:
    user = User(username=proposal.sign_in)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
            RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in proposal.roles)
    except IntegrityError as error:
        raise AccountError(_("There is an account with that sign-in name already.")) from error
    proposal.user = user
    Proposal.objects.filter(pk=proposal.pk).update(user=user)
