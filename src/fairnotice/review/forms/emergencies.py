"""What was done about a life in danger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.emergency import MAX_WHY
from fairnotice.law.emergencies import AUTHORITIES
from fairnotice.review.forms.fields import Choice, Words
from fairnotice.review.forms.plain import PlainForm


class AssessForm(PlainForm):
    """Passed on to whom and when, or not and why. What was told to them is not asked for."""

    passed_on = Choice(
        label=_("Was an authority told?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    authority = Choice(label=_("What kind of authority"), required=False)
    passed_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=_("In UTC, such as 2026-05-31T14:30."),
        error_messages={"invalid": _("This is no moment. Write it as 2026-05-31T14:30.")},
    )
    why = Words(
        label=_("In words"),
        required=False,
        limit=MAX_WHY,
        rows=3,
        help_text=_("Needed where no authority was told: why not."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(slug, gettext(words)) for slug, words in AUTHORITIES.items()]
        self.fields["authority"].choices = [("", gettext("Choose")), *kinds]  # type: ignore[attr-defined]
