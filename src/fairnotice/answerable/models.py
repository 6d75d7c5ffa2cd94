"""Organisations, how to reach them, the resources of the internet, and who passed which resource on to whom.

No row stands for a private person: not a customer, not a subscriber, not an employee. A contact is a role
("abuse") with a mailbox or form of the organisation. Whoever holds a resource as a private customer is not
recorded; the chain ends at the organisation that serves them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """An organisation that is public in a registry or agreed to be listed. Never a private person."""

    handle = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True, default="")
    url = models.CharField(max_length=300, blank=True, default="")
    source = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="organisation_has_handle", condition=~Q(handle="")),
            models.CheckConstraint(name="organisation_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.handle


class Contact(models.Model):
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

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contacts")
    resource = models.ForeignKey(
        "Resource", on_delete=models.CASCADE, related_name="contacts", null=True, blank=True
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ABUSE)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.MAIL)
    address = models.CharField(max_length=300)
    verified_at = models.DateTimeField(null=True, blank=True)
    known_bad = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="contact_once_per_organisation",
                fields=["organisation", "role", "channel", "address"],
                condition=Q(resource__isnull=True),
            ),
            models.UniqueConstraint(
                name="contact_once_per_resource",
                fields=["organisation", "resource", "role", "channel", "address"],
                condition=Q(resource__isnull=False),
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


_IP = Q(kind="ip", ip_start__isnull=False, ip_end__isnull=False, as_start=None, as_end=None, name="")
# A check passes where it is unknown, so both ends are asked for by name before they are compared.
_AS = Q(kind="as", as_start__isnull=False, as_end__isnull=False) & Q(
    ip_start=None, ip_end=None, as_start__gte=0, as_end__lte=2**32 - 1, name=""
)
_NAMED = Q(kind__in=["domain", "server"], ip_start=None, ip_end=None, as_start=None, as_end=None)


class Resource(models.Model):
    """An IP range, AS range, domain or server.

    Addresses are 16 bytes in network order, IPv4 in its mapped form (::ffff:a.b.c.d), so that byte order is
    address order in every database. Both ends of a range belong to it. Names are LDH, in lower case, without
    the last dot.
    """

    class Kind(models.TextChoices):
        IP = "ip", _("IP range")
        AS = "as", _("AS numbers")
        DOMAIN = "domain", _("domain")
        SERVER = "server", _("server")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    ip_start = models.BinaryField(max_length=16, null=True)
    ip_end = models.BinaryField(max_length=16, null=True)
    as_start = models.BigIntegerField(null=True)
    as_end = models.BigIntegerField(null=True)
    name = models.CharField(max_length=253, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(name="resource_ip", fields=["ip_start", "ip_end"]),
            models.Index(name="resource_as", fields=["as_start", "as_end"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="resource_fields_of_kind", condition=_IP | _AS | (_NAMED & ~Q(name=""))
            ),
            models.CheckConstraint(
                name="resource_ip_order", condition=Q(ip_start=None) | Q(ip_start__lte=F("ip_end"))
            ),
            models.CheckConstraint(
                name="resource_ip_length",
                condition=Q(ip_start=None)
                | (Q(Exact(Length("ip_start"), 16)) & Q(Exact(Length("ip_end"), 16))),
            ),
            models.CheckConstraint(
                name="resource_as_order", condition=Q(as_start=None) | Q(as_start__lte=F("as_end"))
            ),
            models.UniqueConstraint(
                name="resource_ip_once", fields=["ip_start", "ip_end"], condition=Q(kind="ip")
            ),
            models.UniqueConstraint(
                name="resource_as_once", fields=["as_start", "as_end"], condition=Q(kind="as")
            ),
            models.UniqueConstraint(
                name="resource_name_once", fields=["kind", "name"], condition=Q(kind__in=["domain", "server"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Delegation(models.Model):
    """One organisation passed a resource on to another, from `valid_from` up to, not including,
    `valid_until`.

    Without `from_org` it came from a registry that is not itself listed.
    """

    class Kind(models.TextChoices):
        ALLOCATION = "allocation", _("allocation")
        SUB_ALLOCATION = "sub-allocation", _("sub-allocation")
        ASSIGNMENT = "assignment", _("assignment")
        LEASE = "lease", _("lease")
        SUBLEASE = "sublease", _("sublease")
        REGISTRAR = "registrar", _("domain registration")
        RESELLER = "reseller", _("reselling")
        CDN = "cdn", _("content delivery network")
        HOSTING = "hosting", _("hosting")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("public")
        PRIVATE = "private", _("private")

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="delegations")
    from_org = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="passed_on", null=True, blank=True
    )
    to_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="received")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="children", null=True, blank=True
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=64)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PRIVATE)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="delegation_valid_order",
                condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")),
            ),
            models.CheckConstraint(
                name="delegation_to_another", condition=Q(from_org=None) | ~Q(from_org=F("to_org"))
            ),
            models.CheckConstraint(
                name="delegation_known_kind",
                condition=Q(
                    kind__in=[
                        "allocation",
                        "sub-allocation",
                        "assignment",
                        "lease",
                        "sublease",
                        "registrar",
                        "reseller",
                        "cdn",
                        "hosting",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="delegation_known_visibility", condition=Q(visibility__in=["public", "private"])
            ),
            models.UniqueConstraint(
                name="delegation_once",
                fields=["resource", "from_org", "to_org", "kind", "valid_from"],
                condition=Q(from_org__isnull=False),
            ),
            models.UniqueConstraint(
                name="delegation_once_from_registry",
                fields=["resource", "to_org", "kind", "valid_from"],
                condition=Q(from_org__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
