"""Which of what is to be sent is listed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairnotice.review.forms.fields import Choice
from fairnotice.review.forms.plain import PlainForm


class OutgoingForm(PlainForm):
    """One state, or everything that has not gone out."""

    state = Choice(
        label=_("Which ones"),
        required=False,
        choices=[
            ("", _("Everything that has not gone out")),
            ("failed", _("Failed, waiting for you")),
            ("retrying", _("To be tried again")),
            ("sending", _("On its way")),
            ("queued", _("Waiting to be sent")),
        ],
    )
