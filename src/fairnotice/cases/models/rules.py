from __future__ import annotations

from django.db import models

from fairnotice.cases.models.fields import event_field


class RulesVersion(models.Model):
    """One published version of the operator's rules (article 14). Append-only: a change is a new version."""

    number = models.PositiveIntegerField(unique=True)
    published_on = models.DateField()
    note = models.CharField(max_length=500)
    language = models.CharField(max_length=8, default="en")
    event = event_field()

    class Meta:
        ordering = ("-number",)


class RulesClause(models.Model):
    """One clause that decisions and notices cite; its permalink is version and reference."""

    version = models.ForeignKey(RulesVersion, on_delete=models.PROTECT, related_name="clauses")
    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    text = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("version_id", "position")
        constraints = [models.UniqueConstraint(fields=["version", "reference"], name="clause_reference")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"
