"""The answer to an appeal: the outcome, its reasons, and what becomes of each measure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.cases.actions.appeal import MAX_REASONS, ChangeDraft
from fairnotice.cases.models import Measure
from fairnotice.law.measures import MEASURES, NO_ACTION
from fairnotice.review.forms.fields import Choice, Day, Words
from fairnotice.review.forms.measures import FAMILIES
from fairnotice.review.forms.plain import PlainForm


class OutcomeForm(PlainForm):
    """What the appeal comes to."""

    outcome = Choice(label=gettext_lazy("What is your answer?"), widget=forms.RadioSelect)
    reasons = Words(
        label=gettext_lazy("The reasons of your answer"),
        limit=MAX_REASONS,
        rows=8,
        help_text=gettext_lazy("Both sides read this. Never say who sent a notice."),
    )

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("upheld", _("The decision stands"))]
        if side == "affected":
            choices += [
                ("partly_reversed", _("It is partly reversed: say below what becomes of each measure")),
                ("reversed", _("It is reversed: every measure is undone")),
            ]
        else:
            choices.append(
                ("reversed", _("It is reversed: the case goes back, and somebody else decides it anew"))
            )
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class ChangeForm(PlainForm):
    """What becomes of one measure."""

    change = Choice(
        label=gettext_lazy("This measure"),
        widget=forms.RadioSelect,
        initial="keep",
        choices=[
            ("keep", gettext_lazy("stays as it is")),
            ("reverse", gettext_lazy("is undone")),
            ("shorten", gettext_lazy("ends earlier")),
            ("replace", gettext_lazy("is replaced by a milder one")),
        ],
    )
    new_end = Day(
        label=gettext_lazy("New last day"),
        required=False,
        help_text=gettext_lazy("If it ends earlier or is replaced."),
    )
    kind = Choice(
        label=gettext_lazy("The milder measure"),
        required=False,
        help_text=gettext_lazy("Only if it is replaced."),
    )
    how_to_reverse = Words(
        label=gettext_lazy("How the milder measure is undone"), required=False, limit=500, rows=2
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"change-{measure.ref}", **kwargs)
        self.measure = measure
        groups: list[tuple[str, Any]] = [("", _("Choose a measure"))]
        for family, title in FAMILIES.items():
            mild = [
                kind
                for kind in MEASURES.values()
                if kind.family == family
                and not (kind.severe or kind.needs_text)
                and kind.code not in (NO_ACTION, measure.kind)
            ]
            if mild:
                groups.append((str(title), [(kind.code, _(kind.label)) for kind in mild]))
        self.fields["kind"].choices = groups  # type: ignore[attr-defined]

    def draft(self) -> ChangeDraft:
        """The change as the action takes it; of a form that was read."""
        data = self.cleaned_data
        return ChangeDraft(
            measure_ref=self.measure.ref,
            change=data.get("change") or "",
            new_end=data.get("new_end"),
            kind=data.get("kind") or "",
            how_to_reverse=data.get("how_to_reverse") or "",
        )
