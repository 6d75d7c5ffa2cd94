"""Who works here: a sign-in name, a password and roles. Nothing else about a person is kept."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.permissions import ROLES, Actor


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
