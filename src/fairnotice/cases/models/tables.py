from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fairnotice.cases.models.fields import event_field, ref_field, staff_field
from fairnotice.law.states import TABLE

OUTCOMES = ("notice", "duplicate", "bad")


class TableRun(models.Model):
    """A table of notices on its way in, a line a notice. The file is its `received`; how it is read stands in
    `SealedValue` under (`table`, ref) as "mapping", under the same key.

    `position` counts the lines that were worked through, `total` all that are not empty.
    """

    ref = ref_field()
    received = models.OneToOneField("cases.Received", on_delete=models.PROTECT, related_name="table")
    state = models.CharField(max_length=12, default="draft")
    machine = models.BooleanField(default=False)
    receipts = models.BooleanField(default=False)
    total = models.PositiveIntegerField()
    position = models.PositiveIntegerField(default=0)
    notices = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    # Who uploaded it; nobody where the command line did.
    created_by = staff_field(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    event = event_field()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=tuple(TABLE)), name="table_state_known"),
            models.CheckConstraint(condition=Q(position__lte=F("total")), name="table_position_in_file"),
            models.CheckConstraint(
                condition=Q(position=F("notices") + F("duplicates") + F("bad")),
                name="table_every_line_counted",
            ),
        ]


class TableLine(models.Model):
    """What became of one line. Of a bad one, what is wrong stands in `SealedValue` under (`table-line`, the
    run's ref) by its number; its words stand in the file alone. `content_mac` tells the same notice in
    another table."""

    run = models.ForeignKey(TableRun, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12)
    notice = models.ForeignKey(
        "cases.Notice", on_delete=models.PROTECT, null=True, related_name="table_lines"
    )
    content_mac = models.BinaryField(max_length=32, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="table_line_once"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="table_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="bad", notice__isnull=True)
                | (~Q(outcome="bad") & Q(notice__isnull=False)),
                name="table_line_has_its_notice",
            ),
        ]


class TableMapping(models.Model):
    """How tables of one sender are read, kept under a name for the next one. Sealed under (`table-mapping`,
    ref): names of columns come out of somebody's file."""

    ref = ref_field()
    label = models.CharField(max_length=80, unique=True)
    key_id = models.CharField(max_length=32)
    changed_at = models.DateTimeField()
