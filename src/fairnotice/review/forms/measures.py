"""The measures of a decision, one row each."""

from __future__ import annotations

from typing import Any, TypeAlias

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.law.draft import MeasureDraft
from fairnotice.law.measures import MEASURES, NO_ACTION
from fairnotice.review.forms.fields import Choice, Day, Words

MOST = 16
FAMILIES = {
    "visibility": gettext_lazy("Visibility of the item"),
    "monetary": gettext_lazy("Payments"),
    "provision": gettext_lazy("Provision of the service"),
    "account": gettext_lazy("Account"),
}


def grouped_kinds() -> list[tuple[str, Any]]:
    """Every measure, grouped by family; a severe one says that it needs a second person."""
    groups: list[tuple[str, Any]] = [("", _("Choose a measure"))]
    for family, title in FAMILIES.items():
        kinds = [kind for kind in MEASURES.values() if kind.family == family]
        groups.append(
            (
                str(title),
                [(k.code, _(k.label) + (_(" – needs a second person") if k.severe else "")) for k in kinds],
            )
        )
    return groups


class MeasureForm(forms.Form):
    """One measure. A row in which nothing was chosen or typed does not count."""

    kind = Choice(label=gettext_lazy("Measure"))
    other_text = Words(
        label=gettext_lazy("What it is exactly"),
        required=False,
        limit=500,
        help_text=gettext_lazy("Only needed for “other” measures."),
    )
    start = Day(label=gettext_lazy("From"), initial=timezone.localdate)
    end = Day(label=gettext_lazy("Last day"), required=False)
    review = Day(
        label=gettext_lazy("Looked at again on"),
        required=False,
        help_text=gettext_lazy("Give a last day, a day to look at it again, or both."),
    )
    reversible = Choice(
        label=gettext_lazy("Can it be undone?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, or not fully"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    how_to_reverse = Words(
        label=gettext_lazy("How it is undone, or what can be made good"), limit=500, rows=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs, "use_required_attribute": False})
        self.fields["kind"].choices = grouped_kinds()  # type: ignore[attr-defined]

    @property
    def empty(self) -> bool:
        """Whether nothing was chosen or typed here; the start is filled in beforehand and does not count."""
        data = getattr(self, "cleaned_data", {})
        return not self.errors and not any(
            data.get(name) for name in ("kind", "other_text", "end", "review", "how_to_reverse")
        )

    def draft(self) -> MeasureDraft:
        """The row as the law reads it."""
        data = self.cleaned_data
        return MeasureDraft(
            kind=data.get("kind") or "",
            other_text=data.get("other_text") or "",
            start=data.get("start"),
            end=data.get("end"),
            review=data.get("review"),
            reversible=data.get("reversible") != "no",
            how_to_reverse=data.get("how_to_reverse") or "",
        )


MeasureRows = forms.formset_factory(MeasureForm, extra=0, max_num=MOST, absolute_max=MOST)
PREFIX = "measures"
Rows: TypeAlias = "BaseFormSet[MeasureForm]"


def rows_of(data: QueryDict, *, add: bool = False, remove: str | None = None) -> Rows:
    """The rows that were sent, with an empty one more or without the one named. There is always one at least;
    a count that is no number, or too large, is read as what can be true."""
    count = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    total = int(count) if count.isascii() and count.isdigit() and len(count) < 5 else 1
    names = list(MeasureForm.base_fields)
    rows = [
        {name: data.get(f"{PREFIX}-{place}-{name}", "") for name in names}
        for place in range(min(total, MOST))
    ]
    if remove is not None and remove.isascii() and remove.isdigit():
        rows = [row for place, row in enumerate(rows) if str(place) != remove]
    if add or not rows:
        rows.append(
            dict.fromkeys(names, "") | {"start": timezone.localdate().isoformat(), "reversible": "yes"}
        )
    rows = rows[:MOST]
    sent = {f"{PREFIX}-{place}-{name}": text for place, row in enumerate(rows) for name, text in row.items()}
    return MeasureRows(
        {f"{PREFIX}-TOTAL_FORMS": str(len(rows)), f"{PREFIX}-INITIAL_FORMS": "0", **sent}, prefix=PREFIX
    )


def first_rows() -> Rows:
    """One empty row that starts today."""
    return MeasureRows(initial=[{}], prefix=PREFIX)


def no_action() -> MeasureDraft:
    """ "No action" as the law reads it: from today, nothing to undo."""
    return MeasureDraft(kind=NO_ACTION, start=timezone.localdate())
