"""The form above statistics. It only shows; `cases.figures.asked` reads, because an address may hold
anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.cases.figures import words
from fairnotice.cases.figures.asked import Asked
from fairnotice.cases.queries.statistics import CODES, UNKNOWN


class StatisticsForm(forms.Form):
    """Filled with what was understood."""

    # A filter is never asked for, so the mark "(optional)" beside every one would only be noise.
    use_required_attribute = False

    year = forms.ChoiceField(label=gettext_lazy("Year"))

    def __init__(
        self,
        asked: Asked,
        *,
        years: Iterable[int],
        dims: Collection[str],
        any_year: str,
        languages: Collection[str] | None = None,
    ) -> None:
        """`languages`: those that are offered; None for all."""
        super().__init__(initial=asked.parameters, auto_id="figures-%s")
        offered = [("", any_year), *((str(year), str(year)) for year in years)]
        label = self.fields["year"].label
        self.fields["year"] = forms.ChoiceField(label=label, choices=offered)
        for dim in dims:
            codes = CODES[dim] if dim != "language" or languages is None else sorted(languages)
            named = sorted((words.label(dim, code), code) for code in codes if code != UNKNOWN)
            if UNKNOWN in codes:
                named.append((words.label(dim, UNKNOWN), UNKNOWN))
            self.fields[dim] = forms.ChoiceField(
                label=words.dimension(dim), choices=[("", _("All")), *((code, name) for name, code in named)]
            )
