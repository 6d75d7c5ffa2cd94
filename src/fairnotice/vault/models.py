"""The two tables of the keys database. Everything in them is wrapped under the master key."""

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

    def __str__(self) -> str:
        return self.name
