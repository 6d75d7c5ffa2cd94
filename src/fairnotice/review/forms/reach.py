"""How the affected party is told."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.decide import Reach
from fairnotice.review.forms.fields import Choice, Words

CHANNELS = [
    ("email", _("By e-mail, sealed until it is sent")),
    ("letter", _("By a printed letter with a fresh code")),
    ("unreachable", _("Nobody can be reached")),
]


class ReachForm(forms.Form):
    """The three fields of `cases.actions.decide.Reach`."""

    channel = Choice(label=_("How the affected party is told"), choices=CHANNELS, widget=forms.RadioSelect)
    email = Words(
        label=_("E-mail address of the affected party"),
        required=False,
        help_text=_("Only with “by e-mail”. Nobody can read it here afterwards."),
    )
    reason = Words(
        label=_("Why nobody can be reached"),
        required=False,
        limit=500,
        rows=2,
        help_text=_("Only with “nobody can be reached”. The measure takes effect all the same."),
    )

    def reach(self) -> Reach:
        """What was chosen; of a form that was read."""
        data = self.cleaned_data
        return Reach(data.get("channel") or "", data.get("email") or "", data.get("reason") or "")
