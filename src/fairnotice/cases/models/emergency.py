from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import event_field, ref_field, staff_field
from fairnotice.law.emergencies import AUTHORITIES


class Emergency(models.Model):
    """Somebody said that a life is in danger (DSA article 18): a person on duty is alerted, and the next one
    after a while, until one acknowledges it and says what was done.

    What is told to an authority is told outside of this program; kept is to what kind of authority, and when.
    Why, in words, is sealed under the notice's key as ("emergency", ref, "why"). `step` counts the alerts,
    `next_at` is when the next one is due, None once somebody acknowledged it.
    """

    ref = ref_field()
    notice = models.OneToOneField("cases.Notice", on_delete=models.PROTECT, related_name="emergency")
    state = models.CharField(max_length=12, default="open")
    opened_at = models.DateTimeField()
    step = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    acknowledged_by = staff_field(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    assessed_by = staff_field(null=True)
    assessed_at = models.DateTimeField(null=True)
    passed_on = models.BooleanField(null=True)
    authority = models.CharField(max_length=20, blank=True, default="")
    passed_at = models.DateTimeField(null=True)
    why_length = models.PositiveIntegerField(default=0)
    event = event_field()

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="emergency_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", acknowledged_by__isnull=True, assessed_by__isnull=True)
                | Q(state="acknowledged", acknowledged_by__isnull=False, assessed_by__isnull=True)
                | Q(state="assessed", acknowledged_by__isnull=False, assessed_by__isnull=False),
                name="emergency_state_has_its_person",
            ),
            models.CheckConstraint(
                condition=(Q(state="open") & Q(next_at__isnull=False))
                | (~Q(state="open") & Q(next_at__isnull=True)),
                name="emergency_alerts_while_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="assessed")
                | Q(passed_on=True, authority__in=tuple(AUTHORITIES), passed_at__isnull=False)
                | Q(passed_on=False, authority="", passed_at__isnull=True, why_length__gt=0),
                name="emergency_says_what_was_done",
            ),
        ]


class EmergencyAlert(models.Model):
    """One alert: the how-manieth, and by which channels it was sent. Whom it went to stands in the settings;
    here it is their place in the list, 0 for the first. Append-only."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="alerts")
    step = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField(null=True)
    channels = models.JSONField(default=list)
    at = models.DateTimeField()
    event = event_field()

    class Meta:
        ordering = ("emergency_id", "step")
        constraints = [models.UniqueConstraint(fields=["emergency", "step"], name="emergency_step_once")]
