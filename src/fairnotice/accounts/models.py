"""Who works here: a sign-in name, a password and roles; where they are signed in; what is to change."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.models.fields import ref_field
from fairnotice.cases.permissions import ROLES, Actor

# What can be proposed: to open an account, give or take roles, close it, a new password, a new second factor.
KINDS = ("open", "give", "take", "close", "password", "factor")
# Confirmed by a second person; taken effect by its time; stopped by somebody; void, as it fits no more.
STATES = ("open", "confirmed", "effective", "stopped", "void")


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the action `add_user` is what people call."""

    def create_user(self, username: str, password: str | None = None) -> User:
        """Save an account. Without a password nobody can sign in to it."""
        user = self.model(username=self.model.normalize_username(username))
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account of somebody on staff.

    Django's own user brings a name, an e-mail address, the time of the last sign-in and a superuser flag. We
    keep no record of when a person works, and nobody stands above the table in `cases.permissions`: so it has
    none of these.
    """

    username = models.CharField(
        _("sign-in name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("There is an account with that sign-in name already.")},
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    last_login = None  # takes the inherited column away

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The roles of this account, read once per request."""
        return frozenset(RoleGrant.objects.filter(user=self).values_list("role", flat=True))

    def actor(self) -> Actor:
        """What actions take: the id and the roles, never a request."""
        return Actor(user_id=self.pk, roles=self.role_names)


class RoleGrant(models.Model):
    """One role of one account."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=32, choices=[(role, role.replace("_", " ")) for role in ROLES])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="rolegrant_once"),
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="rolegrant_known_role"),
        ]


class SignIn(models.Model):
    """One browser in which somebody is signed in, for the page that lists them and can end them.

    It holds what its owner needs to tell one from another, and only while it lasts: no address, no browser,
    and full hours, so that it says little about when a person works. The session holds a random name; here
    stands its SHA-256, so that whoever reads this table can take over no session.
    """

    key = models.BinaryField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    started_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True)
    # How more than the password was shown: "" for not at all.
    factor = models.CharField(max_length=16, blank=True)


class Proposal(models.Model):
    """A change of accounts or roles that one administrator asks for. It waits for a second one or, where
    there is none, for its time."""

    ref = ref_field()
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS])
    # Whom it is about; None while the account is not open yet.
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="proposals")
    # The sign-in name of an account to be opened; "" for all others.
    sign_in = models.CharField(max_length=150, blank=True)
    roles = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="open")
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # When it takes effect by itself; None where a second administrator has to confirm it.
    due_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="proposal_kind"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="proposal_state"),
            models.CheckConstraint(
                condition=models.Q(kind="open", sign_in__gt="")
                | (~models.Q(kind="open") & models.Q(sign_in="", user__isnull=False)),
                name="proposal_is_about_one",
            ),
            # Two people: neither who asked for it nor whom it is about can be the second.
            models.CheckConstraint(
                condition=~models.Q(state="confirmed")
                | (
                    models.Q(settled_by__isnull=False)
                    & ~models.Q(settled_by=models.F("proposed_by"))
                    & (models.Q(kind="open") | ~models.Q(settled_by=models.F("user")))
                ),
                name="proposal_by_two",
            ),
        ]
