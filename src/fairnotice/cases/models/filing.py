from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import event_field, ref_field, staff_field
from fairnotice.law.states import FILING

#: The two databases of the Commission: what is in one says nothing about the other.
PLACES = ("production", "sandbox")
HELD_FOR = ("personal", "faults")


class Filing(models.Model):
    """A decision's statement of reasons on its way into the DSA Transparency Database (article 24(5)).

    `puid` is our identifier there: random, made once, kept through every retry, never changed and never used
    again (a trigger holds that, and that no row goes). In `SealedValue` under ("filing", ref), by the case's
    subject key: "facts" and "explanation" where a person wrote them anew for the database (`edited`; the
    decision's own stay as they are), "reason" why it may go as it is (`cleared`), "said" what the database
    answered. `faults` are names of fields and rules alone. `call` names the request that it is in; `alone`:
    the last one was refused without saying which of them was meant.
    """

    ref = ref_field()
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="filings")
    place = models.CharField(max_length=10)
    puid = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, default="queued")
    reason = models.CharField(max_length=12, blank=True, default="")
    faults = models.JSONField(default=list)
    applied_on = models.DateField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    call = models.CharField(max_length=32, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False)
    error_code = models.CharField(max_length=32, blank=True, default="")
    edited = models.BooleanField(default=False)
    cleared = models.BooleanField(default=False)
    released_by = staff_field(null=True)
    reason_length = models.PositiveIntegerField(default=0)
    uuid = models.CharField(max_length=36, blank=True, default="")
    accepted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    event = event_field()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["place", "state", "due_at", "id"], name="filing_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["decision", "place"], name="filing_once_per_place"),
            models.CheckConstraint(condition=Q(place__in=PLACES), name="filing_place_known"),
            models.CheckConstraint(condition=Q(state__in=tuple(FILING)), name="filing_state_known"),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_at__isnull=False)
                | (~Q(state="accepted") & Q(accepted_at__isnull=True)),
                name="filing_accepted_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(reason__in=HELD_FOR), name="filing_held_says_why"
            ),
            models.CheckConstraint(
                condition=Q(cleared=False) | Q(released_by__isnull=False, reason_length__gt=0),
                name="filing_cleared_says_why",
            ),
        ]


class FilingGate(models.Model):
    """Whether anything may be sent to the database now: one row. `stopped_for`: "token" where it did not take
    ours; then nothing is sent until a person says so. `not_before`: it asked us to wait."""

    one = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stopped_for = models.CharField(max_length=12, blank=True, default="")
    stopped_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(one=1), name="filing_gate_is_one")]
