from __future__ import annotations

from django.db import models

from fairnotice.cases.models.fields import committed, event_field, ref_field, staff_field


class Decision(models.Model):
    """What a person decided about one case, on which ground and facts. Append-only; its state is
    `DecisionStatus`.

    Facts, explanation, necessity, the milder measure considered and the paraphrase of what was alleged are
    sealed; the database asks for their commitment and length, which survive an erasure.
    """

    ref = ref_field()
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="decisions")
    decided_by = staff_field()
    decided_at = models.DateTimeField()
    no_action = models.BooleanField()
    severe = models.BooleanField()
    ground_kind = models.CharField(max_length=8)
    ground_text = models.CharField(max_length=500, blank=True)
    ground_url = models.CharField(max_length=500, blank=True)
    clause = models.ForeignKey("cases.RulesClause", on_delete=models.PROTECT, null=True, related_name="+")
    also_illegal = models.BooleanField(null=True)
    category = models.CharField(max_length=80)
    category_additions = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    keyword_other = models.CharField(max_length=500, blank=True)
    content_types = models.JSONField(default=list)
    content_type_other = models.CharField(max_length=500, blank=True)
    content_id_ean = models.CharField(max_length=13, blank=True)
    content_date = models.DateField()
    content_language = models.CharField(max_length=2, blank=True)
    account_type = models.CharField(max_length=40, blank=True)
    territorial_scope = models.JSONField(default=list)
    source_type = models.CharField(max_length=40)
    automated_detection = models.BooleanField()
    automated_decision = models.CharField(max_length=40)
    # For an account measure: references of the decided cases it rests on.
    rests_on = models.JSONField(default=list)
    # The affected party is not shown the paraphrase: it would endanger the notifier. Why is sealed.
    paraphrase_withheld = models.BooleanField(default=False)
    facts_commitment = models.BinaryField(max_length=32)
    facts_length = models.PositiveIntegerField()
    explanation_commitment = models.BinaryField(max_length=32)
    explanation_length = models.PositiveIntegerField()
    necessity_commitment = models.BinaryField(max_length=32)
    necessity_length = models.PositiveIntegerField()
    milder_commitment = models.BinaryField(max_length=32)
    milder_length = models.PositiveIntegerField()
    # The time for appeal (article 20) is part of the decision: there is none without it.
    appeal_months = models.PositiveSmallIntegerField(default=6)
    event = event_field()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ground_kind="law", clause__isnull=True) & ~models.Q(ground_text="")
                | models.Q(ground_kind="rules", clause__isnull=False),
                name="decision_has_ground",
            ),
            models.CheckConstraint(condition=committed("facts"), name="decision_has_facts"),
            models.CheckConstraint(condition=committed("explanation"), name="decision_has_explanation"),
            models.CheckConstraint(
                condition=models.Q(no_action=True) | (committed("necessity") & committed("milder")),
                name="decision_is_necessary",
            ),
            models.CheckConstraint(condition=models.Q(appeal_months__gte=6), name="decision_can_be_appealed"),
        ]


class DecisionStatus(models.Model):
    """Where the decision stands now."""

    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, primary_key=True, related_name="status"
    )
    state = models.CharField(max_length=16, default="proposed", db_index=True)
    decider = staff_field()
    second = staff_field(null=True)
    second_at = models.DateTimeField(null=True)
    # The reason itself is sealed; its length says that there is one.
    second_reason_length = models.PositiveIntegerField(default=0)
    lapses_at = models.DateTimeField(null=True)
    not_independently_reviewed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second__isnull=True) | ~models.Q(second=models.F("decider")),
                name="second_person_is_second",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | models.Q(second_reason_length__gt=0),
                name="refusal_says_why",
            ),
        ]
