from __future__ import annotations

from django.db import models

from fairnotice.cases.models.fields import ref_field, staff_field

OPEN_STATES = ("open", "claimed", "awaiting")


class Case(models.Model):
    """All notices about one item, and what is done about it. `version` rises with every change: whoever acts
    names the version they saw, and zero rows updated is a conflict page, never an overwrite."""

    ref = ref_field()
    item_key = models.BinaryField(max_length=32, null=True, db_index=True)
    subject_key = models.CharField(max_length=32)
    # Seals the address of whom it affects, once there is one.
    contact_key = models.CharField(max_length=32, blank=True, default="")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=16, default="open")
    claimed_by = staff_field(null=True)
    claimed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    problem = models.CharField(max_length=40)
    category = models.CharField(max_length=80)
    staff_involved = models.BooleanField(default=False)
    # While it is closed, since when: what is kept of it is counted from there.
    closed_at = models.DateTimeField(null=True, db_index=True)
    erased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later")

    class Meta:
        ordering = ("level", "due_at", "id")
        indexes = [models.Index(fields=["state", "level", "due_at"], name="case_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["item_key"], condition=models.Q(state__in=OPEN_STATES), name="one_open_case_per_item"
            ),
            models.CheckConstraint(
                condition=models.Q(state="claimed", claimed_by__isnull=False)
                | models.Q(state="open", claimed_by__isnull=True)
                | ~models.Q(state__in=("open", "claimed")),
                name="case_claimed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | ~models.Q(state="closed") & models.Q(closed_at=None),
                name="case_closed_since",
            ),
        ]


class CaseInvolved(models.Model):
    """Somebody who may neither see nor decide this case: named in the notice, marked as involved, or kept out
    of a second decision after an appeal."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="involved")
    user = staff_field()
    # "involved": sees nothing of the case. "decided": may see, may not decide again.
    kind = models.CharField(max_length=8, default="involved")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="involved_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("involved", "decided")), name="involved_kind"
            ),
        ]
