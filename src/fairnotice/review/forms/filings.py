"""The words in which a statement leaves for the EU database."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.filing import MAX_EXPLANATION, MAX_FACTS, MAX_REASON
from fairnotice.review.forms.fields import Choice, Words
from fairnotice.review.forms.plain import PlainForm


class ReleaseForm(PlainForm):
    """The two texts, as they are or written anew, and why they may go so."""

    facts = Words(label=_("What was found"), limit=MAX_FACTS, rows=8)
    explanation = Words(label=_("Why it falls under the ground"), limit=MAX_EXPLANATION, rows=6)
    reason = Words(
        label=_("Why it may go so"),
        limit=MAX_REASON,
        rows=2,
        required=False,
        help_text=_("Needed where something still looks like personal data, or breaks a rule of ours."),
    )


class FilingsForm(PlainForm):
    """Which ones are listed."""

    state = Choice(
        label=_("Which ones"),
        required=False,
        choices=[
            ("", _("All")),
            ("held", _("Held back, waiting for you")),
            ("rejected", _("Refused by the database, waiting for you")),
            ("queued", _("Waiting to be sent")),
            ("sending", _("On its way")),
            ("accepted", _("In the database")),
            ("changed", _("In the database, and something changed since")),
            ("erased", _("Erased before it was sent")),
        ],
    )
