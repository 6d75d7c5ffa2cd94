"""The filters of the queue."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fairnotice.law.taxonomy import CATEGORIES
from fairnotice.review import words
from fairnotice.review.forms.fields import Choice, Tick
from fairnotice.review.forms.plain import PlainForm

STATES = [
    ("", _("Everything that waits for a decision")),
    ("open", _("Open: nobody has taken it")),
    ("claimed", _("Taken on")),
    ("decided", _("Decided")),
    ("appealed", _("Appealed")),
    ("reviewed", _("Reviewed after an appeal")),
    ("closed", _("Closed")),
]


class QueueForm(PlainForm):
    """What is not on the lists is treated as not chosen."""

    state = Choice(label=_("Which cases"), choices=STATES)
    category = Choice(label=_("Category"))
    mine = Tick(label=_("Only those that I hold"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(code, words.label("category", code)) for code in CATEGORIES]
        self.fields["category"].choices = [("", _("Every category")), *rows]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The filters as `queries.desk.queue` takes them."""
        self.is_valid()
        state, category = self.cleaned_data.get("state"), self.cleaned_data.get("category")
        return {
            "state": state if state in dict(STATES) else "",
            "category": category if category in CATEGORIES else "",
            "mine": bool(self.cleaned_data.get("mine")),
        }
