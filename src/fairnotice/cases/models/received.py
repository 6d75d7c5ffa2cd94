from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import event_field, ref_field
from fairnotice.law.states import RECEIVED


class Received(models.Model):
    """Something that came in at a door that stores before it reads: a mail, a report of another program.

    In `SealedValue` under (`received`, ref), sealed by `key_id`: "raw", the bytes as they came; "envelope",
    what the door knew besides; "draft", the notice as far as a program could read it; "detail", what was
    wrong with it, or why it was dismissed. `sha256` is of all bytes that came, also where only the beginning
    was kept (`whole` False). `key_mac` tells a second delivery of the same thing.
    """

    ref = ref_field()
    door = models.CharField(max_length=12)
    received_at = models.DateTimeField(db_index=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    whole = models.BooleanField(default=True)
    key_mac = models.BinaryField(max_length=32, unique=True)
    key_id = models.CharField(max_length=32)
    state = models.CharField(max_length=12, default="new")
    # What it was read as ("mail", "arf", "xarf", ...), and why a person has to look (`law.doors.REASONS`).
    format = models.CharField(max_length=12, blank=True, default="")
    reason = models.CharField(max_length=24, blank=True, default="")
    # As what a report about no item is counted: category and type of a schema, never its sender's words.
    about = models.CharField(max_length=48, blank=True, default="")
    machine = models.BooleanField(default=False)
    # It says that somebody at this service is involved: hidden like a case of which that was said.
    staff_involved = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    notice = models.ForeignKey("cases.Notice", on_delete=models.PROTECT, null=True, related_name="received")
    settled_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    event = event_field()

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="received_by_state"),
            models.Index(fields=["door", "-received_at"], name="received_by_door"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=tuple(RECEIVED)), name="received_state_known"),
            models.CheckConstraint(
                condition=Q(state="taken", notice__isnull=False)
                | (~Q(state="taken") & Q(notice__isnull=True)),
                name="received_taken_is_notice",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("waiting", "held")) | ~Q(reason=""), name="received_waits_for_reason"
            ),
        ]
