from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ImportRun(models.Model):
    """One file that was taken in, or is being taken in. It is known again by its digest, so the same command
    goes on where it was cut off; `position` counts the statements of it that are dealt with.

    Its name is not kept: it may be anything. `key_id` seals the text of the lines that did not go in.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"

    digest = models.CharField(max_length=64)
    format = models.CharField(max_length=16)
    source = models.CharField(max_length=64)
    whole = models.BooleanField(default=False)
    as_of = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    position = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    ended = models.BigIntegerField(default=0)
    bad = models.BigIntegerField(default=0)
    left_out = models.BigIntegerField(default=0)
    key_id = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="import_known_state", condition=Q(state__in=["running", "done"])),
            models.CheckConstraint(
                name="import_done_has_end",
                condition=Q(state="running", finished_at=None) | Q(state="done", finished_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="import_one_at_work_per_content",
                fields=["digest", "format", "source", "whole"],
                condition=Q(state="running"),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} ({self.format})"

    @property
    def lines(self) -> int:
        """All that the file says, whatever became of it."""
        return self.added + self.changed + self.unchanged + self.bad


class ImportBadLine(models.Model):
    """A line that did not go in, and why. Its text may hold anything, so it is sealed; the row may be
    removed."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="bad_lines")
    number = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    # What its text is sealed under: the run and this number are part of the seal.
    place = models.BigIntegerField()
    blob = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="import_bad_line_once", fields=["run", "place"]),
        ]

    def __str__(self) -> str:
        return f"line {self.number}"
