"""An answer that came in another way, and which forwarded notices are listed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.forward import MAX_ANSWER
from fairnotice.review.forms.fields import Choice, Words
from fairnotice.review.forms.plain import PlainForm

ANSWERS = [
    ("taken", _("They have it in hand")),
    ("not_ours", _("It is not theirs")),
    ("too_old", _("It is too old for them")),
    ("answered", _("They have decided or acted")),
]


class AnswerForm(PlainForm):
    """What an organisation said, and its words; the notifier reads both."""

    status = Choice(label=_("What they answered"), choices=ANSWERS, widget=forms.RadioSelect)
    text = Words(
        label=_("Their words"),
        required=False,
        limit=MAX_ANSWER,
        rows=5,
        help_text=_("The notifier reads this. Leave out names."),
    )


class StateForm(PlainForm):
    """Which forwarded notices are listed."""

    state = Choice(
        label=_("Which ones"),
        required=False,
        choices=[
            ("", _("On their way or waiting for an answer")),
            ("overdue", _("Not answered in time")),
            ("undeliverable", _("Could not be delivered")),
            ("taken", _("Taken on")),
            ("answered", _("Answered")),
            ("proposed", _("The notifier has not said yes")),
            ("stopped", _("Stopped")),
        ],
    )
