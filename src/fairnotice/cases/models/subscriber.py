from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import event_field, ref_field


class Subscriber(models.Model):
    """An e-mail address that asked for the monthly report: an address and nothing else.

    The address and the token of its link are sealed under a key of its own as ("subscriber", ref, "address"
    and "token"). `new`: asked for, not looked at yet, so that the answer to whoever asks costs the same for
    every address. `asked`: the one confirmation went out. `confirmed`: gets the report. A row ends by being
    deleted, with its key. `mac` tells the same address again; `month` is the last one it got.
    """

    ref = ref_field()
    key_id = models.CharField(max_length=32)
    state = models.CharField(max_length=10, default="new")
    mac = models.BinaryField(max_length=32)
    token_mac = models.BinaryField(max_length=32, unique=True)
    asked_at = models.DateTimeField(db_index=True)
    written_at = models.DateTimeField(null=True, db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    month = models.CharField(max_length=7, blank=True, default="")
    refusals = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="subscriber_by_state"),
            models.Index(fields=["mac"], name="subscriber_by_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="new", written_at__isnull=True, confirmed_at__isnull=True)
                | Q(state="asked", written_at__isnull=False, confirmed_at__isnull=True)
                | Q(state="confirmed", written_at__isnull=False, confirmed_at__isnull=False),
                name="subscriber_state_has_its_days",
            ),
            models.UniqueConstraint(
                fields=["mac"], condition=~Q(state="new"), name="subscriber_address_once"
            ),
        ]


class PeriodReport(models.Model):
    """A scheduled report that was made: for the operator by week ("2026-W47"), for everybody by month
    ("2026-10"). One for each period, whatever the clock does. Append-only. `figures`: for a month what is
    published; for a week nothing, since it is counted where it is shown."""

    kind = models.CharField(max_length=8)
    period = models.CharField(max_length=8)
    made_at = models.DateTimeField()
    figures = models.JSONField(default=list)
    event = event_field()

    class Meta:
        ordering = ("-period",)
        constraints = [
            models.UniqueConstraint(fields=["kind", "period"], name="period_report_once"),
            models.CheckConstraint(condition=Q(kind__in=("weekly", "monthly")), name="period_report_kind"),
        ]
