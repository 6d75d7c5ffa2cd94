from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import staff_field
from fairnotice.law.openings import ABOUT, PURPOSES


class Opened(models.Model):
    """A person at the desk had sealed fields before them: who, of what, what kinds of fields, why, when.

    Never a value. One row for each page and thing, not for each field. `kinds` is a sorted list of slugs
    (`law.openings.KINDS`), empty where a purpose was said and nothing has been opened yet. `role` is the role
    that the person did it in: the people whom it is about are shown this and no name. Rows are never changed;
    a trigger lets them be deleted once they are old (`cases/guards.py`).
    """

    user = staff_field()
    role = models.CharField(max_length=32)
    about = models.CharField(max_length=8)
    ref = models.CharField(max_length=12)
    kinds = models.JSONField(default=list)
    purpose = models.CharField(max_length=12)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["about", "ref", "at"], name="opened_of_thing"),
            models.Index(fields=["user", "at"], name="opened_by_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(about__in=tuple(ABOUT)), name="opened_about_known"),
            models.CheckConstraint(condition=Q(purpose__in=tuple(PURPOSES)), name="opened_purpose_known"),
        ]
