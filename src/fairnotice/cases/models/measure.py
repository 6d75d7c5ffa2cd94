from __future__ import annotations

from datetime import date

from django.db import models

from fairnotice.cases.models.fields import ref_field, staff_field


class Measure(models.Model):
    """One restriction about one item, or "no action". Append-only; what became of it is `MeasureStatus`."""

    ref = ref_field()
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=60)
    other_text = models.CharField(max_length=500, blank=True)
    start = models.DateField()
    end = models.DateField(null=True)
    review = models.DateField(null=True)
    reversible = models.BooleanField()
    how_to_reverse = models.CharField(max_length=2000, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="NO_ACTION")
                | models.Q(end__isnull=False)
                | models.Q(review__isnull=False),
                name="measure_ends_or_is_reviewed",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="NO_ACTION") | ~models.Q(how_to_reverse=""),
                name="measure_says_how_undone",
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="measure_dates",
            ),
        ]

    @property
    def review_day(self) -> date | None:
        """When somebody looks at it again: the day that was decided, or the one that a review set since."""
        return self.status.review_again or self.review


class MeasureStatus(models.Model):
    """Where the measure stands, and whether the service has done it. It cannot be in force without a
    statement of reasons that was dispatched, or a recorded reason why none is possible."""

    measure = models.OneToOneField(Measure, on_delete=models.CASCADE, primary_key=True, related_name="status")
    state = models.CharField(max_length=16, default="proposed", db_index=True)
    in_force_at = models.DateTimeField(null=True)
    statement = models.ForeignKey("cases.Statement", on_delete=models.PROTECT, null=True, related_name="+")
    effect = models.CharField(max_length=16, blank=True, db_index=True)
    effect_at = models.DateTimeField(null=True)
    # The note, and why a review kept it, are sealed; the lengths say that there is one.
    effect_note_length = models.PositiveIntegerField(default=0)
    end_early = models.DateField(null=True)
    # Set when a person looked at it again and kept it: the next day for that. `review` stays as decided.
    review_again = models.DateField(null=True)
    reviewed_by = staff_field(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_reason_length = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["in_force_at"], name="measure_in_force_at")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="in_force") | models.Q(statement__isnull=False),
                name="measure_only_with_statement",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True, review_again__isnull=True)
                | models.Q(reviewed_by__isnull=False, review_reason_length__gt=0),
                name="review_says_why",
            ),
        ]
