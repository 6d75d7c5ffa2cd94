"""The form of the page of one file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.files import MAX_PURPOSE


class PurposeForm(forms.Form):
    """What somebody needs a file for as it came in."""

    purpose = forms.CharField(
        label=_("What you need the file itself for"),
        help_text=_("For example “to compare it with the original of a picture”. It is recorded."),
        max_length=MAX_PURPOSE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
