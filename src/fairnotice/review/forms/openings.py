"""Why a case is opened, and which part of the access log is shown."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairnotice.law.openings import ASKED
from fairnotice.review.forms.plain import PlainForm

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


class PurposeForm(PlainForm):
    """One of the purposes that a person names. No free text: it would say something of somebody."""

    purpose = forms.ChoiceField(label=_("Why do you open it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(slug, gettext(words)) for slug, words in ASKED.items()]
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]


class OpeningsForm(PlainForm):
    """Which rows of the access log: of one case (or notice, message), and of one month."""

    ref = forms.CharField(label=_("Case, notice or message"), required=False, max_length=12)
    month = forms.CharField(
        label=_("Month"), required=False, max_length=7, help_text=_("As year and month, such as 2026-03.")
    )

    def clean_month(self) -> date | None:
        """The first day of the month."""
        text = str(self.cleaned_data["month"]).strip()
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        if found is None or int(found[1]) < 1:
            raise forms.ValidationError(gettext("Write year and month, such as 2026-03."))
        return date(int(found[1]), int(found[2]), 1)

    def clean_ref(self) -> str:
        """As references are written."""
        return str(self.cleaned_data["ref"]).strip().upper()
