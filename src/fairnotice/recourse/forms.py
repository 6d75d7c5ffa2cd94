"""The two forms: a code, and the reasons of an appeal."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.appeal import MAX_REASONS
from fairnotice.vault import codes

# Nobody types these, some programs paste them; no database column takes them.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Words(forms.CharField):
    """A text as it was typed. Browsers send line ends as two characters but count them as one."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return _UNSTORABLE.sub("", text.replace("\r\n", "\n"))


class CodeForm(forms.Form):
    """Any way of typing a code is taken: case, spaces, dashes and look-alikes do not matter."""

    code = Words(
        label=_("Your code"),
        help_text=_("26 letters and digits. Capital or small letters, spaces and dashes do not matter."),
        error_messages={"required": _("Please type the code from your receipt or letter.")},
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Say what is wrong with the form of a code; whether there is such a code is not asked here."""
        code = str(self.cleaned_data["code"])
        if not codes.looks_right(code):
            raise forms.ValidationError(
                _(
                    "This does not have the form of a code: 26 letters A to Z and digits 2 to 7. "
                    "Perhaps one is missing, or there is one too many."
                ),
                code="form",
            )
        return code


class AppealForm(forms.Form):
    """Why the decision is wrong, in one's own words. Nothing else is asked."""

    reasons = Words(
        label=_("Why is the decision wrong?"),
        help_text=_("Say it in your own words and language. You need no lawyer and need not give your name."),
        max_length=MAX_REASONS,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "required": _("Please say why you think that the decision is wrong."),
            "max_length": _("This is %(show_value)d characters long; at most %(limit_value)d fit here."),
        },
    )
