"""The tables of the keys database. Every key in them is wrapped under a master key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Key(models.Model):
    """A random 256-bit key, or what is left of one: after erasure the row stays and says when.

    Kind "subject" seals the personal fields of one subject in one case and can be destroyed. Kind "record"
    opens the fields of a record that are not personal and can never be destroyed, so that erasure cannot make
    a decision vanish.
    """

    SUBJECT = "subject"
    RECORD = "record"

    id = models.CharField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=7, choices=[(SUBJECT, "subject"), (RECORD, "record")])
    wrapped = models.BinaryField(null=True)
    #: `master.key_id` of the master key that it is wrapped under; "" in rows older than this column.
    master = models.CharField(max_length=16, default="", db_default="")
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["subject", "record"]), name="vault_key_kind"),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=True, destroyed_at__isnull=False)
                | Q(wrapped__isnull=False, destroyed_at__isnull=True),
                name="vault_key_destroyed_is_gone",
            ),
            models.CheckConstraint(
                condition=~Q(kind="record") | Q(destroyed_at__isnull=True),
                name="vault_key_record_is_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} key {self.id}"


class Secret(models.Model):
    """A named 256-bit secret of the installation (pepper of the codes, signing keys, ...)."""

    name = models.CharField(primary_key=True, max_length=64)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=16, default="", db_default="")

    def __str__(self) -> str:
        return self.name


class Bridge(models.Model):
    """While one master key gives way to another: each of them, wrapped under the other, so that whichever a
    process (or a backup) has opens all. Gone when no row is under the old one any more."""

    master = models.CharField(max_length=16)
    opens = models.CharField(max_length=16)
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["master", "opens"], name="vault_bridge_once")]

    def __str__(self) -> str:
        return f"from {self.master} to {self.opens}"


class Replayed(models.Model):
    """Which content of `erased.log` this keys database has followed: an older one has followed less."""

    digest = models.CharField(primary_key=True, max_length=64)

    def __str__(self) -> str:
        return self.digest
