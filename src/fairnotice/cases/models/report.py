from __future__ import annotations

from django.db import models

from fairnotice.cases.models.fields import event_field, ref_field, staff_field


class ReportText(models.Model):
    """One saved version of a text, note or figure that people write into transparency reports. Append-only:
    a change is a new version, and an empty one takes it out. `period` "" holds for every report that has
    none of its own."""

    service = models.CharField(max_length=200)
    period = models.CharField(max_length=21, blank=True, default="")
    # "part/row/column" as `reporting.places` names them.
    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    written_by = staff_field(null=True)
    written_at = models.DateTimeField()
    event = event_field()

    class Meta:
        ordering = ("service", "period", "key", "version")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "period", "key", "version"], name="report_text_version"
            ),
        ]


class Report(models.Model):
    """One version of a transparency report as it was built. Append-only; where it stands is `ReportStatus`,
    its files are `ReportFile`. Every version stays, and a correction is a new one that says why."""

    ref = ref_field()
    service = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    number = models.PositiveIntegerField()
    profile = models.CharField(max_length=12)
    # The last published version of the same period, where this corrects it.
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    reason = models.CharField(max_length=2000, blank=True)
    # Part number (as text) -> data rows, all but the day of publication; and where each figure comes from.
    parts = models.JSONField()
    provenance = models.JSONField()
    built_by = staff_field(null=True)
    built_at = models.DateTimeField()
    event = event_field()

    class Meta:
        ordering = ("-first_day", "-last_day", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "first_day", "last_day", "number"], name="report_version"
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gt=models.F("first_day")), name="report_period"
            ),
            models.CheckConstraint(
                condition=models.Q(corrects__isnull=True) | ~models.Q(reason=""),
                name="report_correction_says_why",
            ),
        ]

    @property
    def period(self) -> str:
        """As the templates write it."""
        return f"{self.first_day}/{self.last_day}"


class ReportStatus(models.Model):
    """Where a version stands now."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, primary_key=True, related_name="status")
    state = models.CharField(max_length=12, default="built", db_index=True)
    published_on = models.DateField(null=True)
    published_by = staff_field(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("built", "dropped"), published_on__isnull=True)
                | models.Q(state__in=("published", "corrected"), published_on__isnull=False),
                name="report_published_when",
            ),
        ]


class ReportFile(models.Model):
    """One file of a published version, as it was published. Append-only; the log's event holds its
    SHA-256."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["report", "name"], name="report_file_name")]


class Tally(models.Model):
    """The counts of one closed month, committed in the log in the clear. Append-only. `table` is the
    canonical JSON (RFC 8785) whose SHA-256 the log's entry holds."""

    service = models.CharField(max_length=200)
    month = models.DateField(unique=True)
    table = models.TextField()
    sha256 = models.CharField(max_length=64)
    cells = models.PositiveIntegerField()
    counted_at = models.DateTimeField()
    event = event_field()

    class Meta:
        ordering = ("month",)
