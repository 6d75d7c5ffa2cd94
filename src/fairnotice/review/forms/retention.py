"""Why something is kept although somebody asked to have it erased."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.law.retention import REASONS_TO_KEEP
from fairnotice.review.forms.fields import Choice, Words
from fairnotice.review.forms.plain import PlainForm


class KeepForm(PlainForm):
    """One of the law's reasons, and words for the person."""

    reason = Choice(
        label=_("Why it has to be kept"),
        choices=[(slug, _(label)) for slug, label in REASONS_TO_KEEP.items()],
        widget=forms.RadioSelect,
    )
    words = Words(
        label=_("In your own words"),
        limit=5000,
        rows=4,
        help_text=_("The person reads this. Say what would have to be different."),
    )
