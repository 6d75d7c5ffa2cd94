"""The second of the two times: since when, and until when, a row was what this register said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Recorded(models.Model):
    """A row that is said from `recorded_from` up to, not including, `recorded_until`; None: it is still said.

    Closing is the only change such a row ever sees, once (a trigger, `answerable.guards`).
    """

    recorded_from = models.DateTimeField()
    recorded_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_recorded_order",
                condition=Q(recorded_until=None) | Q(recorded_from__lt=F("recorded_until")),
            ),
        ]


STILL_SAID = Q(recorded_until=None)
