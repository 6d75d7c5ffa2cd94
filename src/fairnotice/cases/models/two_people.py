from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fairnotice.cases.models.fields import ref_field, staff_field
from fairnotice.law.two_people import REASONS, STATES


class Proposal(models.Model):
    """Something that one person alone may not do: one proposes it, another one confirms it.

    It is about a case or about a notice. The reason is a code and words; the words are sealed under the
    case's or the notice's own key as ("proposal", ref, "reason"), the words of a refusal as "refused".
    `until` is a last day, for what has one. `second` confirmed or refused it; where it was refused without
    one, whoever proposed it took it back.
    """

    ref = ref_field()
    verb = models.CharField(max_length=16)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="proposals")
    notice = models.ForeignKey("cases.Notice", on_delete=models.PROTECT, null=True, related_name="proposals")
    state = models.CharField(max_length=12, default="proposed")
    why = models.CharField(max_length=16)
    reason_length = models.PositiveIntegerField()
    until = models.DateField(null=True)
    proposed_by = staff_field()
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    second = staff_field(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "expires_at"], name="proposal_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(why__in=tuple(REASONS)), name="proposal_why_known"),
            models.CheckConstraint(condition=Q(reason_length__gt=0), name="proposal_has_reason"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, notice__isnull=True)
                | Q(case__isnull=True, notice__isnull=False),
                name="proposal_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("proposed_by")), name="proposal_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(second__isnull=False), name="proposal_done_by_second"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", ended_at__isnull=True)
                | (~Q(state="proposed") & Q(ended_at__isnull=False)),
                name="proposal_ended_dated",
            ),
            models.UniqueConstraint(
                fields=["verb", "case"],
                condition=Q(state="proposed", case__isnull=False),
                name="proposal_once_per_case",
            ),
            models.UniqueConstraint(
                fields=["verb", "notice"],
                condition=Q(state="proposed", notice__isnull=False),
                name="proposal_once_per_notice",
            ),
        ]
