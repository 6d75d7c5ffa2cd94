from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

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
