from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fairnotice.answerable.models.organisation import Organisation
from fairnotice.answerable.models.recorded import STILL_SAID, Recorded
from fairnotice.answerable.models.resource import Resource


class Delegation(Recorded):
    """One organisation passed a resource on to another, from `valid_from` up to, not including,
    `valid_until`.

    Without `from_org` it came from a registry that is not itself listed, or from somebody who is not
    recorded. Corrections and endings of one delegation are rows of one `series`; at any moment at most one
    of them is said. `parent` is the series by which the giver held the resource. `low` and `high` repeat
    what the resource spans (`answerable.spans`), so that the database itself can compare two.
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

    series = models.BigIntegerField(db_index=True)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="delegations")
    low = models.BinaryField(max_length=256)
    high = models.BinaryField(max_length=257)
    from_org = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="passed_on", null=True, blank=True
    )
    to_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="received")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    parent = models.BigIntegerField(null=True, blank=True, db_index=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=64)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PRIVATE)
    # Two leases of one thing at one time are a mistake, unless both sides know of it.
    shared = models.BooleanField(default=False)
    # How long the holder has to answer a forwarded notice; None: what the settings say.
    answer_hours = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Recorded.Meta):
        indexes: ClassVar = [
            models.Index(name="delegation_holder", fields=["to_org", "low"]),
        ]
        constraints: ClassVar = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                name="delegation_valid_order",
                condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")),
            ),
            models.CheckConstraint(
                name="delegation_to_another", condition=Q(from_org=None) | ~Q(from_org=F("to_org"))
            ),
            models.CheckConstraint(name="delegation_span_order", condition=Q(low__lte=F("high"))),
            models.CheckConstraint(
                name="delegation_parent_is_held_by_giver",
                condition=Q(parent=None) | Q(from_org__isnull=False),
            ),
            models.CheckConstraint(
                name="delegation_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("series"))
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
                name="delegation_one_version_said", fields=["series"], condition=STILL_SAID
            ),
            models.UniqueConstraint(
                name="delegation_once",
                fields=["resource", "from_org", "to_org", "kind", "valid_from"],
                condition=Q(from_org__isnull=False) & STILL_SAID,
            ),
            models.UniqueConstraint(
                name="delegation_once_without_giver",
                fields=["resource", "to_org", "kind", "valid_from"],
                condition=Q(from_org__isnull=True) & STILL_SAID,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.series}"
