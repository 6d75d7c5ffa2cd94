"""The form of the page of one file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.files import MAX_PURPOSE
from fairnotice.review.forms.fields import Words
from fairnotice.review.forms.plain import PlainForm


class PurposeForm(PlainForm):
    """What somebody needs a file for as it came in."""

    purpose = Words(
        label=_("What you need the file itself for"),
        limit=MAX_PURPOSE,
        rows=2,
        help_text=_("For example “to compare it with the original of a picture”. It is recorded."),
    )
