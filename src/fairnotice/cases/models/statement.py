from __future__ import annotations

from django.db import models

from fairnotice.cases.models.fields import committed, event_field, ref_field


class Statement(models.Model):
    """What one side was told: the statement of reasons (article 17), a decision with redress (article 16(5)),
    or the reasoned answer to an appeal (article 20(5)). Append-only; its sealed body is kept as it was
    sent."""

    ref = ref_field()
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, related_name="statements")
    outcome = models.ForeignKey(
        "cases.AppealOutcome", on_delete=models.PROTECT, null=True, related_name="statements"
    )
    audience = models.CharField(max_length=8)
    notice = models.ForeignKey("cases.Notice", on_delete=models.PROTECT, null=True, related_name="statements")
    made_at = models.DateTimeField()
    key_id = models.CharField(max_length=32)
    body_commitment = models.BinaryField(max_length=32)
    body_length = models.PositiveIntegerField()
    event = event_field()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=committed("body"), name="statement_has_body"),
            models.CheckConstraint(
                condition=models.Q(audience="affected", notice__isnull=True)
                | models.Q(audience="notifier", notice__isnull=False),
                name="statement_audience",
            ),
        ]


class StatementStatus(models.Model):
    """How the statement travels: sealed e-mail, printed letter with a fresh code, the page behind the code,
    or not at all, with the reason. `delivered_at` starts the time for appeal."""

    statement = models.OneToOneField(
        Statement, on_delete=models.CASCADE, primary_key=True, related_name="status"
    )
    channel = models.CharField(max_length=12)
    # Why nobody can be reached is sealed; its length says that a reason was given.
    unreachable_reason_length = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, default="queued", db_index=True)
    dispatched_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)
    first_opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(channel="unreachable") | models.Q(unreachable_reason_length__gt=0),
                name="unreachable_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=("email", "letter", "page", "unreachable")),
                name="statement_channel",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="dispatched") | models.Q(dispatched_at__isnull=False),
                name="statement_dispatched_when",
            ),
        ]
