from __future__ import annotations

from django.db import models

from fairnotice.cases.models.fields import ref_field, staff_field


class Publication(models.Model):
    """The way of one decision into the public register: drafted, looked at by a second person, then published
    with the next batch, or withheld with a reason."""

    ref = ref_field()
    decision = models.OneToOneField("cases.Decision", on_delete=models.PROTECT, related_name="publication")
    state = models.CharField(max_length=12, default="drafted", db_index=True)
    summary = models.TextField(max_length=1000)
    drafted_by = staff_field()
    approved_by = staff_field(null=True)
    approved_at = models.DateTimeField(null=True)
    # Why it is withheld is sealed; its length says that a reason was given.
    withheld_reason_length = models.PositiveIntegerField(default=0)
    event = models.ForeignKey("ledger.Event", on_delete=models.PROTECT, null=True, related_name="+")
    # Set when an appeal changed what the entry must say; the next batch brings it up to date.
    stale = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("drafted_by")),
                name="second_look_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withheld") | models.Q(withheld_reason_length__gt=0),
                name="withheld_says_why",
            ),
        ]


class PublicEntry(models.Model):
    """What the public sees. There is no column for a URL, a host, a handle or a quotation, and none that
    leads back to a case, a notice or a person. `evidence` holds the openings of these fields; proofs are
    added when asked for."""

    ref = ref_field()
    published_on = models.DateField(db_index=True)
    updated_on = models.DateField()
    month = models.CharField(max_length=7, db_index=True)
    category = models.CharField(max_length=80, db_index=True)
    keywords = models.JSONField(default=list)
    ground_kind = models.CharField(max_length=8, db_index=True)
    ground_text = models.CharField(max_length=500)
    measures = models.JSONField(default=list)
    territorial_scope = models.JSONField(default=list)
    content_types = models.JSONField(default=list)
    content_language = models.CharField(max_length=2, blank=True)
    source_type = models.CharField(max_length=40)
    automated_detection = models.BooleanField()
    automated_decision = models.CharField(max_length=40)
    not_independently_reviewed = models.BooleanField()
    appeal_outcome = models.CharField(max_length=16, blank=True, db_index=True)
    summary = models.TextField(max_length=1000)
    evidence = models.JSONField(default=dict)

    class Meta:
        ordering = ("-published_on", "ref")
        verbose_name_plural = "public entries"
