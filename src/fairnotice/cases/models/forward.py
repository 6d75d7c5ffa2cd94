"""A reported item on its way to organisations that answer for the place: one row for each of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairnotice.cases.models.fields import event_field, ref_field, staff_field
from fairnotice.law.forwarding import ANSWERS
from fairnotice.law.states import states

# States in which the notifier has said yes: nothing else is ever sent.
AGREED = tuple(
    state for state in states("forward") if state not in ("proposed", "declined", "spared", "stopped")
)
# States in which it lies with the organisation, or is on its way there.
RUNNING = ("sending", "dispatched", "reminded", "taken")
# States in which it may still answer.
ASKED = ("dispatched", "reminded", "overdue", "escalated", "taken", "undeliverable")
DOORS = ("link", "mail", "rest", "desk")


class Forward(models.Model):
    """One item, and one organisation that can be asked about it, as the register named it on the day of the
    notice. Append-only.

    `position` 0 is the one nearest to the item. `reason` says why it is named: "nearest", "above" a nearer
    one, or "past_site": whoever runs the reported site is passed by, and this is the nearest above. Only
    organisations that the public may see stand here, since the notifier is shown their names.
    """

    ref = ref_field()
    item = models.ForeignKey("cases.NoticeItem", on_delete=models.PROTECT, related_name="forwards")
    position = models.PositiveSmallIntegerField()
    handle = models.CharField(max_length=64)
    organisation = models.CharField(max_length=200)
    channel = models.CharField(max_length=8)
    contact = models.CharField(max_length=300)
    reason = models.CharField(max_length=12)
    answer_hours = models.PositiveSmallIntegerField()
    proposed_at = models.DateTimeField()
    event = event_field()

    class Meta:
        ordering = ("item_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="forward_position"),
            models.UniqueConstraint(fields=["item", "handle"], name="forward_once_to_each"),
            models.CheckConstraint(
                condition=~Q(handle="") & ~Q(organisation="") & ~Q(contact=""), name="forward_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=("mail", "xarf", "arf", "rest")), name="forward_channel"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=("nearest", "above", "past_site")), name="forward_reason"
            ),
            models.CheckConstraint(condition=Q(answer_hours__gte=1), name="forward_leaves_time"),
        ]


class ForwardConsent(models.Model):
    """The notifier's yes to one organisation, and what may go along beside location and category.
    Append-only: a tick that was not set can never be set later.

    `given_by` is "notifier", or "standing" for machine senders: then neither words nor identity go along.
    """

    forward = models.OneToOneField(Forward, on_delete=models.PROTECT, related_name="consent")
    given_by = models.CharField(max_length=8)
    with_words = models.BooleanField(default=False)
    with_contact = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    event = event_field()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by="notifier")
                | Q(given_by="standing", with_words=False, with_contact=False),
                name="forward_ticks_are_the_notifiers",
            )
        ]


class ForwardStatus(models.Model):
    """Where it stands now. `confirmed_at` repeats the moment of the consent, so that the database itself
    refuses a sending without one."""

    forward = models.OneToOneField(Forward, on_delete=models.CASCADE, primary_key=True, related_name="status")
    state = models.CharField(max_length=14, default="proposed", db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    reminded_at = models.DateTimeField(null=True)
    # The last answer, "" while there is none.
    answer = models.CharField(max_length=8, blank=True, default="")
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=states("forward")), name="forward_state"),
            models.CheckConstraint(
                condition=~Q(state__in=AGREED) | Q(confirmed_at__isnull=False), name="forward_was_confirmed"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("dispatched", "reminded", "overdue", "escalated"))
                | Q(dispatched_at__isnull=False, due_at__isnull=False),
                name="forward_sent_has_deadline",
            ),
            models.CheckConstraint(
                condition=Q(
                    answer="", state__in=[s for s in states("forward") if s not in ("taken", "answered")]
                )
                | Q(answer="taken", state__in=("taken", "stopped"))
                | Q(answer__in=[a for a in ANSWERS if a != "taken"], state="answered"),
                name="forward_answer_goes_with_state",
            ),
        ]


class ForwardToken(models.Model):
    """What the organisation answers with, as its MAC alone. Each letter has one; all of them work."""

    mac = models.BinaryField(max_length=32, unique=True)
    forward = models.ForeignKey(Forward, on_delete=models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField()


class ForwardAnswer(models.Model):
    """One answer of an organisation. Append-only; its words are sealed, their length says whether there are
    any."""

    ref = ref_field()
    forward = models.ForeignKey(Forward, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=8)
    door = models.CharField(max_length=4)
    received_at = models.DateTimeField()
    text_length = models.PositiveIntegerField(default=0)
    recorded_by = staff_field(null=True)
    event = event_field()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="forward_answer_kind"),
            models.CheckConstraint(condition=Q(door__in=DOORS), name="forward_answer_door"),
            models.CheckConstraint(
                condition=Q(door="desk", recorded_by__isnull=False) | ~Q(door="desk") & Q(recorded_by=None),
                name="forward_answer_recorded_by",
            ),
        ]


class ForwardLetter(models.Model):
    """A letter that came back by mail and that no program can read as one of the four answers, or that
    belongs to nothing we know. Its words are sealed under a key of its own."""

    ref = ref_field()
    forward = models.ForeignKey(Forward, on_delete=models.PROTECT, null=True, related_name="letters")
    received_at = models.DateTimeField()
    key_id = models.CharField(max_length=32)
    # An automatic answer ("we have your letter") is kept, and waits for nobody.
    automatic = models.BooleanField(default=False)
    handled_at = models.DateTimeField(null=True)
    handled_by = staff_field(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(
                fields=["id"], condition=Q(handled_at=None, automatic=False), name="forward_letter_waits"
            )
        ]


class CustomerLetter(models.Model):
    """An item that was passed to the operator's own system for the customer whom it concerns. Who that is
    stays there: all that is known here is whether the letter was delivered."""

    ref = ref_field()
    item = models.ForeignKey("cases.NoticeItem", on_delete=models.PROTECT, related_name="customer_letters")
    asked_by = staff_field()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=9, default="queued")
    ended_at = models.DateTimeField(null=True)
    event = event_field()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued", ended_at=None)
                | Q(state__in=("delivered", "failed"), ended_at__isnull=False),
                name="customer_letter_state",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="queued"), name="customer_letter_one_at_a_time"
            ),
        ]
