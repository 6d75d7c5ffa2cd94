from __future__ import annotations

from django.db import models


class Change(models.Model):
    """One change of the register, in the order of writing. A copy in memory remembers the last number that it
    saw and reads what came after; times alone would not do, since clocks are set back.

    `what` names the table, `ref` the row there; with `what` "bulk" so much changed that a new copy is due.
    """

    class What(models.TextChoices):
        DELEGATION = "delegation"
        ORGANISATION = "organisation"
        CONTACT = "contact"
        MARK = "mark"
        BULK = "bulk"

    what = models.CharField(max_length=16, choices=What.choices)
    ref = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.what} {self.ref}"
