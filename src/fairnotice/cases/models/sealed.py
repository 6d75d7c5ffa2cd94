from __future__ import annotations

from django.db import models


class SealedValue(models.Model):
    """One personal value: AES-256-GCM under its subject's key. The only table that holds what people wrote or
    are called; erasing is destroying the key and deleting these rows."""

    owner = models.CharField(max_length=64)
    row = models.CharField(max_length=64)
    field = models.CharField(max_length=64)
    key_id = models.CharField(max_length=32, db_index=True)
    blob = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "row", "field"], name="sealed_one_per_field")]
