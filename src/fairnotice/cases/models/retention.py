"""What was erased, what is held back from it, and what the person asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fairnotice.cases.models.fields import event_field, ref_field, staff_field
from fairnotice.law.retention import GROUNDS, HOLDS, REASONS_TO_KEEP
from fairnotice.law.states import states


class Erasure(models.Model):
    """Something that is gone: which thing, on what ground, who decided. Append-only.

    `what` is a kind of `law.retention`, or "everything" of a notice or case; `ref` is the reference of the
    row that it was about, which stays. Nobody stands in `decided_by` where the schedule or the person
    themselves did it. `keys` are the ids of the keys that go with it, for whoever finishes a run that was cut
    off.
    """

    ref = ref_field()
    what = models.CharField(max_length=20)
    of = models.CharField(max_length=12)
    ground = models.CharField(max_length=20)
    keys = models.JSONField(default=list)
    erased_at = models.DateTimeField(db_index=True)
    decided_by = staff_field(null=True)
    second = staff_field(null=True)
    event = event_field()

    class Meta:
        indexes = [models.Index(fields=["of", "what"], name="erasure_of")]
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=tuple(GROUNDS)), name="erasure_ground"),
            # Outside the schedule two people decide, unless it is the person's own.
            models.CheckConstraint(
                condition=Q(ground__in=("schedule", "own-wish"), decided_by=None, second=None)
                | Q(decided_by__isnull=False, second__isnull=False) & ~Q(decided_by=F("second")),
                name="erasure_by_two",
            ),
        ]


class ErasureOpen(models.Model):
    """An erasure whose keys and files are not known to be gone yet: the row is removed when they are."""

    erasure = models.OneToOneField(
        Erasure, on_delete=models.PROTECT, primary_key=True, related_name="unfinished"
    )


class Hold(models.Model):
    """A case that is kept past its time: by two people, for a reason, until a day. Why exactly is sealed."""

    ref = ref_field()
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=20)
    until = models.DateField(db_index=True)
    begun_at = models.DateTimeField()
    begun_by = staff_field()
    second = staff_field()
    ended_at = models.DateTimeField(null=True)
    ended_by = staff_field(null=True)
    words_length = models.PositiveIntegerField(default=0)
    event = event_field()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=tuple(HOLDS)), name="hold_reason"),
            models.CheckConstraint(condition=~Q(begun_by=F("second")), name="hold_by_two"),
        ]


class ErasureRequest(models.Model):
    """Somebody with a code asked that what they gave be erased (GDPR article 17). Two people answer, within a
    month (article 12(3)). What they wrote, and the words of a refusal, are sealed under their own key."""

    ref = ref_field()
    side = models.CharField(max_length=8)
    notice = models.ForeignKey(
        "cases.Notice", on_delete=models.PROTECT, null=True, related_name="erasure_requests"
    )
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, related_name="erasure_requests"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked", db_index=True)
    first = staff_field(null=True)
    second = staff_field(null=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True, default="")
    words_length = models.PositiveIntegerField(default=0)
    event = event_field()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=states("erasure")), name="erasure_request_state"),
            models.CheckConstraint(
                condition=Q(side="notifier", notice__isnull=False, case__isnull=True)
                | Q(side="affected", notice__isnull=True, case__isnull=False),
                name="erasure_request_side",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(first=F("second")), name="erasure_request_by_two"
            ),
            models.CheckConstraint(
                condition=Q(state="refused", reason__in=tuple(REASONS_TO_KEEP)) | ~Q(state="refused"),
                name="erasure_refusal_says_why",
            ),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(state__in=("asked", "granted")), name="one_request_per_notice"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=("asked", "granted")), name="one_request_per_case"
            ),
        ]


class Correction(models.Model):
    """Something the notifier said later about their own notice (GDPR article 16): appended, sealed under the
    notice's key; what was said first stays beside it."""

    ref = ref_field()
    notice = models.ForeignKey("cases.Notice", on_delete=models.PROTECT, related_name="corrections")
    made_at = models.DateTimeField()
    words_commitment = models.BinaryField(max_length=32)
    words_length = models.PositiveIntegerField()
    event = event_field()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(words_length__gt=0), name="correction_has_words"),
        ]


class RetentionRun(models.Model):
    """When the schedule last ran, and whether it waits for a person to say that the clock is right. One
    row."""

    one = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refused_due = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(one=1), name="retention_run_one")]
