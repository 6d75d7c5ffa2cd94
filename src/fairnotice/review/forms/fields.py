"""Fields whose rules are kept elsewhere.

The law's own checks say what is missing, once and in its words; the form only reads. So these fields mark
what is needed and never complain about it themselves. NUL, and a day that is none, are still refused.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class _Read:
    """Leaves what is required, and which choices there are, to the rules behind the form."""

    def validate(self, value: Any) -> None:
        """Nothing is refused here."""


class Words(_Read, forms.CharField):
    """A text. `limit` feeds the counter only: a `maxlength` would silently cut off what somebody pastes."""

    def __init__(self, *, limit: int | None = None, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**kwargs)
        self.max_length = limit


class Choice(_Read, forms.ChoiceField):
    """One code of a list."""


class Choices(_Read, forms.MultipleChoiceField):
    """Several codes of a list."""


class Day(_Read, forms.DateField):
    """A day, or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("This is no day. Write it as 2026-05-31.")})
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class Tick(_Read, forms.BooleanField):
    """A box to tick; not ticked is an answer too."""
