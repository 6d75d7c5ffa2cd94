"""Tables of the ledger. Event, LogEntry and CheckpointRow are append-only (triggers by
`plumbing.appendonly`); Waiting, Edge and OutboxRow are the ones that change. Those of the logs stand in
`log_models`."""

from __future__ import annotations

import json
from datetime import UTC

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairnotice.ledger.key_models import LogKey
from fairnotice.ledger.log_models import CheckpointRow, Cosignature, Edge, Log, LogEntry, is_hash
from fairnotice.translog import openings
from fairnotice.vault import commitments

__all__ = [
    "ERROR_CODES",
    "OWN_PATHS",
    "CheckpointRow",
    "Cosignature",
    "Edge",
    "Event",
    "Log",
    "LogEntry",
    "LogKey",
    "OutboxRow",
    "UnknownPath",
    "Waiting",
    "iso_seconds",
    "value_length",
]
#: Paths that `append` commits by itself; callers cannot use these names.
OWN_PATHS = ("kind", "time", "follows")
#: Why a delivery did not succeed. Identifiers only: exception text may carry an address (architecture.md).
ERROR_CODES = (
    "refused",
    "deferred",
    "unreachable",
    "timeout",
    "misconfigured",
    "erased",
    "unreadable",
    "lease-expired",
    "internal",
    "cancelled",
    "gone",
)


class UnknownPath(KeyError):
    """The event commits nothing under this path. The message names the path, never a value."""


class Event(models.Model):
    """One final act. Everything it says is committed in `leaf`; what names a person is only here as a
    commitment, so that the row can stay for ever while the personal values are erased."""

    #: The log that it enters: the one that was written to at its time, which its promise names.
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="events")
    record = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=64)
    at = models.DateTimeField()
    # A plain number, no foreign key: the ledger stands below accounts, and outlives them.
    actor_id = models.BigIntegerField(null=True, blank=True)
    case_ref = models.CharField(max_length=64, blank=True, default="")
    open = models.JSONField(default=dict)
    personal = models.JSONField(default=dict)
    key_id = models.CharField(max_length=32)
    follows = models.CharField(max_length=32, blank=True, default="")
    clear_type = models.CharField(max_length=64, blank=True, default="")
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField(unique=True)

    class Meta:
        verbose_name = _("event")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["case_ref", "id"], name="event_case"),
            models.Index(fields=["kind", "id"], name="event_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(record__length=32), name="event_record_is_32_hex"),
            models.CheckConstraint(condition=Q(key_id__length=32), name="event_key_id_is_32_hex"),
            models.CheckConstraint(
                condition=Q(follows="") | Q(follows__length=32), name="event_follows_is_record"
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="event_kind_not_empty"),
            is_hash("event", "leaf_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"

    def own_values(self) -> dict[str, str]:
        """The values that `append` commits beside `open`: kind, time (ISO 8601 UTC, whole seconds), and
        follows (hex leaf hash of the event that this one follows, or empty)."""
        followed = ""
        if self.follows:
            row = Event.objects.only("leaf_hash").get(record=self.follows)
            followed = bytes(row.leaf_hash).hex()
        return {"kind": self.kind, "time": iso_seconds(self), "follows": followed}

    def opening(self, path: str) -> openings.Opening:
        """Opening of a non-personal path. Raises UnknownPath."""
        value = self._value(path)
        return commitments.opening(self.key_id, record=self.record, path=path, value=value)

    def commitment(self, path: str) -> bytes:
        """32 bytes: what the leaf holds for `path`. Raises UnknownPath.

        For personal paths it is the stored one, which survives erasure."""
        if path in self.personal:
            return bytes.fromhex(self.personal[path]["commitment"])
        return self.opening(path).commitment(self.record)

    def length(self, path: str) -> int:
        """Characters of the value at `path` (of its JSON text where it is no string). Raises UnknownPath."""
        if path in self.personal:
            return int(self.personal[path]["length"])
        return value_length(self._value(path))

    def _value(self, path: str) -> openings.Json:
        known = self.open if path in self.open else self.own_values()
        if path not in known:
            raise UnknownPath(path)
        return known[path]


def value_length(value: object) -> int:
    """Characters of a string; of the compact JSON text of anything else."""
    return (
        len(value)
        if isinstance(value, str)
        else len(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
    )


def iso_seconds(event: Event) -> str:
    """The event's time as committed: `2026-01-31T12:00:00Z`."""
    return event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Waiting(models.Model):
    """An event that is not in the log yet. A small table of its own, so that the sequencer never has to look
    through all events, whatever their number."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="waiting")

    class Meta:
        verbose_name = _("waiting event")
        verbose_name_plural = _("waiting events")

    def __str__(self) -> str:
        return f"waiting {self.pk}"


class OutboxRow(models.Model):
    """Something to be sent. The payload is sealed, and wiped as soon as it is done."""

    kind = models.CharField(max_length=64)
    ref = models.CharField(max_length=64, blank=True, default="")
    key_id = models.CharField(max_length=32)
    sealed = models.BinaryField(null=True)
    message_id = models.CharField(max_length=320, unique=True)
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=32, blank=True, default="")
    # When it was put in, or put in again by a person: the date of the letter, the same at every try.
    queued_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    dead = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("outbox row")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(done_at__isnull=True, dead=False), name="outbox_waiting"
            ),
            models.Index(fields=["kind", "ref"], name="outbox_ref"),
            models.Index(fields=["due_at", "id"], condition=Q(dead=True), name="outbox_dead"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(attempts__gte=0), name="outbox_attempts_not_negative"),
            models.CheckConstraint(
                condition=Q(error_code="") | Q(error_code__in=ERROR_CODES), name="outbox_error_code_known"
            ),
            # What is done holds nothing any more, and what is not done can still be sent.
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, sealed__isnull=False)
                | Q(done_at__isnull=False, sealed__isnull=True, dead=False),
                name="outbox_sealed_until_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
