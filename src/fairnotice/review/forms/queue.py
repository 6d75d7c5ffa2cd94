"""The filters of the queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.law.taxonomy import CATEGORIES
from fairnotice.review import words

STATES = [
    ("", _("Everything that waits for a decision")),
    ("open", _("Open: nobody has taken it")),
    ("claimed", _("Taken on")),
    ("decided", _("Decided")),
    ("appealed", _("Appealed")),
    ("reviewed", _("Reviewed after an appeal")),
    ("closed", _("Closed")),
]


class QueueForm(forms.Form):
    """All optional; what is not on the lists is treated as not chosen."""

    state = forms.ChoiceField(label=_("Which cases"), choices=STATES, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    mine = forms.BooleanField(label=_("Only those that I hold"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(code, words.label("category", code)) for code in CATEGORIES]
        self.fields["category"].choices = [("", _("Every category")), *rows]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.label_suffix = ""

    def wanted(self) -> dict[str, Any]:
        """The filters as `queries.desk.queue` takes them."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or default for name, default in _NONE.items()}


_NONE: dict[str, Any] = {"state": "", "category": "", "mine": False}
