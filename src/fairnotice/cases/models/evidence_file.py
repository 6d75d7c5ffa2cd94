from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import ref_field
from fairnotice.law.states import states


class EvidenceFile(models.Model):
    """A file that came with a notice, or was sent for one that is still being typed (`notice` empty).

    What it holds lies sealed below the data folder (`vault.files`), what it was called in `SealedValue` under
    (`evidence`, ref, "name"), both under `key_id`: a subject's key for this file alone. `original` is the
    file as it came in, `sha256` and `length` are of that. `shown` lists what may be looked at, made anew:
    [{"id", "media", "width", "height", "length"}, ...]. Of a removed one the row stays, with its hash
    (empty where it was erased), and nothing that opens.
    """

    ref = ref_field()
    notice = models.ForeignKey("cases.Notice", on_delete=models.PROTECT, null=True, related_name="evidence")
    # It belongs to what is held back in a crowd, and so waits as long as that does.
    received = models.ForeignKey(
        "cases.Received", on_delete=models.PROTECT, null=True, related_name="evidence"
    )
    position = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=12, default="quarantined")
    reason = models.CharField(max_length=16, blank=True, default="")
    came_at = models.DateTimeField()
    # Until when it waits for a notice that claims it; renewed with each page that still names it.
    unclaimed_until = models.DateTimeField(null=True)
    original = models.CharField(max_length=32, blank=True)
    length = models.PositiveBigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    # By content, never by name; "" before it was looked at.
    media = models.CharField(max_length=80, blank=True, default="")
    pages = models.PositiveIntegerField(default=1)
    shown = models.JSONField(default=list)
    key_id = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ("notice_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="evidence_position"),
            models.CheckConstraint(condition=Q(state__in=states("evidence")), name="evidence_state_known"),
            models.CheckConstraint(
                condition=Q(notice__isnull=False, position__isnull=False, unclaimed_until__isnull=True)
                | Q(notice__isnull=True, position__isnull=True, unclaimed_until__isnull=False),
                name="evidence_claimed_or_waits",
            ),
            # What no notice claimed was never looked at.
            models.CheckConstraint(
                condition=Q(notice__isnull=False) | Q(state="quarantined"), name="evidence_unclaimed_closed"
            ),
        ]
