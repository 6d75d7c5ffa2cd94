"""Organisations and their mailboxes. No row stands for a private person: not a customer, not a subscriber,
not an employee. A contact is a role ("abuse") with a mailbox or form of the organisation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairnotice.answerable.models.recorded import STILL_SAID, Recorded


class Organisation(models.Model):
    """An organisation that is public in a registry or agreed to be listed. Never a private person.

    The row is its identity. What it is called stands in `OrganisationVersion`.
    """

    class Basis(models.TextChoices):
        REGISTRY = "registry", _("public in a registry")
        AGREED = "agreed", _("agreed to be listed")

    handle = models.CharField(max_length=64, unique=True)
    basis = models.CharField(max_length=8, choices=Basis.choices, default=Basis.REGISTRY)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="organisation_has_handle", condition=~Q(handle="")),
            # There is no third reason to stand here; a private customer has neither.
            models.CheckConstraint(
                name="organisation_may_be_listed", condition=Q(basis__in=["registry", "agreed"])
            ),
        ]

    def __str__(self) -> str:
        return self.handle


class OrganisationVersion(Recorded):
    """What an organisation was called, where it sits and what its site is, as this register said it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True, default="")
    url = models.CharField(max_length=300, blank=True, default="")
    source = models.CharField(max_length=64)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(name="organisation_has_name", condition=~Q(name="")),
            models.UniqueConstraint(
                name="organisation_one_version_said", fields=["organisation"], condition=STILL_SAID
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Recorded):
    """How an organisation is reached in one role; with `resource`, for that resource alone."""

    class Role(models.TextChoices):
        ABUSE = "abuse", _("abuse desk")
        TECHNICAL = "technical", _("technical contact")
        LEGAL = "legal", _("legal contact")

    class Channel(models.TextChoices):
        MAIL = "mail", _("mail")
        XARF = "xarf", _("XARF by mail")
        ARF = "arf", _("ARF by mail")
        REST = "rest", _("REST interface")
        FORM = "form", _("web form")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contacts")
    resource = models.ForeignKey(
        "answerable.Resource", on_delete=models.PROTECT, related_name="contacts", null=True, blank=True
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ABUSE)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.MAIL)
    address = models.CharField(max_length=300)
    source = models.CharField(max_length=64)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                name="contact_once_per_organisation",
                fields=["organisation", "role", "channel", "address"],
                condition=Q(resource__isnull=True) & STILL_SAID,
            ),
            models.UniqueConstraint(
                name="contact_once_per_resource",
                fields=["organisation", "resource", "role", "channel", "address"],
                condition=Q(resource__isnull=False) & STILL_SAID,
            ),
            models.CheckConstraint(name="contact_has_address", condition=~Q(address="")),
            models.CheckConstraint(
                name="contact_known_role", condition=Q(role__in=["abuse", "technical", "legal"])
            ),
            models.CheckConstraint(
                name="contact_known_channel", condition=Q(channel__in=["mail", "xarf", "arf", "rest", "form"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} by {self.channel}"


class ContactMark(models.Model):
    """What came of writing to a contact: it works, or it does not. The last one counts; all of them stay,
    so that what was known when a notice was sent can be shown. Append-only."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="marks")
    works = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(name="contact_mark_last", fields=["contact", "id"])]

    def __str__(self) -> str:
        return f"contact {self.contact_id} {'works' if self.works else 'does not work'}"
