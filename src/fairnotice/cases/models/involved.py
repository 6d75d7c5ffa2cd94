from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import event_field, ref_field, staff_field


class InvolvedContact(models.Model):
    """A person of trust for notices that say that somebody at this service is involved: an account, or an
    organisation outside with a mailbox.

    `label` is what notifiers are shown, a task and no name ("the works council"). The mailbox is sealed under
    `key_id` as ("involved", ref, "mailbox"). While one account is named, only named accounts see such cases.
    """

    ref = ref_field()
    label = models.CharField(max_length=80)
    user = staff_field(null=True)
    key_id = models.CharField(max_length=32, blank=True, default="")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    event = event_field()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=(Q(user__isnull=False) & Q(key_id="")) | (Q(user__isnull=True) & ~Q(key_id="")),
                name="involved_contact_account_or_mailbox",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at__isnull=True, user__isnull=False),
                name="involved_contact_once",
            ),
        ]
