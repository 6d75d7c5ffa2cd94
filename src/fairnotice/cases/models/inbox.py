from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import ref_field
from fairnotice.law.forwarding import ANSWERS

# "" is no answer yet. "taken" says that somebody looks after it, and an answer may follow; the others are
# final.
OPEN = ("", "taken")


class Inbound(models.Model):
    """A notice that another organisation forwarded to us, and what it was answered.

    Who sent it, where its answer goes, and the words of the answer are in `SealedValue`, under the notice's
    key. `key_mac` and `digest` tell a retry from a second notice under the same key.
    """

    ref = ref_field()
    notice = models.OneToOneField("cases.Notice", on_delete=models.CASCADE, related_name="inbound")
    token = models.ForeignKey("cases.ApiToken", on_delete=models.PROTECT, related_name="+")
    key_mac = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    # By when the sender asked for an answer.
    answer_by = models.DateTimeField(null=True)
    # It named an address for the answer that lies under a peer of ours. Else it has to ask for the state.
    reachable = models.BooleanField()
    answer = models.CharField(max_length=8, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answer_length = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "key_mac"], name="inbound_once_per_key"),
            models.CheckConstraint(condition=Q(answer__in=("", *ANSWERS)), name="inbound_answer_known"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="inbound_answer_dated",
            ),
        ]
