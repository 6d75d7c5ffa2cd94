from __future__ import annotations

from django.db import models

from fairnotice.cases.models.fields import committed, event_field, ref_field, staff_field


class Appeal(models.Model):
    """A complaint against a decision (article 20), by the affected party or by a notifier. Append-only."""

    ref = ref_field()
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="appeals")
    side = models.CharField(max_length=8)
    notice = models.ForeignKey("cases.Notice", on_delete=models.PROTECT, null=True, related_name="appeals")
    received_at = models.DateTimeField()
    key_id = models.CharField(max_length=32)
    reasons_commitment = models.BinaryField(max_length=32)
    reasons_length = models.PositiveIntegerField()
    event = event_field()

    class Meta:
        ordering = ("received_at", "id")
        constraints = [
            models.CheckConstraint(condition=committed("reasons"), name="appeal_has_reasons"),
            models.CheckConstraint(
                condition=models.Q(side="affected", notice__isnull=True)
                | models.Q(side="notifier", notice__isnull=False),
                name="appeal_side",
            ),
            models.UniqueConstraint(
                fields=["decision"], condition=models.Q(side="affected"), name="one_appeal_of_the_affected"
            ),
            models.UniqueConstraint(
                fields=["decision", "notice"],
                condition=models.Q(side="notifier"),
                name="one_appeal_per_notifier",
            ),
        ]


class AppealStatus(models.Model):
    """Where the appeal stands now."""

    appeal = models.OneToOneField(Appeal, on_delete=models.CASCADE, primary_key=True, related_name="status")
    state = models.CharField(max_length=16, default="received", db_index=True)
    claimed_by = staff_field(null=True)
    due_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)


class AppealOutcome(models.Model):
    """The reasoned answer. Append-only. `first_decider` repeats the decision's, so that the database itself
    can refuse an answer by the same person; a trigger holds the copy to the original."""

    ref = ref_field()
    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=16)
    decided_by = staff_field()
    first_decider = staff_field()
    decided_at = models.DateTimeField()
    reasons_commitment = models.BinaryField(max_length=32)
    reasons_length = models.PositiveIntegerField()
    event = event_field()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=committed("reasons"), name="outcome_has_reasons"),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("first_decider")), name="appeal_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=("upheld", "partly_reversed", "reversed")), name="outcome_kind"
            ),
        ]


class MeasureChange(models.Model):
    """What an appeal changed about one measure. Append-only."""

    outcome = models.ForeignKey(AppealOutcome, on_delete=models.PROTECT, related_name="changes")
    measure = models.ForeignKey("cases.Measure", on_delete=models.PROTECT, related_name="changes")
    change = models.CharField(max_length=8)
    new_end = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outcome", "measure"], name="one_change_per_measure"),
            models.CheckConstraint(
                condition=models.Q(change__in=("keep", "reverse", "replace"))
                | models.Q(change="shorten", new_end__isnull=False),
                name="change_kind",
            ),
        ]
