"""The table of the keys that sign for a log. Rows are never deleted, and a key only ends: `ledger.guards`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairnotice.ledger.log_models import Log


class LogKey(models.Model):
    """A key that signs for a log, and when. Only its end and the place of its secret can change."""

    CHECKPOINT, PROMISE = "checkpoint", "promise"
    #: Why a key ended: replaced as planned, or because nobody can use it, or somebody else can.
    ENDINGS = ("", "rotated", "lost", "stolen")

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="keys")
    purpose = models.CharField(max_length=16)
    vkey = models.CharField(max_length=400, unique=True)
    #: Where the secret half is: `vault:NAME`, `file:PATH` or `command:PROGRAM ARGS`. Never public.
    source = models.CharField(max_length=1000)
    since = models.DateTimeField()
    #: Entries of the log when the key began to sign.
    since_size = models.BigIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        verbose_name = _("key of a log")
        verbose_name_plural = _("keys of logs")
        ordering = ["log", "purpose", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=("checkpoint", "promise")), name="logkey_purpose_known"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="logkey_source_not_empty"),
            models.CheckConstraint(condition=Q(since_size__gte=0), name="logkey_size_not_negative"),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended="")
                | Q(until__isnull=False, ended__in=("rotated", "lost", "stolen")),
                name="logkey_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.vkey
