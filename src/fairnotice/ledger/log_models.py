"""Tables of the logs: one log for each year, its entries, its signed checkpoints and its right edge.

LogEntry, CheckpointRow and Cosignature are append-only; Log changes once, when it is closed; `ledger.guards`
holds the rules that no CHECK can hold.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

HASH_BYTES = 32

models.BinaryField.register_lookup(Length)
models.CharField.register_lookup(Length)


def is_hash(table: str, field: str) -> models.CheckConstraint:
    """A constraint: the field holds 32 bytes."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__length": HASH_BYTES}), name=f"{table}_{field}_is_32_bytes"
    )


class Log(models.Model):
    """One log: that of a calendar year (UTC). The newest is written to; the others are closed for good."""

    origin = models.CharField(max_length=255, unique=True)
    year = models.IntegerField(unique=True)
    #: Folder below the published tree, and path below `/log/`. Empty for a log that was begun before there
    #: was one for each year: its files stay where readers know them.
    place = models.CharField(max_length=8, blank=True, unique=True)
    opened_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    final_size = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("log")
        verbose_name_plural = _("logs")
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(condition=~Q(origin=""), name="log_origin_not_empty"),
            models.CheckConstraint(condition=Q(year__gte=1970, year__lte=9999), name="log_year_is_a_year"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, final_size__isnull=True)
                | Q(frozen_at__isnull=False, final_size__gte=0),
                name="log_closed_with_its_size",
            ),
        ]

    def __str__(self) -> str:
        return self.origin

    @property
    def frozen(self) -> bool:
        """Whether it is closed: nothing can ever be added to it."""
        return self.frozen_at is not None

    def folder(self) -> Path:
        """Where its published files lie. Made on first use."""
        folder = Path(settings.FN_LOG_DIR) / self.place
        folder.mkdir(parents=True, exist_ok=True)
        return folder


class LogEntry(models.Model):
    """One leaf at its place in the tree of its log (index counts from 0, without gaps).

    `recovered`: read back from the published files after an older copy of the database was restored; only
    such an entry may lack its event.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries")
    index = models.BigIntegerField()
    #: Null where the event holds it: four kilobytes need not stand twice.
    leaf = models.BinaryField(null=True)
    leaf_hash = models.BinaryField()
    event = models.OneToOneField(
        "ledger.Event", on_delete=models.PROTECT, related_name="entry", null=True, blank=True
    )
    recovered = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["log", "index"]
        constraints = [
            models.UniqueConstraint(fields=["log", "index"], name="logentry_place_taken_once"),
            models.CheckConstraint(condition=Q(index__gte=0), name="logentry_index_not_negative"),
            models.CheckConstraint(
                condition=Q(event__isnull=False) | Q(recovered=True), name="logentry_has_event_or_recovered"
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=False) | Q(leaf__isnull=False), name="logentry_leaf_is_somewhere"
            ),
            is_hash("logentry", "leaf_hash"),
        ]

    def __str__(self) -> str:
        return f"entry {self.index}"


class CheckpointRow(models.Model):
    """A signed checkpoint. One size of a log is one row: one state of the tree is never signed twice."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("checkpoint")
        ordering = ["log", "size"]
        constraints = [
            models.UniqueConstraint(fields=["log", "size"], name="checkpoint_size_signed_once"),
            models.CheckConstraint(condition=Q(size__gte=0), name="checkpoint_size_not_negative"),
            models.CheckConstraint(condition=~Q(note=""), name="checkpoint_note_not_empty"),
            is_hash("checkpoint", "root"),
        ]

    def __str__(self) -> str:
        return f"checkpoint of size {self.size}"


class Cosignature(models.Model):
    """A witness's signature line over a checkpoint, verified when it came. A later one of the same witness
    over the same checkpoint stands beside it, with its later time."""

    checkpoint = models.ForeignKey(CheckpointRow, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=255)
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("cosignature")
        verbose_name_plural = _("cosignatures")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "line"], name="cosignature_kept_once"),
            models.CheckConstraint(condition=~Q(line=""), name="cosignature_line_not_empty"),
        ]

    def __str__(self) -> str:
        return f"cosignature {self.pk}"


class Edge(models.Model):
    """The right edge of a log's tree: a single row for each log, so that appending needs no earlier leaf."""

    log = models.OneToOneField(Log, on_delete=models.PROTECT, related_name="edge")
    size = models.BigIntegerField(default=0)
    edge = models.JSONField(default=list)

    class Meta:
        verbose_name = _("right edge")
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="edge_size_not_negative"),
        ]

    def __str__(self) -> str:
        return f"edge of size {self.size}"
