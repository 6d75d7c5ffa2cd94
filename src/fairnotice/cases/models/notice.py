from __future__ import annotations

from django.db import models

from fairnotice.cases.models.fields import committed, event_field, ref_field


class Notice(models.Model):
    """One notice under article 16. What the notifier wrote is in `SealedValue`; name and e-mail may be
    absent, always."""

    ref = ref_field()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=16, default="received")
    door = models.CharField(max_length=12)
    source_type = models.CharField(max_length=40, default="SOURCE_ARTICLE_16")
    problem = models.CharField(max_length=40)
    category = models.CharField(max_length=80)
    keyword = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, blank=True)
    # What the notifier says the item breaks: a law, a clause of the published rules, or they do not know.
    ground_kind = models.CharField(max_length=8, default="unsure")
    clause = models.ForeignKey("cases.RulesClause", on_delete=models.PROTECT, null=True, related_name="+")
    # None: the report came from a machine whose format has no such statement.
    good_faith = models.BooleanField(null=True)
    # "Somebody at this service is involved": only people of trust see the case (`cases.people`). Who it is,
    # as far as the notifier says: words, sealed as "involved"; a role, or a person of trust by reference.
    staff_involved = models.BooleanField(default=False)
    involved_role = models.CharField(max_length=32, blank=True, default="")
    life_in_danger = models.BooleanField(default=False)
    notifier_key = models.CharField(max_length=32)
    items_key = models.CharField(max_length=32)
    # Seals name and e-mail, which go earlier than the words. Empty: in an older notice notifier_key did.
    contact_key = models.CharField(max_length=32, blank=True, default="")
    # The organisation or program whose token it came with; None for everybody else, named or not.
    client = models.ForeignKey(
        "cases.ApiClient", on_delete=models.PROTECT, null=True, related_name="notices", db_index=False
    )
    erased_at = models.DateTimeField(null=True)
    why_commitment = models.BinaryField(max_length=32)
    why_length = models.PositiveIntegerField()
    event = event_field()

    class Meta:
        indexes = [
            models.Index(fields=["client", "received_at"], name="notice_of_client"),
            models.Index(fields=["received_at"], name="notice_received"),
        ]
        constraints = [
            models.CheckConstraint(condition=committed("why"), name="notice_says_why"),
            models.CheckConstraint(
                condition=~models.Q(ground_kind="rules") | models.Q(clause__isnull=False),
                name="notice_rules_clause",
            ),
        ]


class NoticeItem(models.Model):
    """One exact location within a notice, its own answerable party and its own case."""

    ref = ref_field()
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    is_url = models.BooleanField()
    # HMAC of the normalised location: how two notices about one thing meet. Internal; erased with the item.
    item_key = models.BinaryField(max_length=32, null=True, db_index=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="items")

    class Meta:
        ordering = ("notice_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="item_position"),
            models.CheckConstraint(condition=models.Q(position__lt=50), name="item_at_most_fifty"),
        ]
