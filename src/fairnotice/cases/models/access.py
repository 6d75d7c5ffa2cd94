from __future__ import annotations

from django.db import models


class AccessCode(models.Model):
    """A receipt code, as its MAC alone. It opens one notice, or the affected party's side of one case."""

    mac = models.BinaryField(max_length=32, unique=True)
    side = models.CharField(max_length=8)
    notice = models.ForeignKey("cases.Notice", on_delete=models.CASCADE, null=True, related_name="codes")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, related_name="codes")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side="notifier", notice__isnull=False, case__isnull=True)
                | models.Q(side="affected", notice__isnull=True, case__isnull=False),
                name="code_opens_one_side",
            )
        ]


class Idempotency(models.Model):
    """The answer to one submission, sealed for 24 hours under a key derived from the client's own random key,
    so that a retry gets the same answer and nobody else can read it."""

    mac = models.BinaryField(max_length=32, unique=True)
    digest = models.BinaryField(max_length=32)
    sealed_answer = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)
