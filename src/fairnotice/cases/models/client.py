from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from fairnotice.cases.models.fields import event_field, ref_field, staff_field
from fairnotice.law.scopes import SCOPES, in_order


class ApiClient(models.Model):
    """An organisation, or a program, that has an entry here. Never a person: its label leads to nobody.
    `version` rises with every change, as with a case."""

    ref = ref_field()
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    created_by = staff_field(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("label"), condition=Q(closed_at__isnull=True), name="one_open_client_per_label"
            )
        ]


class ApiToken(models.Model):
    """Lets a client's program do what its scopes say. Shown once, kept as a MAC. `hint` is its last four
    characters, by which people tell tokens apart ("" for those from before there was one)."""

    ref = ref_field()
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="tokens")
    mac = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=4, blank=True)
    created_at = models.DateTimeField()
    created_by = staff_field(null=True)
    # The moment from which it is void: the end of its last day, or of the time beside its successor.
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    # A day and nothing else: enough to see that nobody needs it any more, too little to follow anybody.
    last_used_on = models.DateField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gte=F("created_at")),
                name="token_ends_after_its_start",
            )
        ]

    @property
    def scopes(self) -> list[str]:
        """Its scopes, in the order of `law.scopes`."""
        return in_order(row.scope for row in self.scope_rows.all())


class TokenScope(models.Model):
    """One thing that a token is for."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="scope_rows")
    scope = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "scope"], name="scope_once_per_token"),
            models.CheckConstraint(condition=Q(scope__in=list(SCOPES)), name="token_scope_known"),
        ]


class TrustedStatus(models.Model):
    """That a state's coordinator made the client a trusted flagger (article 22): where that can be looked up,
    since when, and until when, or when somebody looks again. Append-only; its end is a `TrustedEnd`."""

    ref = ref_field()
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="trusted")
    reference = models.CharField(max_length=500)
    country = models.CharField(max_length=2)
    awarded_on = models.DateField()
    expires_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    # Categories of `law.taxonomy`; none means that the status is not limited to some.
    areas = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = staff_field()
    event = event_field()

    class Meta:
        ordering = ("-recorded_at", "-id")
        constraints = [
            models.CheckConstraint(condition=~Q(reference=""), name="trusted_says_where"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=False) | Q(review_on__isnull=False),
                name="trusted_ends_or_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("awarded_on")),
                name="trusted_dates",
            ),
        ]


class TrustedEnd(models.Model):
    """Why a recorded status counts no more: "ended" with a reason, "anew" where a newer record took its
    place, "closed" with its client. Append-only."""

    status = models.OneToOneField(TrustedStatus, on_delete=models.PROTECT, related_name="end")
    kind = models.CharField(max_length=6)
    reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField()
    ended_by = staff_field(null=True)
    event = event_field()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("anew", "closed")) | (Q(kind="ended") & ~Q(reason="")),
                name="trusted_end_says_why",
            )
        ]
